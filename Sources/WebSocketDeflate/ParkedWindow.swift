/// The octets that the next message may refer to, of a codec that has no state.
///
/// ```
/// │ capacity (4) │ count (4) │ octets … │
/// ```
@safe
struct ParkedWindow: ~Copyable {
    private static let header = 8

    /// `nil` while there is nothing to refer to.
    private var base: UnsafeMutableRawPointer?

    init() {
        unsafe base = nil
    }

    deinit {
        unsafe base?.deallocate()
    }

    var capacity: Int {
        unsafe base.map { unsafe Int($0.load(as: UInt32.self)) } ?? 0
    }

    var count: Int {
        unsafe base.map { unsafe Int($0.load(fromByteOffset: 4, as: UInt32.self)) } ?? 0
    }

    /// The octets; valid until the window changes.
    @unsafe
    var bytes: UnsafeMutablePointer<UInt8>? {
        unsafe base.map { unsafe ($0 + ParkedWindow.header).assumingMemoryBound(to: UInt8.self) }
    }

    /// Makes the window `count` octets long, which the caller writes. A storage that is much too large is given up.
    mutating func resize(to count: Int) {
        let capacity = capacity
        if count > capacity || capacity > 2 &* count &+ 64 {
            unsafe base?.deallocate()
            unsafe base = nil
            guard count > 0 else { return }
            let rounded = (count &+ ParkedWindow.header &+ 15) & ~15
            let fresh = UnsafeMutableRawPointer.allocate(byteCount: rounded, alignment: 8)
            unsafe fresh.storeBytes(of: UInt32(rounded &- ParkedWindow.header), as: UInt32.self)
            unsafe base = unsafe fresh
        }
        unsafe base?.storeBytes(of: UInt32(count), toByteOffset: 4, as: UInt32.self)
    }

    mutating func clear() {
        unsafe base?.deallocate()
        unsafe base = nil
    }
}
