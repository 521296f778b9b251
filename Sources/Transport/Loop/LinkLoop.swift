package import RennbahnBytes
import RennbahnCrypto
package import RennbahnReactor
import RennbahnTLS
import RennbahnWebSocket
package import RennbahnWebSocketDeflate

/// The connections of one shard, over one epoll instance: accepts and opens them, reads and unframes messages, frames
/// and writes messages, keeps the time-outs. One thread owns it; nothing in it is shared.
///
/// Its owner pulls: ``wait(milliseconds:)`` fetches what is ready, ``next()`` hands it out one event at a time until
/// the turn is over, and ``flush()`` sends what the turn produced, one system call for each connection. So the owner's
/// code stands at the call, and no message passes through a closure or an existential.
package final class LinkLoop {
    package let limits: Limits
    let kernel: Kernel
    /// What is accepted.
    let accepts: [AcceptProfile]
    /// What connections are, by the index that each knows: of ``accepts``, and last of what is opened.
    let profiles: [LinkProfile]
    let connectProfile: ConnectProfile?

    // Boxes: read and written once a message or more, so without exclusivity checks; see ``Box``.
    let poller: Box<Poller>
    let links: Box<Slab<Link>>
    let pool = Box(ChunkPool())
    let timers: Box<TimerWheel>
    /// What every connection is read into.
    let input: Box<ByteBuffer>
    let inflated = Box(ByteBuffer())
    /// The message in hand, where it came in fragments or was too long for the receive buffer.
    let assembled = Box(ByteBuffer())
    let turn = Box(Turn())
    let maskKeys = Box(MaskKeyReservoir())
    package let counters = Box(LinkCounters())
    let codecs: Box<CodecPool>
    let parts = Box(MessageParts())
    let pausedInput = Box(PausedInput())

    /// How often each slot was used.
    var generations: [UInt32] = []
    var waiters = Waiters()
    var cookies = ConnectionCookies()
    var exchanges = WebExchanges()
    var addresses = LinkAddresses()
    /// Of accepted connections.
    var handshakes = HandshakeTurns()
    var pings = Pings()
    var sweep = CodecSweep()
    var inflations = Inflations()
    /// The encrypted bytes of the connection in hand.
    let wire = TLSWire()
    /// What the next connection of a client resumes.
    var ticket: TLSTicket?
    /// By slot: what clients' connections that are not open yet have of their own.
    var openings: [Int: OwnOpening] = [:]
    var listeners: [Listener] = []
    var acceptsPaused = false
    /// Of a connection that ``next()`` has told to be ended, where ``LinkEnd/isForOthers``.
    package internal(set) var endedPeer = EndedPeer()
    /// Who was turned away last for what its address has already.
    package internal(set) var refusedPeer: RefusedPeer?
    /// When a turn last looked for the connection that is furthest behind: it walks over all of them.
    var crowdSeen: UInt64 = 0
    /// Those that may go on, of this shard and others; the owner passes it on.
    package var releasedWaiters: [ReleasedWaiter] = []

    /// - Parameters:
    ///   - accept: for loops that listen; ``listen(on:tls:profile:)`` names one by its index.
    ///   - connect: for loops that open connections.
    ///   - kernel: what stands behind the sockets: the machine, or a simulation.
    ///   - codecMemory: of zlib; what a simulation hands in may have none left.
    package init(
        limits: Limits, accept: [AcceptProfile] = [], connect: ConnectProfile? = nil, kernel: Kernel = .system,
        codecMemory: CodecMemory = .pages
    ) throws(SystemError) {
        precondition(accept.count < LinkProfile.mostInLoop)
        self.limits = limits
        self.kernel = kernel
        accepts = accept
        // What its own connections are stands behind those that are accepted.
        profiles = accept.map(\.link) + (connect.map { [$0.link] } ?? [])
        connectProfile = connect
        poller = Box(try Poller(kernel))
        links = Box(Slab(capacity: limits.maxConnections))
        input = Box(ByteBuffer(capacity: limits.receiveBufferSize + LinkLoop.inputSlack))
        codecs = Box(CodecPool(limits: limits.codecs, memory: codecMemory))
        let now = kernel.now()
        timers = Box(TimerWheel(now: now))
        turn.value.now = now
    }

    deinit {
        let kernel = kernel
        for slot in 0..<links.value.usedSlots where links.value.contains(slot) {
            kernel.close(links.value[slot].descriptor)
        }
        for listener in listeners { kernel.close(listener.descriptor) }
    }

    /// Room in front of what is read for the bytes a connection kept from before.
    static let inputSlack = 64 * 1024

    /// What a connection is.
    func profile(_ slot: Int) -> LinkProfile { profiles[Int(links.value[slot].profile)] }

    /// What a connection was accepted by; `nil` of a client's.
    func accepted(_ slot: Int) -> AcceptProfile? {
        links.value[slot].isServer ? accepts[Int(links.value[slot].profile)] : nil
    }

    /// Nanoseconds of the monotonic clock, read once a turn.
    package var now: UInt64 { turn.value.now }

    /// Connections of this loop in any state.
    package var linkCount: Int { links.value.count }

    /// Octets of a connection that says nothing, roughly: what is kept of it, and the entries of tables and timers.
    package static var octetsOfConnection: Int {
        MemoryLayout<Link>.stride + MemoryLayout<RareState>.stride + 512
    }

    /// Octets of memory for inflated and assembled messages.
    package var messageMemory: Int { inflated.value.capacity + assembled.value.capacity }

    /// Bytes that wait to be sent, of all connections.
    package var queuedBytes: Int { pool.value.queuedBytes }

    func id(_ slot: Int) -> LinkID {
        LinkID(index: UInt32(truncatingIfNeeded: slot), generation: links.value[slot].generation)
    }

    /// The slot of a connection that still exists.
    func slot(_ id: LinkID) -> Int? {
        let slot = Int(id.index)
        guard links.value.contains(slot), links.value[slot].generation == id.generation else { return nil }
        return slot
    }

    package func isOpen(_ id: LinkID) -> Bool {
        openSlot(id) != nil
    }

    // MARK: Timers of the owner

    /// ``LinkEvent/timer(_:)`` brings `token` (60 bits) back at `deadline`.
    package func schedule(_ token: UInt64, at deadline: UInt64) -> TimerID {
        timers.value.schedule(token: Token.timer(.owner, token), deadline: deadline)
    }

    package func cancel(_ timer: TimerID) {
        timers.value.cancel(timer)
    }

    /// Whether a timer has yet to fire. Those of a turn have fired before its news are handed out.
    package func isPending(_ timer: TimerID) -> Bool {
        timers.value.isPending(timer)
    }

    /// Lets other threads end a ``wait(milliseconds:)``.
    package func watch(_ wakeUp: WakeUp) throws(SystemError) {
        try wakeUp.register(in: &poller.value, token: Token.descriptor(.wakeUp, 0))
    }
}

