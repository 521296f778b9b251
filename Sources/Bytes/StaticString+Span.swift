extension StaticString {
    /// The bytes of a literal, which are there for good.
    @inlinable
    public var utf8Bytes: Span<UInt8> {
        @_lifetime(immortal)
        get {
            let buffer = unsafe UnsafeBufferPointer(start: utf8Start, count: utf8CodeUnitCount)
            let span = unsafe Span<UInt8>(_unsafeElements: buffer)
            return unsafe _overrideLifetime(span, copying: ())
        }
    }
}
