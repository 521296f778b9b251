/// Bounds of what the compressed connections of one shard keep between messages.
///
/// A codec is one direction of one connection. Its messages need zlib's state, which is large (about 264 KiB to compress
/// and 40 KiB to decompress with the default parameters); between messages only the sliding window matters. So a codec
/// has a state of its own only while it is busy ("live"); otherwise it is parked: it keeps its window, no more, and
/// borrows a state from the shard for the time of a message.
package struct CodecLimits: Sendable, Equatable {
    /// Messages of one codec between two sweeps from which on it keeps the state that it works with. A codec with fewer
    /// pays for each message what it costs to restore the window, but no memory.
    package var messagesToLive: UInt8 = 4
    /// Codecs with a state of their own; above, also busy ones borrow. One whose message is inflated in pieces keeps its state until
    /// that is whole, beyond these.
    package var maxLive = 4096
    /// Octets of its window that a parked compressor keeps. It may forget, since what it refers to is its own choice; a
    /// parked decompressor keeps all that the peer may refer to, at most 32 KiB.
    package var parkedWindow = 1024
    /// States that nobody uses, kept for the next borrowers; those that had none between two sweeps are freed.
    package var spareStates = 64
    /// Codecs that one step of a sweep parks, so that the shard's other connections do not wait for all of them.
    package var parkedPerStep = 64
    /// Nanoseconds from a sweep to the next, while any codec is live: who had no message in between is parked.
    package var sweepInterval: UInt64 = 1_000_000_000
    /// Nanoseconds between the steps of a sweep.
    package var stepInterval: UInt64 = 5_000_000

    package init() {}
}
