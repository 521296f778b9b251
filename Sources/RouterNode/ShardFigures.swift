import RennbahnTransport

/// What a shard did, told when it has ended.
package struct ShardFigures: Sendable, Equatable {
    package var messagesIn: UInt64
    package var messagesOut: UInt64
    /// How often a message was compressed: once for all receivers that share the result.
    package var compressed: UInt64
    /// TLS handshakes, and those of them that resumed a session, or left encrypting to the kernel.
    package var secured: UInt64
    package var resumed: UInt64
    package var leftToKernel: UInt64
    /// Connections that were turned away for what their address has already.
    package var refusedByAddress: UInt64
    /// Connections that were dropped because they took nothing for ``Limits/stallTimeout``.
    package var stalled: UInt64
    /// Connections that were dropped because more than ``Limits/maxQueuedOutput`` waited for them.
    package var overflowed: UInt64
    /// Connections that were dropped because an EVENT waited for them for ``Limits/oldestEvent``.
    package var outdated: UInt64
    /// Connections that were dropped since they took most of the shard's memory.
    package var crowdedOut: UInt64
    /// Connections that were ended for the sake of others.
    package var dropped: UInt64 { stalled + overflowed + outdated + crowdedOut }
    /// How often those who send to a connection went on although it was behind.
    package var detached: UInt64
    /// How often a connection was not read for a while because a receiver of its messages, or a ring, was full.
    package var pauses: UInt64
    /// How often a connection was not read for a while since it had sent more than its rates allow.
    package var rationed: UInt64
    /// Most bytes that waited to be sent at a time: of all connections, and of one.
    package var mostQueued: Int
    package var mostQueuedOfOne: Int
    /// EVENTs that were not sent because their receiver, over RawSocket, takes no messages of that size.
    package var oversized: UInt64 = 0
    /// EVENTs that were left out for a subscriber that was behind and had asked for that (`x_slow`), kept ones included.
    package var leftOut: UInt64 = 0
    /// PUBLISHes that reached nobody, since their `exclude` or `eligible` options are not offered.
    package var refusedPublications: UInt64 = 0
    /// HELLOs and AUTHENTICATEs that led to no session, and challenges that nobody answered.
    package var refusedLogins: UInt64 = 0
    /// Most bytes that waited at a time in front of a full ring to another shard.
    package var mostOverflowed = 0

    init(_ counters: borrowing LinkCounters) {
        messagesIn = counters.messagesIn
        messagesOut = counters.messagesOut
        compressed = counters.compressed
        secured = counters.secured
        resumed = counters.resumed
        leftToKernel = counters.leftToKernel
        refusedByAddress = counters.refusedByAddress
        stalled = counters.stalled
        overflowed = counters.overflowed
        outdated = counters.outdated
        crowdedOut = counters.crowdedOut
        detached = counters.detached
        pauses = counters.pauses
        rationed = counters.rationed
        mostQueued = counters.mostQueued
        mostQueuedOfOne = counters.mostQueuedOfOne
    }
}
