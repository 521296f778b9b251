/// Names a connection within its shard, as the shell counts: the slot of the connection, and how often the slot was
/// used before.
///
/// One connection may carry several sessions one after the other (HELLO … GOODBYE, HELLO …); a session among them is
/// named by a ``SessionReference``.
public struct SessionHandle: Hashable, Sendable, BitwiseCopyable {
    /// Dense from 0: sessions are stored by it.
    public var index: UInt32
    /// How often the slot was used before.
    public var generation: UInt32

    /// The connection in a slot.
    @inlinable
    public init(index: UInt32, generation: UInt32) {
        self.index = index
        self.generation = generation
    }
}

/// Names a session from any shard, given the shard: the slot of its connection, and which of the sessions that were
/// opened on the shard it is, so that an answer which comes too late never reaches the next session of the connection.
package struct SessionReference: Hashable, Sendable, BitwiseCopyable {
    package var index: UInt32
    package var incarnation: UInt32

    package init(index: UInt32, incarnation: UInt32) {
        self.index = index
        self.incarnation = incarnation
    }
}

/// Names a call from any shard: the caller's shard owns it, `slot` and `generation` name it there.
package struct CallReference: Hashable, Sendable, BitwiseCopyable {
    package var shard: UInt16
    package var slot: UInt32
    package var generation: UInt32

    package init(shard: UInt16, slot: UInt32, generation: UInt32) {
        self.shard = shard
        self.slot = slot
        self.generation = generation
    }
}
