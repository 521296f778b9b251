import RennbahnReactor
import Testing

/// The addresses of a host are tried in turn.
struct AddressProbeTests {
    /// A listener at an address of the loopback interface, and one more where nobody listens.
    private func listening(_ host: String) throws -> (Descriptor, SocketAddress) {
        let listener = try Sockets.listen(try SocketAddress(parsing: "\(host):0"))
        return (listener, try Sockets.boundAddress(of: listener))
    }

    private func silent(_ host: String) throws -> SocketAddress {
        let (listener, address) = try listening(host)
        Sockets.close(listener)
        return address
    }

    @Test func `The first address where somebody listens is taken, whatever its version and place`() throws {
        for (deaf, open) in [("127.0.0.1", "[::1]"), ("[::1]", "127.0.0.1"), ("127.0.0.1", "127.0.0.2")] {
            let (listener, address) = try listening(open)
            defer { Sockets.close(listener) }
            let found = try AddressProbe.firstAnswering(
                of: [try silent(deaf), .unix("/nowhere/at/all"), address, try silent(deaf)], patience: 5_000_000_000)
            #expect(found == address)
        }
    }

    @Test func `Where nobody answers, each address is named with its reason`() throws {
        let deaf = [try silent("[::1]"), try silent("127.0.0.1"), .unix("/nowhere/at/all")]
        #expect(throws: AddressProbe.Failure.self) {
            do throws(AddressProbe.Failure) {
                _ = try AddressProbe.firstAnswering(of: deaf, patience: 5_000_000_000)
            } catch {
                #expect(
                    error.description
                        == "\(deaf[0]): Connection refused, \(deaf[1]): Connection refused, "
                        + "\(deaf[2]): No such file or directory")
                throw error
            }
        }
    }

    @Test func `Attempts go through the addresses once`() {
        var attempts = AddressAttempts([.loopback(port: 1), .loopback(port: 2)])
        #expect(attempts.current == .loopback(port: 1) && attempts.report.isEmpty)
        attempts.failed(errno: 111)
        #expect(attempts.current == .loopback(port: 2))
        attempts.failed(errno: 111)
        attempts.failed(errno: 111)
        #expect(attempts.current == nil)
        #expect(attempts.report == "127.0.0.1:1: Connection refused, 127.0.0.1:2: Connection refused")
    }

    @Test func `A name has each of its addresses once, and a version has its own`() throws {
        let all = try SocketAddress.resolve(host: "localhost", port: 80)
        #expect(!all.isEmpty && Set(all).count == all.count)
        #expect(try SocketAddress.resolve(host: "::1", port: 80, isIPv4: false).map(\.description) == ["[::1]:80"])
        #expect(throws: SocketAddress.Malformed.unresolved("::1", reason: "it has no address of IP version 4")) {
            try SocketAddress.resolve(host: "::1", port: 80, isIPv4: true)
        }
    }
}
