import RennbahnConfiguration
import RennbahnRouterNode
import RennbahnWebSocket
import Testing

/// Parameters of permessage-deflate: in files and on command lines the same, since they are read from one table by one reader.
struct DeflateParameterTests {
    private static let parameters = Schema.section("deflate").keys

    /// The policy of a file's `deflate`.
    private func file(_ deflate: String) throws -> DeflatePolicy {
        let tree = try TreeReader.read(deflate)
        let key = try #require(Schema.section("compression")["deflate"])
        let problems = Checker.check(tree, key, path: "deflate")
        guard problems.isEmpty else { throw Problems(problems) }
        return DeflatePolicy(configured: tree)
    }

    private func line(_ parameters: String?) throws -> DeflatePolicy { try DeflatePolicy(parameters: parameters?[...]) }

    /// Values of a parameter, at the ends of its range and beyond.
    private func samples(_ row: Row) throws -> (good: [String], bad: [String], allowed: String) {
        switch row.shape {
        case .boolean: (["true", "false"], ["yess"], "true or false")
        case .integer(let range, let orZero):
            (
                ["\(range.lowerBound)", "\(range.upperBound)"] + (orZero ? ["0"] : []),
                ["\(range.lowerBound - 1)", "\(range.upperBound + 1)", "many"],
                "an integer from \(range.lowerBound) to \(range.upperBound)"
            )
        default: throw Problems([])
        }
    }

    @Test func `Each parameter is taken in both places, and means the same`() throws {
        #expect(DeflateParameterTests.parameters.count == 7)
        for row in DeflateParameterTests.parameters {
            var policies: [DeflatePolicy] = []
            for value in try samples(row).good {
                let policy = try file("{\(row.name): \(value)}")
                #expect(try line("\(row.name)=\(value)") == policy, "\(row.name)=\(value)")
                policies.append(policy)
            }
            #expect(policies.contains { $0 != DeflatePolicy() }, "\(row.name) changes nothing")
        }
    }

    @Test func `What is beyond a range is refused in both places, by the names of key and range`() throws {
        for row in DeflateParameterTests.parameters {
            let (_, bad, allowed) = try samples(row)
            for value in bad {
                let inFile = try #require(throws: Problems.self) { try file("{\(row.name): \(value)}") }
                let inLine = try #require(throws: Problems.self) { try line("\(row.name)=\(value)") }
                #expect(inFile.all.map(\.message) == inLine.all.map(\.message), "\(row.name)=\(value)")
                #expect(inLine.line.hasPrefix("\(row.name): found ") && inLine.line.hasSuffix(allowed))
                #expect(inFile.all.map(\.path) == ["deflate.\(row.name)"])
            }
        }
    }

    @Test func `A client's parameters are those of a server`() {
        let client = Schema.section("connectDeflate").keys
        #expect(client.map(\.name) == DeflateParameterTests.parameters.map(\.name))
        for (own, other) in zip(client, DeflateParameterTests.parameters) {
            #expect(own.shape.allowed == other.shape.allowed && own.isRequired == other.isRequired, "\(own.name)")
        }
    }

    @Test func `A line may have no parameter, several, one twice, and flags without a value`() throws {
        #expect(try line(nil) == DeflatePolicy())
        var policy = DeflatePolicy(
            noContextTakeover: true, maxWindowBits: 11, requestNoContextTakeover: false, requestMaxWindowBits: 9,
            memoryLevel: 4, level: 1)
        policy.threshold = 128
        let text =
            "no_context_takeover;max_window_bits=11;request_no_context_takeover=false;request_max_window_bits=+9;"
            + "memory_level=04;level=9;threshold=128;level=1"
        #expect(try line(text) == policy)
        #expect(try line("no_context_takeover=false").noContextTakeover == false)
        #expect(try line("request_no_context_takeover").requestNoContextTakeover)
        #expect(try line("request_max_window_bits=0").requestMaxWindowBits == nil)
    }

    @Test(arguments: [
        ("", "[\"\"]: unknown key"), ("level=1;", "[\"\"]: unknown key"),
        ("levl=1", "levl: unknown key; did you mean \"level\"?"),
        ("max_window_bits", "max_window_bits: found nothing; allowed: an integer from 9 to 15"),
        ("level=", "level: found \"\"; allowed: an integer from 0 to 9"),
        ("level=a=b", "level: found \"a=b\"; allowed: an integer from 0 to 9"),
        (
            "level=10;memory_level=0",
            "level: found 10; allowed: an integer from 0 to 9; memory_level: found 0; allowed: an integer from 1 to 9"
        ),
    ])
    func `What no line may say is told, all of it`(text: String, message: String) {
        let problems = #expect(throws: Problems.self) { try line(text) }
        #expect(problems?.line == message)
    }

    @Test func `The usage of a line names every parameter with its range`() {
        #expect(
            ParameterReader.usage(of: Schema.section("deflate"))
                == "request_no_context_takeover[=false], request_max_window_bits=0|9…15, no_context_takeover[=false], "
                + "max_window_bits=9…15, memory_level=1…9, level=0…9, threshold=0…67108864")
    }
}
