import RennbahnBytes
import RennbahnReactor
import RennbahnTransport
import RennbahnWAMP
import RennbahnWebSocket

/// One WAMP session of a simulation, and what it is owed.
final class SimulatedClient {
    enum Stage: Equatable {
        case connecting
        case joining
        case joined
        case leaving(Leaving)
        case gone
    }

    /// How it leaves, which says how its connection ends.
    enum Leaving {
        /// It has said GOODBYE, or begun to close.
        case inOrder
        case hangingUp
        /// The router goes down.
        case withRouter
    }

    /// A request that has to be answered, once.
    enum Request: Equatable {
        case subscribe(topic: Int)
        case unsubscribe
        case register
        case publish
        case call(token: Int)

        /// Its code in an ERROR.
        var code: Int64 {
            switch self {
            case .subscribe: 32
            case .unsubscribe: 34
            case .register: 64
            case .publish: 16
            case .call: 48
            }
        }
    }

    let number: Int
    unowned let crowd: SimulatedCrowd
    let link: LinkID
    var stage = Stage.connecting
    private var lastRequest: UInt64 = 0
    /// What waits for an answer, by request id.
    var pending: [UInt64: Request] = [:]
    /// Subscriptions, by their ids, and since which step.
    var topics: [UInt64: (topic: Int, since: Int)] = [:]
    /// Tokens that came, by the topic.
    var heard: [Int: [Int]] = [:]

    init(_ number: Int, _ crowd: SimulatedCrowd, _ link: LinkID) {
        (self.number, self.crowd, self.link) = (number, crowd, link)
    }

    var isLeaving: Bool {
        if case .leaving = stage { true } else { false }
    }

    var waitsForTopic: Bool {
        pending.values.contains { if case .subscribe = $0 { true } else { false } }
    }

    /// The id of the next request; with `request` it will be answered.
    func nextRequest(_ request: Request? = nil) -> UInt64 {
        lastRequest += 1
        pending[lastRequest] = request
        return lastRequest
    }

    func send(_ message: WAMPValue) {
        crowd.message.begin(crowd.isText ? .text : .binary)
        message.encode(crowd.serializer, into: &crowd.message.payload)
        _ = crowd.loop.send(&crowd.message, to: link)
    }
}

/// What happens to the clients of a crowd.
enum CrowdEvent {
    case opened(SimulatedClient)
    case message(SimulatedClient, WAMPValue)
    case undecodable(SimulatedClient)
    case closed(SimulatedClient, LinkEnd)
}

/// Clients of one serializer, compression and framing, on one loop of the transport's own.
final class SimulatedCrowd {
    let serializer: Serializer
    let isText: Bool
    let loop: LinkLoop
    fileprivate var message = OutgoingMessage()
    private(set) var clients: [LinkID: SimulatedClient] = [:]

    init(_ kernel: Kernel, _ serializer: Serializer, deflate: DeflatePolicy?, isRawSocket: Bool) throws {
        self.serializer = serializer
        isText = !serializer.isBinary
        var limits = Limits()
        limits.maxConnections = 64
        limits.receiveBufferSize = 16 * 1024
        // A client of a simulation is told everything, however long it looks away.
        limits.queuedOutputHighMark = 1 << 30
        limits.maxQueuedOutput = 1 << 30
        limits.stallTimeout = 1 << 60
        var profile = ConnectProfile(
            host: "localhost", path: "/ws", subprotocols: [serializer.subprotocol], deflate: deflate,
            validatesText: true)
        if isRawSocket {
            let kind: MessageKind = serializer.isBinary ? .binary : .text
            profile.rawSocket = RawSocketPolicy(serializers: [
                RawSocketPolicy.Serializer(id: serializer.isBinary ? 2 : 1, kind: kind, subprotocol: 0)
            ])
        }
        loop = try LinkLoop(limits: limits, connect: profile, kernel: kernel)
    }

    func connect(_ number: Int, to port: UInt16) throws -> SimulatedClient {
        let client = SimulatedClient(number, self, try loop.connect(to: .loopback(port: port)))
        clients[client.link] = client
        return client
    }

    /// One turn of the loop; what it brought.
    func turn() -> [CrowdEvent] {
        var events: [CrowdEvent] = []
        loop.flush()
        loop.wait(milliseconds: 0)
        while let event = loop.next() {
            switch event {
            case .opened(let link, _): if let client = clients[link] { events.append(.opened(client)) }
            case .message(let link, _): if let client = clients[link] { events.append(decoded(client)) }
            case .closed(let link, let end):
                if let client = clients.removeValue(forKey: link) { events.append(.closed(client, end)) }
            case .timer: break
            }
        }
        return events
    }

    private func decoded(_ client: SimulatedClient) -> CrowdEvent {
        let loop = loop
        guard let value = try? WAMPValue.decode(loop.message, serializer: serializer) else {
            return .undecodable(client)
        }
        return .message(client, value)
    }
}