/// A listening socket, whether TLS is spoken there, and what its connections are.
struct Listener {
    var descriptor: Descriptor
    var tls: TLSContext?
    /// Index in ``LinkLoop/profiles``.
    var profile: Int
}

/// The state of one loop turn.
struct Turn: ~Copyable {
    var now: UInt64 = 0
    /// Events that ``Poller/wait(timeoutMilliseconds:)`` brought, and how many were handed out.
    var eventCount = 0
    var eventIndex = 0
    /// The connection whose bytes are being worked off, or -1, and its unread bytes in the receive buffer.
    var current = -1
    var window = 0..<0
    /// Whether the first of them were kept from before.
    var beginsWithKept = false
    /// Where the message that was handed out last is.
    var message = MessageBytes.none
    /// Connections to go on with although the kernel has nothing new for them.
    var scheduled = FlatList<UInt32>()
    var scheduledIndex = 0
    /// Connections with output to send at the end of the turn.
    var dirty = FlatList<UInt32>()
    var overdue = OverdueList()
    /// Connections that ended in this turn.
    var ended = FlatList<UInt32>()
    var expired: [UInt64] = []
    var expiredIndex = 0
    /// Nanoseconds that were spent on TLS handshakes.
    var securingTime: UInt64 = 0

    enum MessageBytes {
        case none
        case input(Range<Int>)
        case assembled
        case inflated
    }
}

