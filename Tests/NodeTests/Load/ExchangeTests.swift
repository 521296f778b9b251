import RennbahnLoadGenerator
import RennbahnRouterNode
import RennbahnTransport
import RennbahnWAMP
import RennbahnWebSocket
import Testing

@Suite("One message at a time")
struct ExchangeTests {
    static func exchange(
        _ bench: LoadBench, _ work: Exchange.Work, _ serializer: Serializer = .json, deflate: DeflatePolicy? = nil,
        realm: String = "realm1", payloadBytes: Int = 32, messages: Int = 20
    ) throws -> Exchange.Figures {
        try Exchange(
            Exchange.Configuration(
                address: bench.node.address, realm: realm, work: work, serializer: serializer, deflate: deflate,
                payloadBytes: payloadBytes, messages: messages)
        ).run()
    }

    @Test("all messages come back", arguments: Exchange.Work.allCases, Serializer.allCases)
    func completes(work: Exchange.Work, serializer: Serializer) throws {
        let bench = try LoadBench()
        for messages in [1, 2, 50] {
            let figures = try ExchangeTests.exchange(bench, work, serializer, messages: messages)
            #expect(figures.messages == messages)
        }
    }

    /// PUBLISH `[16,1,{},"com.example.exchange",["…"]]` is 37 octets around its text and a head of 6 with the mask; EVENT
    /// has a head of 2 and ids of any length.
    @Test("the octets of the messages are counted, with the heads of their frames, and nothing else")
    func octets() throws {
        let bench = try LoadBench()
        let one = try ExchangeTests.exchange(bench, .publish, messages: 1)
        #expect(one.bytesSent == 6 + 37 + 32)
        #expect((2 + 15 + 32...2 + 60 + 32).contains(one.bytesReceived))
        let nine = try ExchangeTests.exchange(bench, .publish, messages: 9)
        #expect(nine.bytesSent == 9 * one.bytesSent)
    }

    @Test("with permessage-deflate fewer octets go over the wire", arguments: Exchange.Work.allCases)
    func compressed(work: Exchange.Work) throws {
        let bench = try LoadBench()
        let plain = try ExchangeTests.exchange(bench, work, payloadBytes: 1024)
        let compressed = try ExchangeTests.exchange(bench, work, deflate: DeflatePolicy(), payloadBytes: 1024)
        #expect(compressed.messages == plain.messages)
        #expect(compressed.bytesSent < plain.bytesSent && compressed.bytesReceived < plain.bytesReceived)
    }

    @Test("payloads of all sizes are whole", arguments: Serializer.allCases, [1, 255, 256, 65_535])
    func sizes(serializer: Serializer, payloadBytes: Int) throws {
        let bench = try LoadBench()
        let figures = try ExchangeTests.exchange(
            bench, .call, serializer, payloadBytes: payloadBytes, messages: 3)
        #expect(figures.bytesReceived > UInt64(2 * 3 * payloadBytes))
    }

    @Test("a realm that the router does not have ends the exchange")
    func refused() throws {
        let bench = try LoadBench()
        #expect(throws: ConnectionFailure.self) { try ExchangeTests.exchange(bench, .call, realm: "nowhere") }
    }

    @Test("a router without compression ends an exchange that asks for it")
    func uncompressed() throws {
        let bench = try LoadBench(deflate: nil)
        #expect(throws: ConnectionFailure.uncompressed) {
            try ExchangeTests.exchange(bench, .publish, deflate: DeflatePolicy())
        }
    }

    @Test("an echo is not taken for a router")
    func echo() throws {
        let bench = try LoadBench(service: .echo)
        #expect(throws: ConnectionFailure.self) { try ExchangeTests.exchange(bench, .publish) }
    }
}
