import RennbahnConfiguration
import RennbahnCookies
import RennbahnTransport
import RennbahnWeb
import RennbahnWebSocket
import Testing

@testable import RennbahnRouterNode

/// A configuration that says nothing runs what the parts below do by themselves: a default stands in the table of keys and in the
/// part that it is of, which cannot know the table. Every field is compared, whatever fields there are.
struct DefaultTests {
    /// The fields that differ.
    private func differences<Part>(_ one: Part, _ other: Part) -> Set<String> {
        let pairs = zip(Mirror(reflecting: one).children, Mirror(reflecting: other).children)
        return Set(pairs.filter { "\($0.value)" != "\($1.value)" }.map { $0.0.label ?? "" })
    }

    private func transport(_ keys: String) throws -> ListeningTransport {
        let tree = try TreeReader.read(
            """
            version: 2
            workers:
              - type: router
                realms: [{name: realm1, roles: [{name: anonymous, allow-by-default: true}]}]
                transports: [{endpoint: {type: tcp, port: 1}, \(keys)}]
            """)
        #expect(Checker.check(tree) == [])
        let surroundings = NodeConfiguration.Surroundings(folder: "", version: "1.2.3") { _ in nil }
        return try #require(try NodeConfiguration(tree, surroundings).transports.first)
    }

    @Test func `WebSocket options are the transport's own, but for three that a configured router has otherwise`()
        throws
    {
        let options = try transport("type: websocket").profile.options
        #expect(differences(options, WebSocketOptions()) == ["showsStatusPage", "serverName", "closeAnswer"])
        #expect(options.showsStatusPage && options.serverName == "Rennbahn" && options.closeAnswer == .normalClosure)
        #expect(WebSocketOptions(configured: nil, "1.2.3") == options)
    }

    @Test func `Pings have the transport's own size, and what restarts them`() throws {
        let ping = try transport("type: websocket, options: {auto_ping_interval: 1000}").profile.options.autoPing
        #expect(ping == WebSocketOptions.AutoPing(interval: 1_000_000_000))
    }

    @Test func `What a transport bounds for itself is bounded as without a configuration`() throws {
        let profile = try transport("type: websocket").profile
        let limits = Limits()
        #expect(profile.openHandshakeTimeout == limits.openHandshakeTimeout)
        #expect(profile.closeHandshakeTimeout == limits.closeHandshakeTimeout)
        #expect(profile.maxMessageSize == limits.maxMessageSize && profile.quota?.limit == limits.maxConnections)
        #expect(profile.addresses?.limits == AddressLimits() && profile.addresses?.proxies == [])
        let rawSocket = try transport("type: rawsocket").profile.rawSocket
        #expect(rawSocket?.maxMessageSize == RawSocketHeader.longestPayload)
    }

    @Test func `Compression and cookies are those of their own types`() throws {
        let deflate = try transport("type: websocket, options: {compression: {deflate: {}}}").profile.deflate
        #expect(differences(try #require(deflate), DeflatePolicy()) == [])
        let cookie = try TreeReader.read("{store: {type: memory}}")
        #expect(differences(CookiePolicy(configured: cookie), CookiePolicy()) == [])
    }

    @Test func `Web services are those of their own types`() throws {
        let site = try #require(
            try transport("type: web, paths: {f: {type: static, directory: /}, j: {type: json, value: 1}}").profile.web)
        #expect(differences(site, WebSite(services: site.services)) == [])
        guard case .files(let files) = site.services["f"], case .value(let value) = site.services["j"] else {
            Issue.record("\(site.services)")
            return
        }
        #expect(differences(files, StaticFiles(directory: "/")) == [])
        #expect(differences(value, JSONValue(text: "1")) == [])
    }

    @Test func `A table's default that differs is found`() {
        var options = WebSocketOptions()
        options.noDelay = false
        options.fragmentSize = 1
        #expect(differences(options, WebSocketOptions()) == ["noDelay", "fragmentSize"])
    }
}
