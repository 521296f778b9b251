import RennbahnBytes
import RennbahnReactor
import RennbahnWebSocket
import RennbahnWebSocketDeflate

/// One connection: its socket, its WebSocket state and its queued output. It lives in a slot of its shard's slab for
/// life, and only that shard's thread touches it. Idle, it owns no buffer.
struct Link: ~Copyable {
    /// How messages go out, settled when the connection opens.
    enum SendWay: UInt8 {
        /// In one frame, as they are: the frame that all such connections share.
        case plain
        case compressed
        /// A client's.
        case masked
        /// As ``WebSocketOptions`` shape a server's frames, compressed or not.
        case shaped
        /// In frames of RawSocket, which the connection speaks instead of WebSocket.
        case rawSocket
    }

    // What every message touches stands first, so that it shares a cache line. With thousands of connections the lines
    // of one are out of the cache when its next message comes. (What ``life`` knows of the end comes along: 16 octets.)

    let descriptor: Descriptor
    var generation: UInt32
    var life: ConnectionLife
    /// What the poller watches the socket for.
    var interest: Interest
    var isDirty = false
    var isScheduled = false
    /// Whether it was above the high mark, or its share of a crowd's, since it was last below the low one, so that somebody may
    /// wait for it, or need not.
    var isBehind = false
    /// Whether it is not read until its own output is below the low mark.
    var waitsForItself = false
    /// Whether the connection has a session of TLS, in ``rare``.
    var isSecure = false
    var sendTakeover = true
    var sendWay = SendWay.masked
    /// Agreed parameters of our own direction; 0: not compressed.
    var sendWindowBits: UInt8 = 0
    var output = OutputQueue()
    /// Received bytes that do not make a whole head or frame yet, or that a paused connection has not worked off.
    var kept = ByteBuffer()
    var reader: MessageReader

    // What is seldom touched.

    var deflater: Deflater?
    var inflater: Inflater?
    /// Where it is on the list of ``CodecSweep`` while one of both codecs has a state of zlib of its own; else -1.
    var liveIndex: Int32 = -1
    /// RawSocket: the peer takes messages of up to 2^this octets.
    var rawSocketExponent: UInt8 = 0
    /// Whether a part of a message waits in ``rare`` for the rest to be inflated; it is not read until then.
    var isInflating = false
    /// Whether what it sends is counted, in ``rare``.
    var isRationed = false
    /// What most connections have no need of; `nil` until there is some of it.
    var rare: Box<RareState>?
    /// Index of the agreed subprotocol, -1 for none.
    var subprotocol: Int16 = -1
    /// Index of what it is, in ``LinkLoop/profiles``; of a server's also in ``LinkLoop/accepts``.
    var profile: UInt16 = 0
    /// Octets below which a message of a connection with compression goes as it is.
    var compressionThreshold: UInt32 = 0
    /// Of what is waited for: ``ConnectionLife/Wait``.
    var timer: TimerID?
    var stallTimer: TimerID?
    /// Of what the peer takes of its output; kept up while more of it waits for room.
    var pace = Pace(at: 0)

    init(descriptor: Descriptor, generation: UInt32, life: ConnectionLife, maxMessageSize: Int) {
        self.descriptor = descriptor
        self.generation = generation
        self.life = life
        interest = life.interest
        reader = MessageReader(
            role: life.role, maxMessageSize: maxMessageSize, compression: false, validatesText: false)
    }

    var role: Role { life.role }

    func isOpen(generation: UInt32) -> Bool {
        life.isOpen && self.generation == generation
    }

    // A switch, since `==` on an enumeration of another module is a call of a witness.
    var isServer: Bool {
        switch life.role {
        case .server: true
        case .client: false
        }
    }

    /// Whether its messages go out as they are: not masked, not compressed.
    var takesPlainFrames: Bool {
        switch sendWay {
        case .plain: true
        case .compressed, .masked, .shaped, .rawSocket: false
        }
    }

    /// A kept tail up to this size leaves its storage to the connection, so that a stream that is cut in the middle of
    /// small frames does not allocate for each read.
    private static let keptCapacity = 256

    mutating func moveKept(to buffer: inout ByteBuffer) {
        guard !kept.isEmpty else { return }
        buffer.append(kept.span)
        kept.removeAll(keepingCapacity: kept.capacity <= Link.keptCapacity)
    }
}
