import CRennbahnZlib

/// What the codecs of one shard share: the states that parked codecs borrow, and the count of live ones.
@safe
package struct CodecPool: ~Copyable {
    package let limits: CodecLimits
    private let memory: CodecMemory
    /// States that nobody uses; the one that was used last comes first.
    private var spares: UnsafeMutablePointer<ZlibState>?
    /// Length of the list of spare states.
    package private(set) var spareCount = 0
    /// Codecs with a state of their own.
    package private(set) var liveCount = 0
    /// Sweeps so far. Codecs compare it for equality only.
    private(set) var epoch: UInt32 = 0
    /// A whole window, for a compressor that keeps the end of it.
    private var scratch: UnsafeMutablePointer<UInt8>?

    package init(limits: CodecLimits = CodecLimits(), memory: CodecMemory = .heap) {
        self.limits = limits
        self.memory = memory
        unsafe spares = nil
        unsafe scratch = nil
    }

    deinit {
        var rest = unsafe spares
        while let state = unsafe rest {
            unsafe rest = state.pointee.next
            unsafe ZlibState.end(state)
        }
        unsafe scratch?.deallocate()
    }

    /// Whether a sweep has anything to do.
    package var needsSweep: Bool { liveCount > 0 || spareCount > CodecPool.keptSpares }

    /// Spare states that stay for the next message of whoever it may be: one for either direction.
    private static let keptSpares = 2

    /// Ends a sweep, in which every live codec was asked to park if it is idle.
    package mutating func endSweep() {
        // Those that were used last come first.
        var stale = 0
        var rest = unsafe spares
        while let state = unsafe rest {
            if unsafe state.pointee.epoch != epoch { stale &+= 1 }
            unsafe rest = state.pointee.next
        }
        for _ in 0..<min(stale, max(0, spareCount &- CodecPool.keptSpares)) { freeLastSpare() }
        epoch &+= 1
    }

    /// A state without a past; `nil` without memory.
    mutating func take(_ shape: ZlibShape) -> UnsafeMutablePointer<ZlibState>? {
        guard let spare = unsafe takeSpare(shape) else { return unsafe ZlibState.make(shape, memory) }
        let status =
            switch shape {
            case .compressor: unsafe deflateReset(&spare.pointee.stream)
            case .decompressor: unsafe inflateReset(&spare.pointee.stream)
            }
        precondition(status == Z_OK, "zlib's state is broken")
        return unsafe spare
    }

    /// Takes a state back, in whatever condition it is.
    mutating func giveBack(_ state: UnsafeMutablePointer<ZlibState>) {
        if spareCount >= limits.spareStates { freeLastSpare() }
        unsafe state.pointee.next = unsafe spares
        unsafe state.pointee.epoch = epoch
        unsafe spares = unsafe state
        spareCount &+= 1
    }

    private mutating func takeSpare(_ shape: ZlibShape) -> UnsafeMutablePointer<ZlibState>? {
        var previous: UnsafeMutablePointer<ZlibState>?
        var rest = unsafe spares
        while let state = unsafe rest {
            if unsafe state.pointee.shape == shape {
                if let previous = unsafe previous {
                    unsafe previous.pointee.next = state.pointee.next
                } else {
                    unsafe spares = state.pointee.next
                }
                spareCount &-= 1
                return unsafe state
            }
            unsafe previous = unsafe state
            unsafe rest = state.pointee.next
        }
        return nil
    }

    /// Frees the spare state that was not used for the longest time.
    private mutating func freeLastSpare() {
        guard var last = unsafe spares else { return }
        var previous: UnsafeMutablePointer<ZlibState>?
        while let next = unsafe last.pointee.next {
            unsafe previous = unsafe last
            unsafe last = unsafe next
        }
        if let previous = unsafe previous { unsafe previous.pointee.next = nil } else { unsafe spares = nil }
        spareCount &-= 1
        unsafe ZlibState.end(last)
    }

    // MARK: Live codecs

    /// Whether a codec with this use keeps the state that it has borrowed.
    func admits(_ use: CodecUse) -> Bool {
        use.count >= limits.messagesToLive && liveCount < limits.maxLive
    }

    /// Whether more codecs have a state of their own than may between messages.
    var isCrowded: Bool { liveCount > limits.maxLive }

    mutating func liveBegan() {
        liveCount &+= 1
    }

    mutating func liveEnded() {
        liveCount &-= 1
    }

    /// Room for a whole window.
    mutating func wholeWindow() -> UnsafeMutablePointer<UInt8> {
        if let scratch = unsafe scratch { return unsafe scratch }
        let fresh = UnsafeMutablePointer<UInt8>.allocate(capacity: 1 << 15)
        unsafe scratch = unsafe fresh
        return unsafe fresh
    }
}

/// How busy a codec is.
struct CodecUse {
    /// The sweeps before its last message.
    private(set) var epoch: UInt32 = 0
    /// Its messages since then; stays at 255.
    private(set) var count: UInt8 = 0

    mutating func note(_ epoch: UInt32) {
        if self.epoch != epoch {
            self.epoch = epoch
            count = 0
        }
        if count < .max { count &+= 1 }
    }
}
