import RennbahnBytes
import RennbahnCrypto
import RennbahnReactor
import RennbahnWebSocket
import Synchronization

/// A server of one connection that is written by hand: it agrees to the upgrade, takes a number of messages, says the octets
/// that a test has for it and resets the connection.
final class ScriptedServer {
    struct Script: Sendable {
        /// The whole answer to the upgrade, with its empty line, in the place of one that agrees to it.
        var refusal: String?
        /// Fields of the answer to the upgrade, each with its line end.
        var fields = ""
        /// What is said once so many messages came; JSON.
        var answers: [[UInt8]] = []
    }

    private final class Flag: Sendable {
        let isUp = Atomic<Bool>(false)
        let heads = Mutex<[String]>([])
    }

    let address: SocketAddress
    private let isOver = Flag()
    private var thread: Thread?

    init(_ script: Script) throws {
        let listener = try Sockets.listen(.loopback(port: 0))
        address = try Sockets.boundAddress(of: listener)
        let isOver = isOver
        thread = try Thread.spawn(name: "scripted-server") {
            ScriptedServer.serve(listener, script, isOver)
            Sockets.close(listener)
        }
    }

    /// Of the requests that came.
    var heads: [String] { isOver.heads.withLock { $0 } }

    func stop() {
        isOver.isUp.store(true, ordering: .relaxed)
        thread.take()?.join()
    }

    deinit { stop() }

    /// A message of the server.
    static func text(_ text: String) -> [UInt8] { frame(.text, Array(text.utf8)) }

    static func close(_ code: UInt16, _ reason: String = "") -> [UInt8] {
        frame(.close, [UInt8(code >> 8), UInt8(code & 0xff)] + Array(reason.utf8))
    }

    private static func frame(_ opcode: Opcode, _ payload: [UInt8]) -> [UInt8] {
        var buffer = ByteBuffer()
        FrameHeader(opcode: opcode, isFinal: true, isCompressed: false, maskKey: nil, payloadCount: payload.count)
            .append(to: &buffer)
        return buffer.span.copied() + payload
    }

    // MARK: The server's thread

    private static func serve(_ listener: Descriptor, _ script: Script, _ flag: Flag) {
        func isOver() -> Bool { flag.isUp.load(ordering: .relaxed) }
        while !isOver() {
            if case .accepted(let descriptor) = Sockets.accept(listener) {
                talk(descriptor, script, isOver: isOver) { head in flag.heads.withLock { $0.append(head) } }
                Sockets.resetOnClose(descriptor)
                Sockets.close(descriptor)
            } else {
                Thread.yield()
            }
        }
    }

    private static func talk(
        _ descriptor: Descriptor, _ script: Script, isOver: () -> Bool, note: (String) -> Void
    ) {
        var received: [UInt8] = []
        func read(until isDone: () -> Bool) -> Bool {
            while !isDone() {
                if isOver() { return false }
                var buffer = ByteBuffer()
                switch Sockets.read(descriptor, into: &buffer, minimumFree: 64 * 1024) {
                case .bytes: received += buffer.span.copied()
                case .wouldBlock: Thread.yield()
                case .closed, .failed: return false
                }
            }
            return true
        }
        func send(_ bytes: [UInt8]) {
            var rest = bytes
            while !rest.isEmpty, case .bytes(let count) = Sockets.send(descriptor, rest.span) {
                rest.removeFirst(count)
            }
        }
        let end = Array("\r\n\r\n".utf8)
        guard read(until: { received.indices.contains { received[$0...].starts(with: end) } }) else { return }
        let head = String(decoding: received, as: UTF8.self)
        note(head)
        if let refusal = script.refusal { return send(Array(refusal.utf8)) }
        guard let key = head.firstMatch(of: #/Sec-WebSocket-Key: (\S+)/#)?.output.1 else { return }
        let accept = AcceptKey.value(forDigest: SHA1.digest(AcceptKey.acceptInput(key: String(key))).span)
        send(
            Array(
                ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Accept: \(accept)\r\nSec-WebSocket-Protocol: wamp.2.json\r\n\(script.fields)\r\n")
                    .utf8))
        received.removeAll()
        for answer in script.answers {
            // Each message of the client is short and comes whole.
            guard read(until: { !received.isEmpty }) else { return }
            received.removeAll()
            send(answer)
        }
    }
}
