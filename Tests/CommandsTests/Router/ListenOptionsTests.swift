import ArgumentParser
import RennbahnReactor
import RennbahnTLS
import RennbahnTransport
import Testing

@testable import RennbahnCommands

/// What the options of `rennbahn router` make.
struct ListenOptionsTests {
    private func endpoints(_ line: String) throws -> [ListeningEndpoint] {
        try ListenOptions.parse(words(of: line)).endpoints()
    }

    @Test func `Without options it is port 8080 of this machine alone`() throws {
        let endpoints = try endpoints("")
        #expect(endpoints == [ListeningEndpoint(try SocketAddress(parsing: "127.0.0.1:8080"))])
        #expect(endpoints[0].backlog == 4096)
        #expect(endpoints[0].tls == nil)
    }

    @Test func `Every place gets what there is for its kind`() throws {
        let endpoints = try endpoints(
            """
            --listen 127.0.0.1:80-90 --listen unix:socket --backlog 9 --shared-port --user-timeout 500 \
            --socket-permissions 660 --tls-certificate c.pem --tls-key k.pem --tls-versions 1.3 --no-tls-resumption
            """)
        #expect(endpoints.map(\.backlog) == [9, 9])
        guard case .tcp(let tcp) = endpoints[0].place, case .unix(let unix) = endpoints[1].place else {
            Issue.record("\(endpoints)")
            return
        }
        #expect(tcp.ports == 80...90 && tcp.isShared && tcp.userTimeout == 500)
        #expect(unix.path == "socket" && unix.permissions == 0o660)
        let tls = try #require(endpoints[0].tls)
        #expect(tls.certificate == "c.pem" && tls.key == "k.pem" && !tls.resumption)
        #expect(endpoints[1].tls == nil)
    }
}
