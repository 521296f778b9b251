import RennbahnBytes
import RennbahnReactor
import RennbahnRouterNode
import RennbahnTransport
import RennbahnWAMP
import RennbahnWebSocket
import Synchronization
import Testing
import WAMPClient

/// Tests over real connections: one after the other, each bounded.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct LiveTests {}

/// A router of this process while `body` runs, and where it is.
func withRouter(
    shards: Int = 1, deflate: DeflatePolicy? = nil, _ body: (Router) async throws -> Void
) async throws {
    let node = try Node(
        NodeConfiguration(
            service: .router(realms: ["realm1"]), listen: .loopback(port: 0),
            shards: shards, deflate: deflate))
    defer {
        node.abandon()
        node.wait()
    }
    try await body(Router(node: node))
}

struct Router {
    let node: Node

    func configuration(
        _ serializer: WAMPClientConfiguration.Serializer = .msgpack,
        _ compression: WAMPClientConfiguration.Compression = .none
    ) -> WAMPClientConfiguration {
        WAMPClientConfiguration(
            url: "ws://\(node.address)/ws", realm: "realm1", serializers: [serializer], compression: compression,
            agent: "WAMPClientTests")
    }

    func connect() async throws(WAMPError) -> WAMPSession { try await WAMPSession.connect(configuration()) }
}

/// A router that says what a test has written, to one client in JSON.
final class ScriptedRouter: Sendable {
    let port: UInt16
    private let state = Mutex(State())
    private let wakeUp: WakeUp

    private typealias Condition = @Sendable (_ received: [String], _ end: LinkEnd?) -> Bool

    private struct State {
        var received: [String] = []
        var end: LinkEnd?
        var waiting: [(isDone: Condition, continuation: CheckedContinuation<Void, Never>)] = []
    }

    /// - Parameter answers: the messages to say to one of the client's.
    init(_ answers: @escaping @Sendable (String) -> [String]) throws {
        let listener = try Sockets.listen(.loopback(port: 0))
        port = try Sockets.boundAddress(of: listener).port
        wakeUp = try WakeUp()
        _ = try Thread.spawn(name: "scripted") { [self] in
            do {
                try serve(listener, answers)
            } catch {
                Issue.record(error)
            }
        }
    }

    private func serve(_ listener: Descriptor, _ answers: (String) -> [String]) throws {
        let loop = try LinkLoop(limits: Limits(), accept: [AcceptProfile(subprotocols: ["wamp.2.json"])])
        try loop.listen(on: listener)
        defer { loop.stopListening() }
        // Whatever the client does, who waits for it here is told something.
        let deadline = MonotonicClock.now() + 20_000_000_000
        while MonotonicClock.now() < deadline {
            loop.flush()
            loop.wait(milliseconds: 100)
            while let event = loop.next() {
                switch event {
                case .message(let link, _):
                    let text = loop.message.text()
                    update { $0.received.append(text) }
                    for answer in answers(text) {
                        var message = OutgoingMessage()
                        message.begin(.text)
                        message.payload.append(utf8: answer)
                        _ = loop.send(&message, to: link)
                    }
                case .closed(_, let end):
                    update { $0.end = end }
                    return
                case .opened, .timer: break
                }
            }
        }
        update { $0.end = .openHandshakeTimeout }
        loop.dropAll()
        while loop.next() != nil {}
    }

    private func update(_ change: (inout sending State) -> Void) {
        let ready = state.withLock { state in
            change(&state)
            let (received, end) = (state.received, state.end)
            let ready = state.waiting.filter { $0.isDone(received, end) }.map(\.continuation)
            state.waiting.removeAll { $0.isDone(received, end) }
            return ready
        }
        for continuation in ready { continuation.resume() }
    }

    private func wait(until isDone: @escaping Condition) async {
        await withCheckedContinuation { continuation in
            let isReady = state.withLock { state in
                if isDone(state.received, state.end) { return true }
                state.waiting.append((isDone, continuation))
                return false
            }
            if isReady { continuation.resume() }
        }
    }

    /// What the client said, once the last of it starts so.
    func received(upTo prefix: String) async -> [String] {
        await wait { received, end in received.last?.hasPrefix(prefix) == true || end != nil }
        return state.withLock { $0.received }
    }

    /// How the connection ended.
    func end() async -> LinkEnd? {
        await wait { _, end in end != nil }
        return state.withLock { $0.end }
    }

    func configuration(openTimeout: Duration = .seconds(20)) -> WAMPClientConfiguration {
        WAMPClientConfiguration(
            url: "ws://127.0.0.1:\(port)", realm: "realm1", serializers: [.json], openTimeout: openTimeout,
            closeTimeout: .milliseconds(50))
    }

    static func isHello(_ message: String) -> Bool { message.hasPrefix("[1,") }
}

/// The error that something ends with.
func failure(_ body: () async throws -> Void) async -> WAMPError? {
    do {
        try await body()
        return nil
    } catch {
        return error as? WAMPError
    }
}
