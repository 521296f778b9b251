/// A value at a fixed address, owned by one object and touched by one thread.
///
/// A stored property of a class pays a dynamic exclusivity check for each access from another file; the value of a
/// constant box does not. The owner keeps the law of exclusivity itself: nobody mutates the value while somebody
/// borrows it.
@safe
public struct Box<Value: ~Copyable>: ~Copyable {
    @usableFromInline
    let address: UnsafeMutablePointer<Value>

    /// Moves `value` to its place.
    @inlinable
    public init(_ value: consuming Value) {
        unsafe address = UnsafeMutablePointer<Value>.allocate(capacity: 1)
        unsafe address.initialize(to: value)
    }

    @inlinable
    deinit {
        unsafe address.deinitialize(count: 1)
        unsafe address.deallocate()
    }

    /// The value in place.
    @inlinable
    public var value: Value {
        unsafeAddress {
            unsafe UnsafePointer(address)
        }
        nonmutating unsafeMutableAddress {
            unsafe address
        }
    }
}

extension Box where Value == ByteBuffer {
    /// The buffer's bytes, without a lifetime: a constant property of a class cannot lend one out. The caller binds it
    /// to an object that owns the box with `_overrideLifetime(_:borrowing:)`, and lets nobody change the buffer while
    /// the span is in use.
    @inlinable
    @unsafe
    public var unboundSpan: Span<UInt8> {
        @_lifetime(immortal)
        borrowing get {
            let bytes = unsafe UnsafeRawBufferPointer(start: address.pointee.base, count: address.pointee.used)
            let span = unsafe Span<UInt8>(_unsafeBytes: bytes)
            return unsafe _overrideLifetime(span, copying: ())
        }
    }
}
