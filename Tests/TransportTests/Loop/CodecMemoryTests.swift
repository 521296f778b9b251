import RennbahnBytes
import RennbahnTransport
import RennbahnWebSocket
import RennbahnWebSocketDeflate
import Testing

@Suite("A loop without memory for zlib")
struct CodecMemoryTests {
    private static let none = CodecMemory(take: { _ in nil }, giveBack: { _, _ in })

    @Test(
        "what it sends goes uncompressed; what it cannot inflate ends the connection that sent it",
        arguments: [true, false], [0, 300])
    func uncompressed(takeover: Bool, fragmentSize: Int) throws {
        var profile = AcceptProfile(
            subprotocols: [], requiresSubprotocol: false,
            deflate: DeflatePolicy(noContextTakeover: takeover ? nil : true))
        profile.options.fragmentSize = fragmentSize
        let (server, address) = try Fixture.server(profile, codecMemory: Self.none)
        let client = try Fixture.client(deflate: DeflatePolicy())
        let link = try client.loop.connect(to: address)
        try step(server, client) { server.opened.count == 1 && client.opened.count == 1 }
        let text = Fixture.text(2000)
        for _ in 0..<2 { #expect(server.send(text, .text, to: server.opened[0].link) == .queued) }
        try step(server, client) { client.messages.count == 2 }
        #expect(client.messages.map(\.bytes) == [text, text])
        #expect(server.loop.counters.value.compressed == 0)
        client.send(text, .text, to: link)
        try step(server, client) { server.closed.count == 1 }
        #expect(server.messages.isEmpty)
    }
}
