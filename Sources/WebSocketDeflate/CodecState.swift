import CRennbahnZlib

/// What a codec has of its own between messages: a state of zlib while it is live, its window while it is parked.
@safe
struct CodecState: ~Copyable {
    private var use = CodecUse()
    private(set) var live: UnsafeMutablePointer<ZlibState>?
    /// What the next message may refer to, while it is parked.
    var window = ParkedWindow()

    init() {
        unsafe live = nil
    }

    deinit {
        if let live = unsafe live { unsafe ZlibState.end(live) }
    }

    /// There is a message.
    mutating func noteUse(_ pool: borrowing CodecPool) {
        use.note(pool.epoch)
    }

    /// Whether there was none since the last sweep.
    func isIdle(_ pool: borrowing CodecPool) -> Bool {
        use.epoch != pool.epoch
    }

    /// Keeps the state that was borrowed for a message, if the codec is busy enough.
    mutating func settle(_ borrowed: UnsafeMutablePointer<ZlibState>, _ pool: inout CodecPool) -> Bool {
        guard pool.admits(use) else { return false }
        unsafe keep(borrowed, &pool)
        return true
    }

    /// Keeps the state that was borrowed for a message until that is whole.
    mutating func keep(_ borrowed: UnsafeMutablePointer<ZlibState>, _ pool: inout CodecPool) {
        pool.liveBegan()
        unsafe live = unsafe borrowed
        window.clear()
    }

    /// Gives the state back.
    mutating func giveUp(_ pool: inout CodecPool) {
        guard let own = unsafe live else { return }
        unsafe live = nil
        pool.liveEnded()
        unsafe pool.giveBack(own)
    }

    /// Gives the state back and forgets what was before.
    mutating func finish(_ pool: inout CodecPool) {
        window.clear()
        giveUp(&pool)
    }
}
