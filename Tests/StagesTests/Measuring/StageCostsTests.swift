import Foundation
import RennbahnTestKit
import RennbahnWAMP
import RennbahnWebSocket
import Testing

@testable import RennbahnStages

struct StageCostsTests {
    private static let input = StageInput(
        serializer: .json, deflate: nil, payloads: [utf8("[1]"), utf8("[2]")])

    /// A millisecond at each look: so each batch takes one, and is one message.
    private func costs(_ input: StageInput) throws -> StageCosts {
        var time: UInt64 = 0
        let costs = try StageCosts.measure(
            [input], budget: 40_000_000,
            now: {
                time += 1_000_000
                return time
            }, criticalValue: { _ in 2 })
        return try #require(costs.first)
    }

    @Test func `A path has its stages, each with the time that the clock says`() throws {
        let plain = try costs(Self.input).stages
        #expect(Set(plain.keys) == [.frame, .scan, .route, .build])
        var input = Self.input
        input.deflate = DeflatePolicy()
        let compressed = try costs(input).stages
        #expect(Set(compressed.keys) == Set(Stage.allCases))
        for cost in Array(plain.values) + Array(compressed.values) {
            #expect(cost.time.nanoseconds == 1_000_000)
            #expect(cost.instructions == nil)
        }
    }

    @Test func `Instructions are noted for the stages that there are`() throws {
        var costs = try costs(Self.input)
        costs.note(instructions: [.scan: 372.5, .deflate: 9])
        #expect(costs.stages[.scan]?.instructions == 372.5)
        #expect(costs.stages[.route]?.instructions == nil)
        #expect(costs.stages[.deflate] == nil)
        costs.note(instructions: nil)
        #expect(costs.stages[.scan]?.instructions == nil)
    }

    @Test func `Costs are written by the names of stages and read again`() throws {
        var costs = try costs(Self.input)
        costs.note(instructions: [.scan: 372.5])
        let data = try JSONEncoder().encode(costs)
        #expect(try JSONDecoder().decode(StageCosts.self, from: data) == costs)
        let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: [String: Any]])
        #expect(Set(try #require(object["stages"]).keys) == ["frame", "scan", "route", "build"])
        let scan = try #require(object["stages"]?["scan"] as? [String: Any])
        #expect(scan["instructions"] as? Double == 372.5)
        let time = try #require(scan["time"] as? [String: Double])
        #expect(time["nanoseconds"] == 1_000_000 && time["low"] == 1_000_000 && time["high"] == 1_000_000)
    }

    @Test func `Kinds of messages take turns in each stage, and each has its costs`() throws {
        var compressed = Self.input
        compressed.deflate = DeflatePolicy()
        let inputs = [compressed, Self.input, compressed]
        let order = try StagePaths.checked(inputs, .repeatable).parts
        #expect(order.map(\.kind) == [0, 1, 2, 0, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 2])
        #expect(order.map(\.stage.rawValue).prefix(5) == ["frame", "frame", "frame", "inflate", "inflate"])
        var time: UInt64 = 0
        let costs = try StageCosts.measure(
            inputs, budget: 1_000_000,
            now: {
                time += 1_000_000
                return time
            }, criticalValue: { _ in 2 })
        #expect(costs.map { Set($0.stages.keys).count } == [6, 4, 6])
        #expect(try StageCosts.measure([], budget: 1, now: { 0 }, criticalValue: { _ in 2 }) == [])
    }

    @Test func `Enough payloads to count with fill a window, or are 128 where none refers to another`() throws {
        func enough(_ deflate: DeflatePolicy?, _ size: Int, _ count: Int) throws -> Int {
            let payloads = [[UInt8]](repeating: [UInt8](repeating: 0x20, count: size), count: count)
            return try StageInput(serializer: .json, deflate: deflate, payloads: payloads).enoughPayloads()
        }
        let alone = DeflatePolicy(noContextTakeover: true, requestNoContextTakeover: true)
        #expect(try enough(DeflatePolicy(), 19, 5000) == 1024)
        #expect(try enough(DeflatePolicy(), 100_000, 3) == 1)
        #expect(try enough(DeflatePolicy(), 19, 10) == 10)
        for deflate in [nil, alone] {
            #expect(try enough(deflate, 19, 5000) == 128)
            #expect(try enough(deflate, 8192, 128) == 4)
        }
    }

    @Test func `What cannot be measured is an error`() {
        #expect(throws: StageFailure.noPayloads) {
            _ = try costs(StageInput(serializer: .json, deflate: nil, payloads: []))
        }
    }
}