/// What a loop has done; monotonic.
package struct LinkCounters: ~Copyable, Sendable {
    package var bytesIn: UInt64 = 0
    package var bytesOut: UInt64 = 0
    package var messagesIn: UInt64 = 0
    /// How often a socket was read and gave something.
    package var receives: UInt64 = 0
    package var messagesOut: UInt64 = 0
    /// How often a message was compressed: once for all connections that share the result.
    package var compressed: UInt64 = 0
    package var accepted: UInt64 = 0
    package var opened: UInt64 = 0
    /// TLS handshakes that were completed, and those of them that resumed a session.
    package var secured: UInt64 = 0
    package var resumed: UInt64 = 0
    /// Those whose output the kernel encrypts.
    package var leftToKernel: UInt64 = 0
    /// Refused because ``Limits/maxConnections`` was reached, descriptors ran out, or their address had too much.
    package var refused: UInt64 = 0
    /// Those of them that the system could not accept, each attempt counted, and why the last one was not.
    package var failedAccepts: UInt64 = 0
    package var acceptErrno: Int32 = 0
    /// Those of the refused that were refused for their address.
    package var refusedByAddress: UInt64 = 0
    /// Requests of front ends with an `X-Forwarded-For` that names no address.
    package var malformedForwards: UInt64 = 0
    /// Connections that were ended for what they did not take: nothing for long, too much, what was old.
    package var stalled: UInt64 = 0
    package var overflowed: UInt64 = 0
    package var outdated: UInt64 = 0
    /// Connections that were ended since what they took of the shard's memory was the most.
    package var crowdedOut: UInt64 = 0
    /// How often those who send to a connection went on although it was behind.
    package var detached: UInt64 = 0
    /// How often a connection was paused for a receiver, a ring, or the time that fanning its messages out takes.
    package var pauses: UInt64 = 0
    /// How often a connection was not read for a while since it had sent more than it may in a second.
    package var rationed: UInt64 = 0
    /// Most bytes that waited to be sent at a time: of all connections, and of one.
    package var mostQueued = 0
    package var mostQueuedOfOne = 0

    package init() {}
}

/// The tokens of the poller and the timer wheel: four bits of kind, 60 of value.
enum Token {
    enum Descriptors: UInt64 {
        case link = 0
        case listener = 1
        case wakeUp = 2
    }

    enum Timers: UInt64 {
        case handshake = 0
        case stall = 1
        case accept = 2
        case owner = 3
        case sweep = 4
        case ping = 5
        case hold = 6
        case part = 7
        case securing = 8
        case ration = 9
        case inflation = 10
    }

    static let valueMask: UInt64 = (1 << 60) - 1

    static func descriptor(_ kind: Descriptors, _ value: UInt64) -> UInt64 { kind.rawValue << 60 | value & valueMask }

    static func timer(_ kind: Timers, _ value: UInt64) -> UInt64 { kind.rawValue << 60 | value & valueMask }

    /// 32 bits of slot, 28 of generation.
    static func value(slot: Int, generation: UInt32) -> UInt64 {
        UInt64(generation & 0x0fff_ffff) << 32 | UInt64(UInt32(truncatingIfNeeded: slot))
    }

    static func slot(_ value: UInt64) -> Int { Int(value & 0xffff_ffff) }
    static func generation(_ value: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: value >> 32) & 0x0fff_ffff }
}
