import RennbahnBytes
import RennbahnReactor
import RennbahnTransport
import RennbahnWebSocket
import RennbahnWebSocketDeflate
import Testing

/// A loop under test and all it has reported. Tests step it by hand, so that nothing depends on time.
final class Station {
    struct Arrival {
        var link: LinkID
        var kind: MessageKind
        var bytes: [UInt8]
    }

    let loop: LinkLoop
    /// Where a server listens.
    let address: SocketAddress?
    private(set) var opened: [(link: LinkID, subprotocol: Int)] = []
    private(set) var messages: [Arrival] = []
    private(set) var closed: [(link: LinkID, end: LinkEnd)] = []
    /// What a turn takes for its loop, in nanoseconds, however long it really takes; `nil`: the loop reads the clock.
    var turnTime: UInt64?
    /// Called for each message after it was noted.
    var onMessage: (Arrival) -> Void = { _ in }

    init(_ loop: LinkLoop, address: SocketAddress? = nil) {
        self.loop = loop
        self.address = address
    }

    deinit {
        loop.dropAll()
        while loop.next() != nil {}
        loop.stopListening()
    }

    /// One turn, as an owner of a loop does it.
    func turn(milliseconds: Int32 = 1) {
        loop.flush()
        if let turnTime {
            loop.wait(milliseconds: milliseconds, now: loop.now + turnTime)
        } else {
            loop.wait(milliseconds: milliseconds)
        }
        while let event = loop.next() {
            switch event {
            case .opened(let link, let subprotocol): opened.append((link, subprotocol))
            case .message(let link, let kind):
                let arrival = Arrival(link: link, kind: kind, bytes: bytesInHand())
                messages.append(arrival)
                onMessage(arrival)
            case .closed(let link, let end): closed.append((link, end))
            case .timer: break
            }
        }
        let released = loop.releasedWaiters
        loop.releasedWaiters.removeAll()
        for ended in released where ended.waiter.shard == 0 { loop.resume(ended.waiter.link) }
    }

    private func bytesInHand() -> [UInt8] {
        let loop = loop
        return loop.message.copied()
    }

    @discardableResult
    func send(_ bytes: [UInt8], _ kind: MessageKind = .binary, to link: LinkID) -> SendOutcome {
        var message = OutgoingMessage()
        message.begin(kind)
        message.payload.append(bytes.span)
        return loop.send(&message, to: link)
    }

    func forgetMessages() {
        messages.removeAll()
    }
}

enum Fixture {
    static let protocols = ["wamp.2.json", "wamp.2.msgpack"]

    /// A loop that listens on a port of the kernel's choice.
    ///
    /// - Parameter sendBuffer: what the kernel keeps for each of its connections, in bytes.
    static func server(
        _ profile: AcceptProfile = AcceptProfile(subprotocols: protocols, requiresSubprotocol: false),
        limits: Limits = Limits(), sendBuffer: Int32? = nil, codecMemory: CodecMemory = .pages
    ) throws -> (Station, SocketAddress) {
        let loop = try LinkLoop(limits: limits, accept: [profile], codecMemory: codecMemory)
        let listener = try Sockets.listen(.loopback(port: 0))
        if let sendBuffer { try Sockets.setBufferSizes(listener, send: sendBuffer) }
        let address = try Sockets.boundAddress(of: listener)
        try loop.listen(on: listener)
        return (Station(loop, address: address), address)
    }

    /// A loop that listens on a port of its own for each profile.
    static func server(_ profiles: [AcceptProfile]) throws -> (Station, [SocketAddress]) {
        let loop = try LinkLoop(limits: Limits(), accept: profiles)
        let addresses = try profiles.indices.map { profile in
            let listener = try Sockets.listen(.loopback(port: 0))
            try loop.listen(on: listener, profile: profile)
            return try Sockets.boundAddress(of: listener)
        }
        return (Station(loop), addresses)
    }

    static func client(
        subprotocols: [String] = [], deflate: DeflatePolicy? = nil, validatesText: Bool = true,
        limits: Limits = Limits()
    ) throws -> Station {
        let profile = ConnectProfile(
            host: "127.0.0.1", path: "/ws", subprotocols: subprotocols, deflate: deflate,
            validatesText: validatesText)
        return Station(try LinkLoop(limits: limits, connect: profile))
    }

    /// Small enough that a few kilobytes congest.
    static var tightLimits: Limits {
        var limits = Limits()
        limits.queuedOutputHighMark = 64 * 1024
        limits.queuedOutputLowMark = 16 * 1024
        limits.maxQueuedOutput = 8 * 1024 * 1024
        limits.maxConnections = 64
        return limits
    }

    /// Bytes without much of a pattern, the same for the same seed.
    static func noise(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
        var state = seed &* 0x9e37_79b9_7f4a_7c15 | 1
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        for _ in 0..<count {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            bytes.append(UInt8(truncatingIfNeeded: state >> 24))
        }
        return bytes
    }

    static func text(_ count: Int) -> [UInt8] {
        let words = Array("the lap ends where it began; der Kreis schließt sich – ".utf8)
        var bytes: [UInt8] = []
        while bytes.count + words.count <= count { bytes += words }
        while bytes.count < count { bytes.append(UInt8(ascii: ".")) }
        return bytes
    }
}

/// Steps the stations until `condition` holds; fails the test when it does not within the turns.
func step(
    _ stations: Station..., turns: Int = 8000, pumping raw: RawPeer? = nil,
    location: SourceLocation = #_sourceLocation, until condition: () -> Bool
) throws {
    for _ in 0..<turns {
        raw?.pump()
        if condition() { return }
        for station in stations { station.turn() }
    }
    raw?.pump()
    try #require(condition(), "the condition did not come true", sourceLocation: location)
}

/// A server, a client and a connection between them.
struct Pair {
    let server: Station
    let client: Station
    let address: SocketAddress
    let serverLink: LinkID
    let clientLink: LinkID

    init(
        accept: AcceptProfile = AcceptProfile(subprotocols: Fixture.protocols, requiresSubprotocol: false),
        deflate: DeflatePolicy? = nil, subprotocols: [String] = [], serverLimits: Limits = Limits(),
        clientLimits: Limits = Limits()
    ) throws {
        let (server, address) = try Fixture.server(accept, limits: serverLimits)
        let client = try Fixture.client(subprotocols: subprotocols, deflate: deflate, limits: clientLimits)
        let clientLink = try client.loop.connect(to: address)
        try step(server, client) { server.opened.count == 1 && client.opened.count == 1 }
        self.server = server
        self.client = client
        self.address = address
        self.clientLink = clientLink
        serverLink = server.opened[0].link
    }
}
