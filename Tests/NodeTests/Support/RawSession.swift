import RennbahnBytes
import RennbahnReactor
import RennbahnWebSocket
import Testing

/// A WAMP session over a bare socket that the test reads itself, byte by byte if it likes, so that nothing but the test
/// says how slowly it reads. Everything that came since the set-up is kept as it came.
final class RawSession {
    let descriptor: Descriptor
    private(set) var received: [UInt8] = []
    /// Whole frames in it, and where the next one begins.
    private(set) var frameCount = 0
    private var nextFrame = 0
    private var isCounting = false
    private(set) var hasEnded = false
    private var unsent: [UInt8] = []
    private var sent = 0

    init(connectingTo address: SocketAddress, receiveBuffer: Int32? = nil) throws {
        descriptor = try Sockets.connect(to: address).descriptor
        if let receiveBuffer { try Sockets.setBufferSizes(descriptor, receive: receiveBuffer) }
        unsent = Array(
            ("GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Protocol: wamp.2.json\r\n\r\n").utf8)
        queue("[1,\"realm1\",{\"roles\":{\"publisher\":{},\"subscriber\":{}}}]")
    }

    deinit { Sockets.close(descriptor) }

    /// Queues a message, masked with zeros; ``pump()`` sends it.
    func queue(_ text: String) {
        let payload = Array(text.utf8)
        var frame = ByteBuffer()
        FrameHeader(
            opcode: .text, isFinal: true, isCompressed: false, maskKey: 0, payloadCount: payload.count
        ).append(to: &frame)
        unsent += frame.span.copied() + payload
    }

    var hasSentAll: Bool { sent == unsent.count }

    /// Sends what the kernel takes; whether it took any.
    @discardableResult
    func pump() -> Bool {
        let before = sent
        let bytes = unsent
        while !hasSentAll, case .bytes(let count) = Sockets.send(descriptor, bytes.span.extracting(sent...)) {
            sent += count
        }
        return sent > before
    }

    /// Reads at most about `limit` bytes; whether there were any.
    @discardableResult
    func read(_ limit: Int) -> Bool {
        guard !hasEnded else { return false }
        var buffer = ByteBuffer(capacity: limit)
        switch Sockets.read(descriptor, into: &buffer, minimumFree: limit) {
        case .bytes:
            received += buffer.span.copied()
            countFrames()
            return true
        case .wouldBlock: return false
        case .closed, .failed:
            hasEnded = true
            return false
        }
    }

    /// Forgets what came so far, which ends with a whole frame.
    func forget() {
        received.removeAll(keepingCapacity: true)
        (frameCount, nextFrame) = (0, 0)
        isCounting = true
    }

    /// Steps from frame to frame: unmasked ones of less than 126 bytes, two in front of the payload.
    private func countFrames() {
        guard isCounting else { return }
        let bytes = received
        while nextFrame + 2 <= bytes.count, nextFrame + 2 + Int(bytes[nextFrame + 1]) <= bytes.count {
            nextFrame += 2 + Int(bytes[nextFrame + 1])
            frameCount += 1
        }
    }

    /// Whether `text` is in what came.
    func hasHeard(_ text: String) -> Bool {
        String(decoding: received, as: UTF8.self).contains(text)
    }

    /// The texts of the whole frames that came; nothing else may be there.
    func messages() -> [String] {
        let bytes = received
        var texts: [String] = []
        var window = 0..<bytes.count
        while let header = try? FrameHeader.parse(bytes.span, in: window) {
            let start = window.lowerBound + header.encodedCount
            guard start + header.payloadCount <= bytes.count else { break }
            texts.append(String(decoding: bytes[start..<start + header.payloadCount], as: UTF8.self))
            window = (start + header.payloadCount)..<bytes.count
        }
        return texts
    }
}
