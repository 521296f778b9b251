import RennbahnBytes
import RennbahnReactor
import RennbahnTransport
import RennbahnWebSocket
import Testing

/// How often a message for many is compressed: once for all that have agreed on the same, where that is possible.
@Suite(.serialized)
struct CompressionSharingTests {
    private static func policy(
        takeover: Bool = false, windowBits: Int? = nil, memoryLevel: Int = 8, threshold: Int = 0
    ) -> DeflatePolicy {
        var policy = DeflatePolicy(noContextTakeover: !takeover, maxWindowBits: windowBits, memoryLevel: memoryLevel)
        policy.threshold = threshold
        return policy
    }

    /// A loop with a receiver for each policy, each of which offers all that can be offered.
    private static func room(_ policies: [DeflatePolicy?]) throws -> (server: Station, receivers: [Station]) {
        let profiles = policies.map {
            AcceptProfile(subprotocols: [], requiresSubprotocol: false, deflate: $0)
        }
        let (server, addresses) = try Fixture.server(profiles)
        var receivers: [Station] = []
        for address in addresses {
            let client = try Fixture.client(deflate: DeflatePolicy())
            _ = try client.loop.connect(to: address)
            try step(server, client) { client.opened.count == 1 }
            receivers.append(client)
        }
        try step(server) { server.opened.count == policies.count }
        return (server, receivers)
    }

    /// How often each of three messages for all of these receivers is compressed. They all get what was sent.
    private func compressions(
        _ policies: [DeflatePolicy?], size: Int = 2000, location: SourceLocation = #_sourceLocation
    ) throws -> [UInt64] {
        let (server, receivers) = try CompressionSharingTests.room(policies)
        let payloads = (0..<3).map { Fixture.text(size) + [UInt8(ascii: "a") + UInt8($0)] }
        var message = OutgoingMessage()
        var counts: [UInt64] = []
        for payload in payloads {
            let before = server.loop.counters.value.compressed
            message.begin(.text)
            message.payload.append(payload.span)
            for (link, _) in server.opened { #expect(server.loop.share(&message, with: link) == .queued) }
            server.loop.release(&message)
            counts.append(server.loop.counters.value.compressed - before)
        }
        for receiver in receivers {
            try step(server, receiver) { receiver.messages.count == payloads.count }
            #expect(receiver.messages.map(\.bytes) == payloads, sourceLocation: location)
        }
        return counts
    }

    @Test("without context takeover and with the same parameters: once")
    func once() throws {
        #expect(try compressions(Array(repeating: Self.policy(), count: 6)) == [1, 1, 1])
    }

    @Test("with context takeover: for each receiver, whose context is its own")
    func takeover() throws {
        #expect(try compressions(Array(repeating: Self.policy(takeover: true), count: 4)) == [4, 4, 4])
    }

    @Test("other windows and memory levels: once for each set of them, whatever the order")
    func sets() throws {
        let sets = [
            Self.policy(windowBits: 9), Self.policy(windowBits: 12), Self.policy(windowBits: 12, memoryLevel: 3),
        ]
        #expect(try compressions(sets + sets + sets.reversed()) == [3, 3, 3])
    }

    @Test("more sets than are kept: those beyond are compressed for each receiver")
    func manySets() throws {
        let sets = (1...9).map { Self.policy(memoryLevel: $0) }
        #expect(try compressions(sets + sets) == [10, 10, 10])
    }

    @Test("below the threshold: never; at it: once")
    func threshold() throws {
        let policies = Array(repeating: Self.policy(threshold: 500), count: 3)
        #expect(try compressions(policies, size: 498) == [0, 0, 0])
        #expect(try compressions(policies, size: 499) == [1, 1, 1])
    }

    @Test("receivers with, without and with shared compression among each other")
    func mixed() throws {
        let own = Self.policy(takeover: true)
        let high = Self.policy(threshold: 1 << 20)
        let policies: [DeflatePolicy?] = [nil, Self.policy(), own, nil, Self.policy(), high, own, Self.policy(), nil]
        #expect(try compressions(policies) == [3, 3, 3])
    }
}
