/// An id of the protocol (WAMP specification, "IDs"): an integer from 1 to 2^53, which every serializer and every language
/// has a form for. The scanners let no other pass.
///
/// Each kind is a type of its own, so that none is taken for another, and costs what the number costs: protocol and types are
/// `@usableFromInline`, since without it nothing of a package's type is inlined into other modules, and generic code there
/// would go through witness tables.
@usableFromInline
package protocol WAMPID: Hashable, Sendable, BitwiseCopyable, ExpressibleByIntegerLiteral {
    var value: UInt64 { get }

    init(_ value: UInt64)
}

extension WAMPID {
    /// 0, which is nobody's id: what stands where none is known yet, or where a message answers no request.
    @inlinable
    @inline(__always)
    package static var none: Self { Self(0) }

    @inlinable
    @inline(__always)
    package init(integerLiteral value: UInt64) { self.init(value) }

    @inlinable
    @inline(__always)
    package static func == (one: Self, other: Self) -> Bool { one.value == other.value }
}

/// Names a session: drawn at random by the router, global scope.
@usableFromInline
package struct SessionID: WAMPID {
    @usableFromInline
    package var value: UInt64

    @inlinable
    @inline(__always)
    package init(_ value: UInt64) { self.value = value }
}

/// Names a publication: drawn at random by the router, global scope.
@usableFromInline
package struct PublicationID: WAMPID {
    @usableFromInline
    package var value: UInt64

    @inlinable
    @inline(__always)
    package init(_ value: UInt64) { self.value = value }
}

/// Names a subscription: chosen by the router, router scope.
@usableFromInline
package struct SubscriptionID: WAMPID {
    @usableFromInline
    package var value: UInt64

    @inlinable
    @inline(__always)
    package init(_ value: UInt64) { self.value = value }
}

/// Names a registration: chosen by the router, router scope.
@usableFromInline
package struct RegistrationID: WAMPID {
    @usableFromInline
    package var value: UInt64

    @inlinable
    @inline(__always)
    package init(_ value: UInt64) { self.value = value }
}

/// Names a request of a client, or an invocation of the router's, within the session that the message belongs to and among
/// those of its sender: session scope, counted up by one.
@usableFromInline
package struct RequestID: WAMPID {
    @usableFromInline
    package var value: UInt64

    @inlinable
    @inline(__always)
    package init(_ value: UInt64) { self.value = value }

    /// The id that comes behind this one, and first behind ``none``: 1 again behind 2^53.
    package var next: RequestID { RequestID(value == ScanLimit.id ? 1 : value &+ 1) }
}
