import RennbahnReactor
import Testing

@Suite struct SocketAddressTests {
    @Test(arguments: ["127.0.0.1:8080", "0.0.0.0:0", "255.1.2.3:65535", "[::1]:8080", "[2001:db8::ff00:42:8329]:1"])
    func anAddressSurvivesTheWayThroughText(text: String) throws {
        #expect(try SocketAddress(parsing: text).description == text)
    }

    @Test func theOctetsAreInOrder() throws {
        #expect(try SocketAddress(parsing: "1.2.3.4:5") == .v4(0x0102_0304, port: 5))
        #expect(
            try SocketAddress(parsing: "[102:304:506:708:90a:b0c:d0e:f10]:5")
                == .v6(high: 0x0102_0304_0506_0708, low: 0x090a_0b0c_0d0e_0f10, scope: 0, port: 5))
    }

    @Test func aNameIsResolved() throws {
        let address = try SocketAddress(parsing: "localhost:80")
        #expect(address.isLoopback)
        #expect(address.port == 80)
    }

    @Test(arguments: ["", "127.0.0.1", ":80", "::1:80", "[::1]", "[::1]80", "[::1:80", "[]:80"])
    func aTextOfAnotherShapeIsRefused(text: String) {
        #expect(throws: SocketAddress.Malformed.syntax(text)) { try SocketAddress(parsing: text) }
    }

    @Test(arguments: ["", "65536", "-1", "+1", "80x", "99999999999999999999"])
    func aPortOutOfRangeIsRefused(port: String) {
        #expect(throws: SocketAddress.Malformed.port(port)) { try SocketAddress(parsing: "127.0.0.1:" + port) }
    }

    @Test func loopbackIsRecognized() throws {
        for text in ["127.0.0.1:1", "127.255.0.9:1", "[::1]:1", "[::ffff:127.0.0.1]:1"] {
            #expect(try SocketAddress(parsing: text).isLoopback, "\(text)")
        }
        for text in ["128.0.0.1:1", "0.0.0.0:1", "[::]:1", "[::2]:1", "[::ffff:126.0.0.1]:1"] {
            #expect(try SocketAddress(parsing: text).isLoopback == false, "\(text)")
        }
    }
}
