package import RennbahnWebSocketDeflate

/// The bounds of a connection and of the shard that owns it that a node may set. Times are in nanoseconds, sizes in bytes.
///
/// Nothing in the transport grows without one of these: the memory of a shard is at most `receiveBufferSize`, plus for
/// each connection `MessageReader.streamingThreshold` and a head, plus `maxUnfinished`, `maxPausedInput` and `maxQueuedOfAll`
/// for all together, and with ``SlowReceivers/hold`` `maxQueuedOutput` and `receiveBufferSize` for each instead.
package struct Limits: Sendable, Equatable {
    /// Connections of one shard; a further one is accepted and dropped at once.
    package var maxConnections = 50_000
    /// From the accepted (or begun) TCP connection to the end of the opening handshake.
    package var openHandshakeTimeout: UInt64 = 5_000_000_000
    /// Time that TLS handshakes may take of one turn before the rest waits for the next: they cost a thousand times what a
    /// message does.
    package var securingTimePerTurn: UInt64 = 2_000_000
    /// TLS handshakes of accepted connections that are under way: above that the newest one of the address that has the most is
    /// ended. Twice what one address may have (``AddressLimits/handshakes``).
    package var maxUnfinishedHandshakes = 10_000
    /// From CHALLENGE to AUTHENTICATE: somebody may have to type a ticket.
    package var challengeTimeout: UInt64 = 30_000_000_000
    /// From the end of the opening handshake, or from GOODBYE, to HELLO; 0: it may take as long as it likes.
    package var helloTimeout: UInt64 = 10_000_000_000
    /// From our close frame to the peer's.
    package var closeHandshakeTimeout: UInt64 = 2_000_000_000
    /// Request or response head of the opening handshake.
    package var maxHeaderSize = 16 * 1024
    /// Octets of a file that are read, and queued, at a time.
    package var filePart = 128 * 1024
    /// A message on the wire, put together from its fragments, and again after inflating.
    package var maxMessageSize = 16 * 1024 * 1024
    /// As ``maxMessageSize``, of a connection without a session: of somebody who has not said yet who that is.
    package var maxMessageSizeBeforeSession = 64 * 1024
    /// A message from its first octet to its last may take so long, and the time of its octets at ``slowestMessage`` besides; 0:
    /// as long as it likes. Where it is over, the connection is ended. Of accepted connections.
    package var messageGrace: UInt64 = 30_000_000_000
    /// Octets of a second.
    package var slowestMessage = 16 * 1024
    /// What a shard may have for what clients make it keep: ``setMemory(_:)`` divides it.
    package private(set) var memory = 1024 * 1024 * 1024
    /// Octets that the router of a shard may keep of sessions, subscriptions, registrations and calls.
    package var maxState = 256 * 1024 * 1024
    /// Octets of messages that are not whole yet, of all connections of the shard: above that the largest one's is ended.
    package var maxUnfinished = 256 * 1024 * 1024
    /// Octets that connections have sent that are not read for a while, of all of the shard: above that the one with the most is
    /// ended. Those that wait as long as it takes (``SlowReceivers/hold``) are not among them.
    package var maxPausedInput = 256 * 1024 * 1024
    /// Frames of any kind, pings and fragments included, that an accepted connection may send in a second, and in one second at
    /// once, before it is not read for a while; over RawSocket messages, pings and pongs. At most 1,000,000,000; 0: any number.
    package var messageRate = 0
    /// Octets of those frames as they come, heads included, likewise.
    package var octetRate = 0
    /// What becomes of those who send to a connection that takes less than it is sent.
    package var slowReceivers = SlowReceivers.hold
    /// Queued output of a connection above which those who send to it are not read from.
    package var queuedOutputHighMark = 1024 * 1024
    /// Queued output below which they are read from again.
    package var queuedOutputLowMark = 256 * 1024
    /// Queued output of a connection, its last message left out, that is never exceeded: the connection is ended instead.
    package var maxQueuedOutput = 16 * 1024 * 1024
    /// Memory of what is queued for all connections of the shard: above that, of those that nobody waits for any longer
    /// (``SlowReceivers/disconnect``), the one that is furthest behind is ended.
    package var maxQueuedOfAll = 256 * 1024 * 1024
    /// A connection with queued output that the peer takes nothing of for this long is ended.
    package var stallTimeout: UInt64 = 20_000_000_000
    /// One that nobody waits for is ended when an EVENT waits for it for this long.
    package var oldestEvent: UInt64 = 60_000_000_000
    /// How long a shard that has nothing to do looks for more before it sleeps. 0: it sleeps at once. Otherwise a message
    /// that comes in time is answered without a wake-up, at the price of a core that is always busy.
    package var busyPoll: UInt64 = 0
    /// From the GOODBYE of a router that shuts down to the end of its connections.
    package var shutdownTimeout: UInt64 = 3_000_000_000
    /// The buffer that every ready connection of a shard reads into.
    package var receiveBufferSize = 256 * 1024
    /// What a shard keeps of the buffer that messages are inflated into; a longer message takes it along when it is dealt with.
    package var keptInflated = 256 * 1024
    /// Octets that are inflated of a message, or taken of it for that, before its connection goes behind the others for the rest.
    package var inflatedAtOnce = 256 * 1024
    /// Time that fanning out may take of one turn of a shard, and that sending what came of it may take, before others are heard.
    package var fanOutTime: UInt64 = 5_000_000
    /// New connections taken from a listening socket in one loop turn.
    package var acceptsPerTurn = 64
    /// Waiting connections in the kernel's queue of a listening socket.
    package var backlog: Int32 = 4096
    /// Bytes that the kernel may queue for a connection before they count here (SO_SNDBUF); `nil`: as many as it likes.
    package var socketSendBuffer: Int32?
    /// The ring between each ordered pair of shards.
    package var ringCapacity = 1024 * 1024

    /// What compressed connections keep between messages.
    package var codecs = CodecLimits()

    package init() {}

    /// What EVENTs may take of ``maxQueuedOutput``: a sixteenth is kept for replies, so that whoever is behind with its events
    /// gets those still. Where slow receivers are held, they may take all.
    package var maxQueuedEvents: Int { maxQueuedOutput - maxQueuedOutput / 16 }

    /// The least that ``setMemory(_:)`` takes.
    package static let leastMemory = 64 * 1024 * 1024

    /// Sets ``memory``, and a quarter of it each for messages that are not whole (``maxUnfinished``), for input that is not
    /// worked off (``maxPausedInput``), for what waits to be sent (``maxQueuedOfAll``), and for what the router keeps
    /// (``maxState``).
    package mutating func setMemory(_ bytes: Int) {
        precondition(bytes >= Limits.leastMemory)
        memory = bytes
        maxUnfinished = bytes / 4
        maxPausedInput = bytes / 4
        maxQueuedOfAll = bytes / 4
        maxState = bytes / 4
    }

    /// Sets ``maxQueuedOutput``, and lowers the marks of back-pressure below it where they would stand above.
    package mutating func setMaxQueuedOutput(_ bytes: Int) {
        maxQueuedOutput = bytes
        queuedOutputHighMark = min(queuedOutputHighMark, bytes / 2)
        queuedOutputLowMark = min(queuedOutputLowMark, bytes / 8)
    }
}
