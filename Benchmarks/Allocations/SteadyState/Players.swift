import RennbahnBytes
import RennbahnReactor
import RennbahnTransport
import RennbahnWAMP
import RennbahnWebSocket

/// The clients of a counted shard: the transport's own client connections, over the same network.
final class Players {
    private let loop: LinkLoop
    private let serializer: Serializer
    private var scanner = EnvelopeScanner()
    private var message = OutgoingMessage()
    private(set) var links: [LinkID] = []
    /// Messages that came, of all sessions.
    private(set) var received = 0
    /// The request id of the INVOCATION that came last.
    private(set) var invocation = RequestID.none
    private(set) var opened = 0
    private var lastRequest = RequestID.none

    init(_ kernel: Kernel, port: UInt16, serializer: Serializer, deflate: DeflatePolicy?, count: Int) throws {
        self.serializer = serializer
        var limits = Limits()
        limits.maxConnections = count
        loop = try LinkLoop(
            limits: limits,
            connect: ConnectProfile(
                host: "localhost", path: "/", subprotocols: [serializer.subprotocol], deflate: deflate), kernel: kernel)
        for _ in 0..<count { links.append(try loop.connect(to: .loopback(port: port))) }
    }

    func nextRequest() -> RequestID {
        lastRequest = lastRequest.next
        return lastRequest
    }

    /// Sends what was said, and takes what has come.
    func turn() {
        loop.flush()
        loop.wait(milliseconds: 0)
        while let event = loop.next() {
            switch event {
            case .opened: opened += 1
            case .message: take()
            case .closed(_, let end): fatalError("a session of a counted shard ended: \(end)")
            case .timer: break
            }
        }
        loop.flush()
    }

    private func take() {
        received += 1
        let loop = loop
        guard let scanned = try? scanner.scanRouterMessage(loop.message, serializer: serializer) else {
            fatalError("the router wrote what nobody reads")
        }
        switch scanned.message {
        case .invocation(let request, _): invocation = request
        case .welcome, .event, .result, .published, .subscribed, .registered: break
        case .abort, .challenge, .goodbye, .error, .unsubscribed, .unregistered, .interrupt:
            fatalError("a counted shard answered with \(scanned.message)")
        }
    }

    /// Says what `write` writes, in the name of a session.
    func say(_ session: Int, _ write: (inout ByteBuffer) -> Void) {
        message.begin(serializer.isBinary ? .binary : .text)
        write(&message.payload)
        _ = loop.send(&message, to: links[session])
    }
}
