import RennbahnWAMP
import Testing

@testable import WAMPClient

struct ConfigurationTests {
    @Test(arguments: [
        ("ws://localhost", "localhost", 80, "/", "localhost"),
        ("ws://localhost:8080", "localhost", 8080, "/", "localhost:8080"),
        ("WS://127.0.0.1:1/ws", "127.0.0.1", 1, "/ws", "127.0.0.1:1"),
        ("ws://[::1]:8080/a/b?c=d", "::1", 8080, "/a/b?c=d", "[::1]:8080"),
        ("ws://[::1]", "::1", 80, "/", "[::1]"),
        ("ws://host?q", "host", 80, "/?q", "host"),
        ("wss://host", "host", 443, "/", "host"),
        ("WSS://host:8443/ws", "host", 8443, "/ws", "host:8443"),
    ])
    func `URLs are taken apart`(url: String, host: String, port: Int, path: String, authority: String) throws {
        let endpoint = try Endpoint(url)
        #expect(endpoint.host == host)
        #expect(Int(endpoint.port) == port)
        #expect(endpoint.path == path)
        #expect(endpoint.authority == authority)
    }

    @Test(arguments: [
        "", "ws://", "wss://", "ws:///path", "http://host", "wss://host:0", "ws://host:0", "ws://host:65536",
        "ws://host:80x",
        "ws://host:", "ws://user@host", "ws://host/#f", "ws://host/a b", "ws://host/\r\nX-Header: 1", "ws://hö.de",
        "ws://[::1]x", "ws://::1:80",
    ])
    func `What is no URL of a WebSocket is the caller's mistake`(url: String) {
        let error = #expect(throws: WAMPError.self) { try Endpoint(url) }
        #expect(error?.code == .usage)
    }

    @Test func `A configuration that cannot work is refused`() {
        let good = WAMPClientConfiguration(url: "ws://host", realm: "realm1")
        #expect(throws: Never.self) { try SessionSetup(good) }
        let changes: [(inout WAMPClientConfiguration) -> Void] = [
            { $0.serializers = [] }, { $0.openTimeout = .zero }, { $0.closeTimeout = .seconds(-1) },
            { $0.maxConcurrentInvocations = -1 }, { $0.realm = "" }, { $0.realm = "a b" },
        ]
        for change in changes {
            var bad = good
            change(&bad)
            #expect(throws: WAMPError.self) { try SessionSetup(bad) }
        }
    }

    @Test func `Time-outs are nanoseconds, at most a year of them`() throws {
        #expect(try nanoseconds(.milliseconds(1500), of: "t") == 1_500_000_000)
        #expect(try nanoseconds(.nanoseconds(1), of: "t") == 1)
        #expect(try nanoseconds(.seconds(Int64.max), of: "t") == 365 * 86_400 * 1_000_000_000)
    }

    @Test func `Values go to the codecs and back`() throws {
        let value: WAMPData = [
            nil, true, -3, 1.5, "text", ["list", []], ["key": ["inner": 1]], .binary([0, 255]), .unsigned(.max),
            .integer(.min),
        ]
        for serializer in Serializer.allCases {
            #expect(try WAMPData(value.value(for: serializer)) == value)
        }
        #expect(WAMPData(WAMPValue.unsigned(5)) == 5)
        #expect(WAMPData(UInt64(5)) == .integer(5))
        #expect(WAMPData(UInt64.max) == .unsigned(.max))
    }

    @Test func `Accessors give nil for a value of another type`() {
        let value: WAMPData = ["a": 1, "b": [1, "two", 2.5], "c": true]
        #expect(value["a"]?.intValue == 1)
        #expect(value["a"]?.doubleValue == 1)
        #expect(value["a"]?.stringValue == nil)
        #expect(value["b"]?[1]?.stringValue == "two")
        #expect(value["b"]?[3] == nil)
        #expect(value["b"]?[-1] == nil)
        #expect(value["c"]?.boolValue == true)
        #expect(value["d"] == nil)
        #expect(WAMPData.null.isNull)
        #expect(WAMPData.unsigned(.max).intValue == nil)
        let number = 7
        #expect(WAMPData(number) == 7)
        #expect("number \(number)" as WAMPData == .string("number 7"))
    }

    @Test func `Values describe themselves as literals`() {
        let value: WAMPData = [nil, true, -1, 0.5, "a\"b", [.binary([1, 2])], ["k": 1]]
        #expect("\(value)" == #"[nil, true, -1, 0.5, "a\"b", [<2 bytes>], ["k": 1]]"#)
    }

    @Test func `An error says all it knows in one line`() {
        let error = WAMPError.application("a.b", arguments: [1], keywords: [:])
        #expect("\(error)" == "application a.b [1]")
        #expect("\(WAMPError(.usage, message: "why"))" == "usage: why")
    }
}
