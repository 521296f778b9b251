import RennbahnReactor
import RennbahnTestKit
import Testing

@testable import RennbahnTransport

@Suite("Addresses and networks")
struct IPAddressTests {
    private func address(_ text: String) throws -> IPAddress {
        try #require(SocketAddress(numeric: text).flatMap { IPAddress($0) }, "\(text)")
    }

    @Test(
        "an address is a number, and never a name",
        arguments: [
            "localhost", "", "1.2.3", "1.2.3.4.5", "256.1.1.1", "1.2.3.4 ", " 1.2.3.4", "[::1]", "1.2.3.4:80", ":::",
            "::1%lo",
            "1.2.3.4/8", "1.2.3.4\0",
        ])
    func numeric(text: String) {
        #expect(SocketAddress(numeric: text) == nil)
    }

    @Test("of IPv4 an address is the same over either kind of socket, and of IPv6 the network of 64 bits is counted")
    func counted() throws {
        #expect(try address("::ffff:10.1.2.3") == address("10.1.2.3"))
        #expect(try address("10.1.2.3").counted == address("10.1.2.3"))
        #expect(try address("10.1.2.3").counted != address("10.1.2.4").counted)
        #expect(try address("2001:db8:1:2:3:4:5:6").counted == address("2001:db8:1:2::").counted)
        #expect(try address("2001:db8:1:2::1").counted != address("2001:db8:1:3::1").counted)
        #expect(IPAddress(.unix("/run/a")) == nil)
        #expect(try address("10.1.2.3").description == "10.1.2.3")
        #expect(try address("2001:db8::1").counted.description == "2001:db8::")
    }

    @Test("a network has the addresses that begin with its bits")
    func networks() throws {
        let samples: [(range: String, inside: [String], outside: [String])] = [
            ("10.0.0.0/8", ["10.0.0.0", "10.255.255.255", "::ffff:10.1.1.1"], ["11.0.0.0", "9.255.255.255", "a00::"]),
            ("10.1.2.3", ["10.1.2.3"], ["10.1.2.2", "::1"]), ("10.1.2.3/32", ["10.1.2.3"], ["10.1.2.2"]),
            ("192.0.2.77/25", ["192.0.2.0", "192.0.2.127"], ["192.0.2.128"]),
            ("0.0.0.0/0", ["1.2.3.4", "255.255.255.255"], ["::1", "2001:db8::"]),
            ("::/0", ["1.2.3.4", "::1", "ffff::"], []), ("::1", ["::1"], ["::2", "::", "127.0.0.1"]),
            ("2001:db8::/32", ["2001:db8:ffff::1"], ["2001:db9::"]),
            ("2001:db8::/65", ["2001:db8::7fff:0:0:0"], ["2001:db8::8000:0:0:0"]),
            ("2001:db8::/64", ["2001:db8::ffff:0:0:1"], ["2001:db8:0:1::"]),
        ]
        for (text, inside, outside) in samples {
            let range = try #require(AddressRange(parsing: text), "\(text)")
            for member in inside { #expect(try range.contains(address(member)), "\(text) \(member)") }
            for other in outside { #expect(try !range.contains(address(other)), "\(text) \(other)") }
        }
    }

    @Test("bit by bit a network is what it says")
    func bits() throws {
        var random = SeededGenerator(seed: 3)
        for bits in 0...128 {
            let base = IPAddress(high: random.next() | 1 << 63, low: random.next())
            let range = try #require(AddressRange(parsing: "\(base)/\(bits)"), "\(base)/\(bits)")
            #expect(range.contains(base))
            for place in 0..<128 {
                var other = base
                if place < 64 { other.high ^= 1 << UInt64(63 - place) } else { other.low ^= 1 << UInt64(127 - place) }
                #expect(range.contains(other) == (place >= bits), "\(base)/\(bits), bit \(place)")
            }
        }
    }

    @Test(
        "what is no network is none",
        arguments: [
            "", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/8/8", "::/129",
            "example.com/8", "10.0.0.0/ 8",
        ])
    func malformed(text: String) {
        #expect(AddressRange(parsing: text) == nil)
    }
}
