import Foundation
import RennbahnTestKit
import Testing

@testable import RennbahnFuzzTargets

/// The inputs in `Tests/corpora`, which are those that a fuzzer begins with and those that it once found something with.
struct CorpusTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../corpora")

    private static func inputs(of target: String) throws -> [(name: String, octets: [UInt8])] {
        let start = folder.appending(path: target)
        return try FileManager.default.subpathsOfDirectory(atPath: start.path).sorted().compactMap { path in
            let file = start.appending(path: path)
            guard try file.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true else { return nil }
            return (path, [UInt8](try Data(contentsOf: file)))
        }
    }

    @Test(arguments: FuzzTarget.all.map(\.name)) func `What must hold of every input holds of all that are known`(
        name: String
    ) throws {
        let target = try #require(FuzzTarget.named(name))
        let inputs = try CorpusTests.inputs(of: name)
        #expect(inputs.count >= 4)
        for input in inputs {
            #expect(input.octets.count <= target.longest, "\(name)/\(input.name)")
            #expect(throws: Never.self, "\(name)/\(input.name)") { try target.run(input.octets) }
        }
    }

    @Test(arguments: FuzzTarget.all.map(\.name)) func `Of the known inputs each reader takes some, and all refuse some`(
        name: String
    ) throws {
        let target = try #require(FuzzTarget.named(name))
        let taken = try CorpusTests.inputs(of: name).map { Set(try target.run($0.octets)) }
        #expect(Set(taken.joined()) == Set(target.kinds))
        #expect(taken.contains { $0.isEmpty })
    }

    @Test(arguments: FuzzTarget.all.map(\.name)) func `It holds where the known inputs are changed a little, too`(
        name: String
    ) throws {
        let target = try #require(FuzzTarget.named(name))
        var random = SeededGenerator(seed: 14)
        for input in try CorpusTests.inputs(of: name) where input.octets.count <= 1500 {
            for round in 0..<6 {
                var octets = input.octets
                for _ in 0...random.below(2) where !octets.isEmpty {
                    let place = random.below(octets.count)
                    switch random.below(4) {
                    case 0: octets[place] ^= 1 << UInt8(random.below(8))
                    case 1: octets.remove(at: place)
                    case 2: octets.insert(octets[random.below(octets.count)], at: place)
                    default: octets.removeLast(random.below(octets.count))
                    }
                }
                #expect(throws: Never.self, "\(name)/\(input.name), change \(round): \(octets)") {
                    try target.run(octets)
                }
            }
        }
    }

    @Test func `Every folder of inputs is a target's, and together they are small`() throws {
        let folders = try FileManager.default.contentsOfDirectory(atPath: CorpusTests.folder.path)
        #expect(Set(folders) == Set(FuzzTarget.all.map(\.name)))
        let octets = try folders.flatMap { try CorpusTests.inputs(of: $0).map(\.octets.count) }.reduce(0, +)
        #expect(octets < 200_000)
    }

    @Test func `A property that does not hold is told`() {
        let target = FuzzTarget("one", longest: 1) { input in
            try hold(input.isEmpty, "\(input) is empty")
            return ["one"]
        }
        #expect(throws: Never.self) { try target.run([]) }
        #expect { try target.run([7]) } throws: { "\($0)" == "not so: [7] is empty" }
    }

    @Test func `A stream is cut at one place, in equal pieces, and octet by octet`() {
        #expect(cuts(of: 5, step: 2) == [[2, 4], [2], [0, 1, 2, 3, 4]])
        #expect(cuts(of: 2, step: 2) == [[], [0, 1]])
        #expect(cuts(of: 301, step: 300) == [[300], [300]])
        #expect(cuts(of: 1000, step: 1).map(\.count) == [199, 1])
    }

    @Test func `An input is taken apart from its front`() {
        var input = InputReader([2, 7, 1, 9, 0, 255, 4, 5])
        #expect(input.choice(of: ["a", "b"]) == "a")
        #expect(input.octet() == 7)
        #expect(input.pieces(most: 9) == [[9], [], [4, 5]])
        #expect(input.octet() == 0 && input.rest.isEmpty)
        var short = InputReader([3, 1])
        #expect(short.pieces(most: 9) == [[1]])
        var long = InputReader([1, 1, 1, 2])
        #expect(long.pieces(most: 1) == [[1]] && Array(long.rest) == [1, 2])
    }
}
