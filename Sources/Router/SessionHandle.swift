/// Names a session within its shard: the slot of its connection, and how often the slot was used before, so that a
/// handle which outlived its connection is recognized.
package struct SessionHandle: Hashable, Sendable, BitwiseCopyable {
    package var index: UInt32
    package var generation: UInt32

    package init(index: UInt32, generation: UInt32) {
        self.index = index
        self.generation = generation
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
