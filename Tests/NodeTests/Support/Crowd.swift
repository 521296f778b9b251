import RennbahnBytes
import RennbahnReactor
import RennbahnTransport
import RennbahnWAMP
import RennbahnWebSocket

/// One WAMP session as a test plays it: it says what the test tells it and keeps what it hears.
final class Client {
    unowned let crowd: Crowd
    let link: LinkID
    fileprivate(set) var isOpen = false
    /// How the connection ended, once it has.
    fileprivate(set) var end: LinkEnd?
    /// Every message that came, as a list, but for those that ``onMessage`` took.
    var inbox: [WAMPValue] = []
    /// Sees a message first; true takes it.
    var onMessage: ((WAMPValue) -> Bool)?
    /// Sees a message before it is decoded; true takes it.
    var onBytes: ((Span<UInt8>) -> Bool)?
    private var lastRequest: UInt64 = 0

    fileprivate init(_ crowd: Crowd, _ link: LinkID) {
        self.crowd = crowd
        self.link = link
    }

    func nextRequest() -> UInt64 {
        lastRequest += 1
        return lastRequest
    }

    /// Queues a message; it leaves with the crowd's next turn.
    func send(_ message: WAMPValue) {
        var bytes = ByteBuffer()
        message.encode(crowd.serializer, into: &bytes)
        sendBytes(bytes.span.copied())
    }

    func sendBytes(_ bytes: [UInt8], _ kind: MessageKind? = nil) {
        crowd.message.begin(kind ?? (crowd.serializer.isBinary ? .binary : .text))
        crowd.message.payload.append(bytes.span)
        _ = crowd.loop.send(&crowd.message, to: link)
    }

    func sendText(_ text: String) {
        sendBytes(Array(text.utf8))
    }

    /// The messages of a type in the inbox.
    func heard(_ code: MessageCode) -> [WAMPValue] {
        inbox.filter { $0[0] == .integer(Int64(code.rawValue)) }
    }

    func hangUp() {
        crowd.loop.drop(link)
    }
}

/// Clients of one serializer and one wish for compression, on one loop.
final class Crowd {
    let serializer: Serializer
    let loop: LinkLoop
    fileprivate var message = OutgoingMessage()
    private(set) var clients: [Client] = []
    private var byLink: [LinkID: Client] = [:]

    init(
        _ serializer: Serializer, deflate: DeflatePolicy? = nil, subprotocols: [String]? = nil,
        kernel: Kernel = .system
    ) throws {
        self.serializer = serializer
        var limits = Limits()
        limits.queuedOutputHighMark = 1 << 30
        limits.maxQueuedOutput = 1 << 30
        // Short turns: everybody who waits for this thread has a time-out.
        limits.receiveBufferSize = 64 * 1024
        loop = try LinkLoop(
            limits: limits,
            connect: ConnectProfile(
                host: "127.0.0.1", path: "/ws", subprotocols: subprotocols ?? [serializer.subprotocol],
                deflate: deflate, validatesText: true), kernel: kernel)
    }

    func connect(to address: SocketAddress) throws -> Client {
        let client = Client(self, try loop.connect(to: address))
        clients.append(client)
        byLink[client.link] = client
        return client
    }

    /// Sends what is queued and takes what has come.
    func turn(milliseconds: Int32) {
        loop.flush()
        loop.wait(milliseconds: milliseconds)
        while let event = loop.next() {
            switch event {
            case .opened(let link, _): byLink[link]?.isOpen = true
            case .closed(let link, let end):
                byLink[link]?.end = end
                byLink[link] = nil
            case .message(let link, _): if let client = byLink[link] { take(client) }
            case .timer: break
            }
        }
        loop.flush()
    }

    /// Lets go of what tests have set to look at messages, which refers to clients in turn.
    func forgetHandlers() {
        for client in clients {
            client.onMessage = nil
            client.onBytes = nil
        }
    }

    private func take(_ client: Client) {
        let loop = loop
        let bytes = loop.message
        if client.onBytes?(bytes) == true { return }
        guard let value = try? WAMPValue.decode(bytes, serializer: serializer) else {
            client.inbox.append(.string("not decodable"))
            return
        }
        if client.onMessage?(value) == true { return }
        client.inbox.append(value)
    }
}
