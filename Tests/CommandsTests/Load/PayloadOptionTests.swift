import ArgumentParser
import Foundation
import RennbahnLoadGenerator
import RennbahnWAMP
import RennbahnWorkload
import Testing

@testable import RennbahnCommands

/// What `--payload` takes.
struct PayloadOptionTests {
    /// A folder with these files, which is gone afterwards.
    private func withFolder(_ files: [String: String], _ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "rennbahn-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, text) in files { try Data(text.utf8).write(to: folder.appending(path: name)) }
        try body(folder.path)
    }

    private func configuration(_ line: String) throws -> LoadConfiguration {
        try LoadOptions.parse(["--url", "ws://127.0.0.1:9/"] + words(of: line)).configuration()
    }

    private func documents(_ line: String) throws -> DocumentSet {
        try #require(try configuration(line).workload.payload.documents)
    }

    private func problem(_ line: String) -> String? {
        let failure = #expect(throws: Failure.self) { _ = try configuration(line) }
        return failure?.line
    }

    @Test func `A number is a size, and the filler fills it`() throws {
        #expect(try configuration("").workload.payload == .filler(bytes: 32, .text))
        #expect(try configuration("--payload 100 --filler random").workload.payload == .filler(bytes: 100, .random))
        #expect(try configuration("--payload 1.5KiB --depth 2").workload.payload == .filler(bytes: 1536))
        #expect(problem("--payload 31")?.hasPrefix("--payload: must be 32 to 16777216, is 31; ") == true)
        #expect(problem("--payload 17MiB")?.hasPrefix("--payload: must be 32 to 16777216, is 17825792; ") == true)
        #expect(
            problem("--payload 10XB")
                == "--payload: 10XB: expected a size such as 1024, 64KiB or 2MiB; a bare number is bytes")
        #expect(problem("--payload 1e30") == "--payload: 1e30: is out of range")
        #expect(problem("--payload 33.5") == "--payload: 33.5: is no whole number of bytes")
    }

    @Test func `A kind goes by its name, and is drawn from the seed`() throws {
        for kind in DocumentKind.allCases {
            #expect(try documents("--payload \(kind.name) --seed 7") == .shipped(kind, seed: 7))
        }
        #expect(
            problem("--payload order --filler text")
                == "--payload: --filler is for payloads of a size, not for documents")
    }

    @Test func `Files and folders are the documents that they hold, named without their folders`() throws {
        let files = [
            "b.json": #"[{"b":1},{"b":2}]"#, "a.jsonl": "1\n2", "c.txt": "no JSON", "d.json": #"{"d":0}"#,
        ]
        try withFolder(files) { (folder: String) throws in
            for line in ["--payload \(folder)", "--payload \(folder)/", "--payload \(folder)/."] {
                let set = try documents(line)
                #expect(set.variants == [1, 2, ["b": 1], ["b": 2], ["d": 0]])
                #expect(set.name == URL(filePath: folder).lastPathComponent && set.kind == nil)
            }
            #expect(try documents("--payload \(folder)/d.json").name == "d.json")
            let several = try documents("--payload \(folder)/d.json \(folder)/a.jsonl --depth 2")
            #expect(several.variants == [["d": 0], 1, 2] && several.name == "d.json and 1 more")
            #expect(problem("--payload \(folder)/c.txt") == "--payload: \(folder)/c.txt:1:1: not JSON")
        }
    }

    @Test func `What is nothing of it is told`() throws {
        let kinds = DocumentKind.allCases.map(\.name).joined(separator: ", ")
        #expect(
            problem("--payload nonsense")
                == "--payload: nonsense: is neither a size, nor a file or folder, nor one of \(kinds)")
        #expect(problem("--payload=-1")?.hasPrefix("--payload: -1: is neither a size") == true)
        #expect(problem("--payload ''")?.hasPrefix("--payload: '': is neither a size") == true)
        for line in ["--payload 32 order", "--payload 32 --payload order"] {
            #expect(
                problem(line)
                    == "--payload: 32: is no file or folder; a size or a kind of documents stands alone")
        }
        try withFolder(["a.txt": "1"]) { (folder: String) throws in
            #expect(problem("--payload \(folder)") == "--payload: \(folder): no file in it ends with .json or .jsonl")
        }
        try withFolder(["a.json": ""]) { (folder: String) throws in
            #expect(problem("--payload \(folder)") == "--payload: \(folder)/a.json: is empty")
        }
    }

    @Test func `What is wrong beside a payload is told with it`() throws {
        let failure = #expect(throws: Failure.self) {
            _ = try configuration("--payload nonsense --depth 0")
        }
        let told = failure?.line.split(separator: "\nrennbahn: ") ?? []
        #expect(told.count == 2 && told.last == "--depth: must be 1 to 65536, is 0")
    }

    @Test func `What cannot be read is told, not taken as empty`() throws {
        try withFolder(["a.json": "1"]) { (folder: String) throws in
            let inner = "\(folder)/b.json"
            try FileManager.default.createDirectory(atPath: inner, withIntermediateDirectories: false)
            #expect(problem("--payload \(folder)") == "--payload: \(inner): cannot be read: Is a directory")
        }
    }

    @Test func `More than 16 MiB are not read`() throws {
        let large = "\"" + String(repeating: "x", count: (16 << 20) - 100) + "\""
        try withFolder(["a.json": large, "b.json": "[\(String(repeating: " ", count: 200))]"]) {
            (folder: String) throws in
            #expect(try documents("--payload \(folder)/a.json").largestOctets(.json) == large.utf8.count)
            #expect(
                problem("--payload \(folder)")
                    == "--payload: \(folder)/b.json: more than 16 MiB of documents, with the files before it")
        }
        #expect(problem("--payload /dev/zero")?.hasPrefix("--payload: /dev/zero: more than 16 MiB") == true)
    }

    @Test func `A note tells that few documents flatter a compressor that keeps its context`() throws {
        let repeated =
            "documents repeat within the compressor's window: deflate looks better than it would for your traffic"
        func note(_ line: String) throws -> String? {
            let notes = try configuration("--publishers 1 --subscribers 1 \(line)").notes
            #expect(notes.count < 2)
            return notes.first
        }
        let line = String(repeating: "x", count: 1000)
        try withFolder([
            "few.jsonl": "\"\(line)\"\n\"y\"", "many.jsonl": (0..<66).map { "\"\($0)\(line)\"\n" }.joined(),
        ]) { (folder: String) throws in
            let few = "--payload \(folder)/few.jsonl"
            #expect(try note("\(few) --compression deflate") == repeated)
            #expect(try note("\(few) --compression deflate --serializer msgpack") == repeated)
            #expect(try note("\(few) --compression 'deflate;no_context_takeover'") == repeated)
            #expect(try note("\(few) --compression 'deflate;no_context_takeover;request_no_context_takeover'") == nil)
            #expect(try note(few) == nil)
            #expect(try note("--payload \(folder)/many.jsonl --compression deflate") == nil)
        }
        #expect(try note("--payload stamp --compression deflate") == nil)
        #expect(try note("--payload 32 --compression deflate") == nil)
    }
}
