import RennbahnReactor
import RennbahnWebSocket
import Testing

@testable import RennbahnTransport

@Suite("Whom a front end speaks for")
struct ForwardedAddressTests {
    private func forwarded(
        _ fields: [String], proxies: [String] = ["10.0.0.0/8", "2001:db8::/32"]
    ) throws
        -> ForwardedAddress
    {
        let head = "GET / HTTP/1.1\r\n" + fields.map { "\($0)\r\n" }.joined() + "\r\n"
        let octets = Array(head.utf8)
        let trusted = try proxies.map { try #require(AddressRange(parsing: $0)) }
        return ForwardedAddress(try HTTPHead(octets.span), trusting: trusted)
    }

    private func client(_ text: String) throws -> ForwardedAddress {
        .client(try #require(SocketAddress(numeric: text).flatMap { IPAddress($0) }))
    }

    @Test(
        "it is the last that is no front end's, over all fields, whatever stands left of it",
        arguments: [
            (["X-Forwarded-For: 192.0.2.1"], "192.0.2.1"),
            (["x-forwarded-for: 1.1.1.1, 192.0.2.1"], "192.0.2.1"),
            (["X-Forwarded-For: 192.0.2.1, 10.1.1.1,10.2.2.2"], "192.0.2.1"),
            (["X-Forwarded-For: nonsense, 192.0.2.1, 10.1.1.1"], "192.0.2.1"),
            (
                ["X-Forwarded-For: 1.1.1.1", "Host: a", "X-Forwarded-For: 192.0.2.1", "X-Forwarded-For: 10.0.0.1"],
                "192.0.2.1"
            ),
            (["X-Forwarded-For: 2001:db9::7, 2001:db8::1"], "2001:db9::7"),
            (["X-Forwarded-For: [2001:db9::7]:4711"], "2001:db9::7"),
            (["X-Forwarded-For: [2001:db9::7]"], "2001:db9::7"),
            (["X-Forwarded-For: 192.0.2.1:4711"], "192.0.2.1"),
            (["X-Forwarded-For: ::ffff:192.0.2.1, ::ffff:10.0.0.1"], "192.0.2.1"),
        ])
    func found(fields: [String], address: String) throws {
        #expect(try forwarded(fields) == client(address))
    }

    @Test("without the field, or with front ends alone, it is nobody")
    func none() throws {
        #expect(try forwarded(["Host: a"]) == .absent)
        #expect(try forwarded(["X-Forwarded-For: 10.0.0.1, 10.0.0.2"]) == .absent)
        #expect(try forwarded(["X-Forwarded-For: 10.0.0.1"], proxies: []) == client("10.0.0.1"))
    }

    @Test(
        "what is no address is told apart",
        arguments: [
            "", "unknown", "_hidden", "192.0.2.1,", "192.0.2.1, ,10.0.0.1", "1.2.3", "192.0.2.1:", "192.0.2.1:http",
            "[::1",
            "[::1]x", "[192.0.2.1]", "192.0.2.1; 10.0.0.1", "localhost",
        ])
    func malformed(value: String) throws {
        #expect(try forwarded(["X-Forwarded-For: \(value)"]) == .malformed)
    }
}
