import RennbahnComponents
import RennbahnConfiguration
import RennbahnTransport
import RennbahnWebSocket
import Testing
import WAMPClient

/// A component's configuration that says nothing runs what the parts below do by themselves, as a listening transport's does.
@Suite struct DefaultTests {
    /// Each section with the text of a component that has it, `%` in the place of its keys.
    private static let places: [String: String] = [
        "connectOptions": component(transport: "options: {auto_ping_interval: 1000, %}"),
        "connectDeflate": component(transport: "options: {compression: {deflate: {%}}}"),
        "connectTCP": component(endpoint: "%"),
        "reconnect": component(transport: "reconnect: {%}"),
        "connecting": component(transport: "%"),
        "extra.adder": component("adder", extra: "%"),
        "extra.echo": component("echo", extra: "%"),
        "extra.publisher": component("publisher", extra: "%"),
        "extra.subscriber": component("subscriber", extra: "%"),
    ]

    private static func component(
        _ name: String = "echo", extra: String = "", transport: String = "", endpoint: String = ""
    ) -> String {
        """
        {type: class, classname: \(name), realm: realm1, extra: {\(extra)}, transport: {type: websocket, \
        url: "ws://h", endpoint: {type: tcp, host: h, port: 1, \(endpoint)}, \(transport)}}
        """
    }

    /// What a component is, with `entry` among the keys of a section.
    private func run(_ section: String, _ entry: String) throws -> String {
        let text = try #require(DefaultTests.places[section]).replacing("%", with: entry)
        // The interval that makes the other keys of pings matter is in the way of its own.
        let single =
            entry.hasPrefix("auto_ping_interval") ? text.replacing("auto_ping_interval: 1000, ", with: "") : text
        var written = ""
        dump(try container("[\(single)]").components, to: &written)
        return written.replacing(#/ #\d+/#, with: "")
    }

    @Test(arguments: places.keys.sorted()) func `A key that says its default changes nothing`(section: String) throws {
        for key in Schema.section(section).keys where key.support == .full {
            guard case .value(let initial, _) = key.initial else { continue }
            let said = try run(section, "\(key.name): \(initial.json.compact)")
            let unsaid =
                key.name == "auto_ping_interval" ? try run("connecting", "options: {}") : try run(section, "")
            #expect(said == unsaid, "\(section).\(key.name)")
        }
    }

    @Test func `Reconnecting without keys is that of its own type`() throws {
        let read = try container("[\(DefaultTests.component(transport: "reconnect: {}"))]").components[0].reconnect
        #expect(read == ReconnectPolicy())
    }

    @Test func `A connection without keys is bounded as one of a program is, and offers the same`() throws {
        let profile = try container("[\(DefaultTests.component())]").components[0].transport.profile
        let limits = Limits()
        #expect(profile.openHandshakeTimeout == limits.openHandshakeTimeout)
        #expect(profile.closeHandshakeTimeout == limits.closeHandshakeTimeout)
        #expect(profile.maxMessageSize == limits.maxMessageSize && profile.deflate == nil)
        #expect(profile.connectTimeout == 10_000_000_000)
    }
}
