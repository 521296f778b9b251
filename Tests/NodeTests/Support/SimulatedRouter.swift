import RennbahnAuthentication
import RennbahnBytes
import RennbahnNodeSimulation
import RennbahnReactor
import RennbahnRouterNode
import RennbahnSimulationKit
import RennbahnTransport
import RennbahnWAMP
import RennbahnWebSocket
import Testing

/// A router of one shard, in one thread, over a network and a clock in memory: time is handed in. JSON is spoken, over WebSocket
/// and over RawSocket.
final class SimulatedRouter {
    static let second: UInt64 = 1_000_000_000

    private let node: SimulatedNode

    /// - Parameters:
    ///   - authenticator: `nil`: everybody is anonymous.
    ///   - addresses: `nil`: nothing is counted by address.
    init(
        _ limits: Limits = Limits(), authenticator: Authenticator? = nil, addresses: AddressGuard? = nil
    ) throws {
        var limits = limits
        limits.maxConnections = 16
        var profile = AcceptProfile(subprotocols: [Serializer.json.subprotocol], deflate: DeflatePolicy())
        profile.rawSocket = RawSocketPolicy(serializers: [
            RawSocketPolicy.Serializer(id: 1, kind: .text, subprotocol: 0)
        ])
        profile.authenticator = authenticator
        profile.addresses = addresses
        node = try SimulatedNode(SimulatedNetwork(seed: 1), limits, profiles: [profile])
    }

    var network: SimulatedNetwork { node.network }

    /// The connections of the router.
    var loop: LinkLoop { node.group.loop(0) }

    var occupiedTables: [String] { node.group.occupiedTables(of: 0) }

    var address: SocketAddress { .loopback(port: SimulatedNode.port(0)) }

    func turn() {
        node.turn(times: 4)
    }

    func pass(_ nanoseconds: UInt64) {
        network.advance(nanoseconds)
        turn()
    }

    /// A bare peer whose connection is open.
    ///
    /// - Parameter fields: of its request, beside those of the handshake.
    func peer(rawSocket: Bool = false, fields: String = "") throws -> SimulatedPeer {
        let peer = try connected(rawSocket: rawSocket)
        peer.open(fields)
        return peer
    }

    /// A bare peer that has said nothing yet.
    func connected(rawSocket: Bool = false) throws -> SimulatedPeer {
        let peer = SimulatedPeer(self, try network.connect(to: address), isRawSocket: rawSocket)
        turn()
        return peer
    }

    /// A bare peer whose session is open.
    func joined(rawSocket: Bool = false) throws -> SimulatedPeer {
        let peer = try peer(rawSocket: rawSocket)
        try #require(try peer.ask(RawSocketNodeTests.hello)[0] == 2)
        return peer
    }
}

/// A client that is written by hand.
final class SimulatedPeer {
    private let router: SimulatedRouter
    private let descriptor: Descriptor
    private let isRawSocket: Bool
    private var received: [UInt8] = []
    private(set) var hasEnded = false
    /// Of the Close frame that came.
    private(set) var closeCode: UInt16?

    fileprivate init(_ router: SimulatedRouter, _ descriptor: Descriptor, isRawSocket: Bool) {
        self.router = router
        self.descriptor = descriptor
        self.isRawSocket = isRawSocket
    }

    /// Does the opening handshake, if it is let.
    fileprivate func open(_ fields: String) {
        if isRawSocket {
            write([0x7f, 0xf1, 0, 0])
            read()
            #expect(received.prefix(2) == [0x7f, 0xf1])
            received.removeFirst(min(4, received.count))
        } else {
            request(fields)
            read()
            let end = Array("\r\n\r\n".utf8)
            let head = received.indices.first { received[$0...].starts(with: end) }
            #expect(head != nil)
            received.removeFirst(head.map { $0 + end.count } ?? 0)
        }
    }

    /// Asks for WebSocket.
    ///
    /// - Parameter fields: further ones of the request, each with its end of line.
    func request(_ fields: String) {
        write(
            Array(
                """
                GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r
                Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r
                Sec-WebSocket-Protocol: wamp.2.json\r\n\(fields)\r\n
                """.utf8))
    }

    /// Ends the connection.
    func leave() {
        router.network.close(descriptor)
        router.turn()
    }

    /// Whether the router has ended the connection.
    func isGone() -> Bool {
        read()
        return hasEnded
    }

    /// Sends octets, and gives the router its turns.
    func write(_ octets: [UInt8]) {
        var rest = octets[...]
        // As much as the network holds at a time.
        for _ in 0..<1000 where !rest.isEmpty {
            let piece = Array(rest)
            guard case .bytes(let count) = router.network.send(descriptor, piece.span) else { break }
            rest = rest.dropFirst(count)
            router.turn()
        }
    }

    /// The frame of a message.
    func frame(_ text: String) -> [UInt8] {
        var bytes = ByteBuffer()
        if isRawSocket {
            RawSocketHeader(.message, payloadCount: text.utf8.count).append(to: &bytes)
        } else {
            FrameHeader(
                opcode: .text, isFinal: true, isCompressed: false, maskKey: 0, payloadCount: text.utf8.count
            ).append(to: &bytes)
        }
        return bytes.span.copied() + Array(text.utf8)
    }

    func send(_ text: String) { write(frame(text)) }

    /// Takes what has come.
    private func read() {
        var buffer = ByteBuffer()
        while true {
            switch router.network.receive(descriptor, into: &buffer, minimumFree: 1 << 16) {
            case .bytes: continue
            case .closed, .failed: hasEnded = true
            case .wouldBlock: break
            }
            break
        }
        received += buffer.span.copied()
    }

    /// The messages that came since the last call.
    func messages() throws -> [WAMPValue] {
        read()
        var values: [WAMPValue] = []
        while let (opcode, payload) = try nextFrame() {
            switch opcode {
            case .text: values.append(try WAMPValue.decode(payload.span, serializer: .json))
            case .close: closeCode = payload.count >= 2 ? UInt16(payload[0]) << 8 | UInt16(payload[1]) : nil
            case .continuation, .binary, .ping, .pong: break
            }
        }
        return values
    }

    private func nextFrame() throws -> (Opcode, [UInt8])? {
        let bytes = received
        let head: Int
        let count: Int
        let opcode: Opcode
        if isRawSocket {
            guard let header = try RawSocketHeader.parse(bytes.span, in: 0..<bytes.count) else { return nil }
            (head, count, opcode) = (RawSocketHeader.count, header.payloadCount, .text)
        } else {
            guard let header = try FrameHeader.parse(bytes.span, in: 0..<bytes.count) else { return nil }
            (head, count, opcode) = (header.encodedCount, header.payloadCount, header.opcode)
        }
        guard bytes.count >= head + count else { return nil }
        received.removeFirst(head + count)
        return (opcode, Array(bytes[head..<(head + count)]))
    }

    /// Sends and takes the answer.
    func ask(_ text: String) throws -> WAMPValue {
        send(text)
        return try messages().first ?? .null
    }

    /// Whether the router has ended the connection, or has said its last word; with this code, over WebSocket.
    func wasEnded(_ code: UInt16) throws -> Bool {
        #expect(try messages().isEmpty)
        return isRawSocket ? hasEnded : closeCode == code
    }
}
