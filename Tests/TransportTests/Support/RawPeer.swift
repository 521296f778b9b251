import RennbahnBytes
import RennbahnCrypto
import RennbahnReactor
import RennbahnTransport
import RennbahnWebSocket
import Testing

/// A socket without any protocol: sends and receives the very bytes that a test wants.
final class RawPeer {
    struct Frame: Equatable {
        var opcode: Opcode
        var isFinal: Bool
        var payload: [UInt8]
    }

    let descriptor: Descriptor
    private(set) var received: [UInt8] = []
    private(set) var hasEnded = false
    /// Whether bytes are taken from the socket.
    var isReading = true
    private var unsent: [UInt8] = []
    private var isOpen = true

    init(_ descriptor: Descriptor) {
        self.descriptor = descriptor
    }

    convenience init(connectingTo address: SocketAddress) throws {
        self.init(try Sockets.connect(to: address).descriptor)
    }

    deinit { close() }

    func close(reset: Bool = false) {
        guard isOpen else { return }
        isOpen = false
        if reset { Sockets.resetOnClose(descriptor) }
        Sockets.close(descriptor)
    }

    func send(_ bytes: [UInt8]) {
        unsent += bytes
        pump()
    }

    func send(_ text: String) {
        send(Array(text.utf8))
    }

    /// Whether all bytes were handed to the kernel.
    var isDrained: Bool { unsent.isEmpty }

    /// Moves what can be moved.
    func pump() {
        guard isOpen else { return }
        while !unsent.isEmpty, case .bytes(let count) = Sockets.send(descriptor, unsent.span) {
            unsent.removeFirst(count)
        }
        guard isReading, !hasEnded else { return }
        while true {
            var buffer = ByteBuffer()
            switch Sockets.read(descriptor, into: &buffer, minimumFree: 64 * 1024) {
            case .bytes: received += buffer.span.copied()
            case .wouldBlock: return
            case .closed, .failed:
                hasEnded = true
                return
            }
        }
    }

    /// Reads once, at most so many bytes.
    func read(atMost count: Int) {
        var buffer = ByteBuffer(capacity: count)
        if case .bytes = Sockets.read(descriptor, into: &buffer, minimumFree: 1) { received += buffer.span.copied() }
    }

    // MARK: WebSocket by hand

    static let key = "dGhlIHNhbXBsZSBub25jZQ=="

    static func request(_ fields: String = "") -> String {
        "GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Key: \(key)\r\nSec-WebSocket-Version: 13\r\n\(fields)\r\n"
    }

    /// What was received behind the response's head, if that is whole.
    var body: [UInt8]? {
        guard received.count >= 4 else { return nil }
        for end in 4...received.count where received[(end - 4)..<end].elementsEqual("\r\n\r\n".utf8) {
            return Array(received[end...])
        }
        return nil
    }

    var head: String {
        String(decoding: received.prefix(received.count - (body?.count ?? 0)), as: UTF8.self)
    }

    /// The whole frames that came, the response's head left out.
    var frames: [Frame] {
        guard let body else { return [] }
        return RawPeer.frames(body)
    }

    static func frames(_ bytes: [UInt8]) -> [Frame] {
        var frames: [Frame] = []
        var window = 0..<bytes.count
        while let header = try? FrameHeader.parse(bytes.span, in: window) {
            let start = window.lowerBound + header.encodedCount
            guard start + header.payloadCount <= bytes.count else { break }
            var payload = Array(bytes[start..<start + header.payloadCount])
            if let key = header.maskKey { payload = masked(payload, key) }
            frames.append(Frame(opcode: header.opcode, isFinal: header.isFinal, payload: payload))
            window = (start + header.payloadCount)..<bytes.count
        }
        return frames
    }

    /// The code of the Close frame that came.
    var closeCode: UInt16? {
        guard let close = frames.first(where: { $0.opcode == .close }), close.payload.count >= 2 else { return nil }
        return UInt16(close.payload[0]) << 8 | UInt16(close.payload[1])
    }

    static func frame(
        _ opcode: Opcode, _ payload: [UInt8], isFinal: Bool = true, compressed: Bool = false,
        key: UInt32? = 0x1234_5678
    ) -> [UInt8] {
        var buffer = ByteBuffer()
        FrameHeader(
            opcode: opcode, isFinal: isFinal, isCompressed: compressed, maskKey: key, payloadCount: payload.count
        ).append(to: &buffer)
        return buffer.span.copied() + (key.map { masked(payload, $0) } ?? payload)
    }

    private static func masked(_ payload: [UInt8], _ key: UInt32) -> [UInt8] {
        payload.enumerated().map { $1 ^ UInt8(truncatingIfNeeded: key >> (24 - 8 * UInt32($0 & 3))) }
    }

    /// The other end of a connection that a client makes; it has said nothing yet.
    static func connected(by client: Station, opening: OwnOpening? = nil) throws -> RawPeer {
        let listener = try Sockets.listen(.loopback(port: 0))
        defer { Sockets.close(listener) }
        _ = try client.loop.connect(to: Sockets.boundAddress(of: listener), opening: opening)
        var found: RawPeer?
        try step(client) {
            if case .accepted(let descriptor) = Sockets.accept(listener) { found = RawPeer(descriptor) }
            return found != nil
        }
        return try #require(found)
    }

    /// Accepts a connection of the client's loop and finishes the opening handshake as a server.
    ///
    /// - Parameter fields: what the answer holds besides, each with its line end.
    static func accepted(from client: Station, fields: String = "") throws -> RawPeer {
        let peer = try connected(by: client)
        try step(client, pumping: peer) { peer.body != nil }
        let key = try #require(peer.head.firstMatch(of: #/Sec-WebSocket-Key: (\S+)/#)?.output.1)
        let accept = AcceptKey.value(forDigest: SHA1.digest(AcceptKey.acceptInput(key: String(key))).span)
        peer.send(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: \(accept)\r\n\(fields)\r\n")
        try step(client, pumping: peer) { client.opened.count == 1 }
        return peer
    }

    /// Connects to the station and finishes the opening handshake.
    static func opened(
        _ server: Station, _ address: SocketAddress, fields: String = ""
    ) throws -> RawPeer {
        let peer = try RawPeer(connectingTo: address)
        peer.send(request(fields))
        let before = server.opened.count
        try step(server, pumping: peer) { peer.body != nil && server.opened.count == before + 1 }
        return peer
    }
}

/// How many sockets of this process are bound or connected to the port.
func socketCount(port: UInt16) -> Int {
    var count = 0
    for number in Int32(0)..<4096 {
        let descriptor = Descriptor(number)
        guard let own = try? Sockets.boundAddress(of: descriptor) else { continue }
        if own.port == port {
            count += 1
        } else if let peer = try? Sockets.peerAddress(of: descriptor), peer.port == port {
            count += 1
        }
    }
    return count
}
