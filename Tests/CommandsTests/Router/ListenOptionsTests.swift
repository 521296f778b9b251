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
        var usual = ListeningEndpoint.TCP(ports: 8080...8080)
        usual.interface = "127.0.0.1"
        usual.keepAlive = 60
        #expect(endpoints == [ListeningEndpoint(.tcp(usual))])
        #expect(endpoints[0].backlog == 4096)
        #expect(endpoints[0].tls == nil)
    }

    @Test func `Every place gets what there is for its kind`() throws {
        let endpoints = try endpoints(
            """
            --listen 127.0.0.1:80-90 --listen unix:socket --backlog 9 --shared-port --user-timeout 500 \
            --keep-alive 1.5 --socket-permissions 660 \
            --tls-certificate c.pem --tls-key k.pem --tls-versions 1.3 --no-tls-resumption
            """)
        #expect(endpoints.map(\.backlog) == [9, 9])
        guard case .tcp(let tcp) = endpoints[0].place, case .unix(let unix) = endpoints[1].place else {
            Issue.record("\(endpoints)")
            return
        }
        #expect(tcp.ports == 80...90 && tcp.isShared && tcp.userTimeout == 500 && tcp.keepAlive == 2)
        #expect(unix.path == "socket" && unix.permissions == 0o660)
        let tls = try #require(endpoints[0].tls)
        #expect(tls.certificate == "c.pem" && tls.key == "k.pem" && !tls.resumption)
        #expect(endpoints[1].tls == nil)
    }

    @Test func `The kernel asks for no sign of life where that is switched off`() throws {
        guard case .tcp(let tcp) = try endpoints("--keep-alive 0")[0].place else {
            Issue.record("no TCP")
            return
        }
        #expect(tcp.keepAlive == nil)
        for time in ["0.5", "32768", "10h"] {
            #expect(throws: Failure.self) { try endpoints("--keep-alive \(time)") }
        }
    }
}
