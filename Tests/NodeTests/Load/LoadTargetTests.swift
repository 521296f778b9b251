import RennbahnLoadGenerator
import RennbahnWebSocket
import Testing

struct LoadTargetTests {
    @Test(
        arguments: [
            ("ws://h:80/ws?x=1", "h", 80, "/ws?x=1", "h", false, false),
            ("wss://[::1]:9000", "::1", 9000, "/", "[::1]:9000", true, false),
            ("rs://h:9", "h", 9, "/", "h:9", false, true), ("rss://h", "h", 443, "/", "h", true, true),
        ] as [(String, String, UInt16, String, String, Bool, Bool)])
    func `A server has the parts of its URL`(
        url: String, host: String, port: UInt16, path: String, field: String, isSecure: Bool, speaksRawSocket: Bool
    ) throws {
        let target = try LoadTarget(parsing: url)
        #expect(
            target.host == host && target.location.place == .tcp(host: host, port: port) && target.path == path
                && target.hostField == field)
        #expect(target.url == url && target.isSecure == isSecure && target.speaksRawSocket == speaksRawSocket)
        #expect(target.socketPath == nil)
    }

    @Test func `A UNIX socket has a path that the system takes, and no host`() throws {
        let target = try LoadTarget(parsing: "ws+unix:/run/r.sock:/ws")
        #expect(target.socketPath == "/run/r.sock" && target.path == "/ws" && target.hostField == "localhost")
        #expect(target.host.isEmpty && !target.speaksRawSocket)
        #expect(try LoadTarget(parsing: "rs+unix:r.sock").speaksRawSocket)
        let long = "ws+unix:/" + String(repeating: "a", count: 107)
        let why = #expect(throws: LoadTarget.Malformed.self) { try LoadTarget(parsing: long) }
        #expect(why?.description.contains("is no path of a UNIX socket") == true)
    }

    @Test func `What is no URL is refused in the words of the URL's type`() {
        for (url, why) in [
            ("http://h", TransportURL.Malformed.scheme), ("ws://user@h", .user), ("rs://h/ws", .rawSocketPath),
        ] {
            #expect(throws: LoadTarget.Malformed(description: why.description)) { try LoadTarget(parsing: url) }
        }
    }
}
