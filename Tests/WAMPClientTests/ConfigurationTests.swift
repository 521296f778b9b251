import RennbahnTransport
import RennbahnWAMP
import RennbahnWebSocket
import Testing

@testable import WAMPClient

struct ConfigurationTests {
    @Test(arguments: ["ws://localhost", "WS://127.0.0.1:1/ws", "wss://[::1]:8443/a?b"])
    func `URLs of WebSocket are taken`(url: String) throws {
        #expect(try TransportURL(webSocket: url) == TransportURL(parsing: url))
    }

    @Test(arguments: [
        ("", "not the URL of a transport"), ("http://host", "not the URL of a transport"),
        ("ws:///path", "the host is missing"), ("ws://user@host", "a user name (@) is not supported"),
        ("ws://host/\r\nX-Header: 1", "printable ASCII only"), ("rs://host:1", "neither ws://… nor wss://…"),
        ("rss://host:1", "neither ws://… nor wss://…"), ("ws+unix:/socket", "neither ws://… nor wss://…"),
    ])
    func `What is no URL of a WebSocket is the caller's mistake, and is told`(url: String, why: String) throws {
        let error = try #require(throws: WAMPError.self) { try TransportURL(webSocket: url) }
        #expect(error.code == .usage && error.message.contains(why) && error.message.contains(url))
    }

    @Test func `The Host header has no port where it is the scheme's own`() throws {
        func host(_ url: String) throws -> String {
            try SessionSetup(WAMPClientConfiguration(url: url, realm: "realm1")).profile.host
        }
        #expect(try host("ws://h:80") == "h" && host("ws://h:81/ws") == "h:81" && host("ws://[::1]:80") == "[::1]")
        #expect(try host("wss://h:443") == "h" && host("wss://h:80") == "h:80")
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
        #expect("\(error)" == "ERROR a.b [1]")
        #expect("\(WAMPError(.usage, message: "why"))" == "wrong use: why")
    }
}
