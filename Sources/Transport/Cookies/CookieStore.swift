package import RennbahnCookies
import RennbahnCrypto
package import RennbahnReactor
import Synchronization

/// What cookies are to a listening transport.
package struct CookieUse: Sendable {
    package var store: CookieStore
    /// Whoever brings the cookie of somebody who was authenticated may join as that.
    package var authenticates: Bool
    /// Sessions without another way to be somebody have the cookie's value as their `authid`.
    package var namesSessions: Bool

    package init(_ store: CookieStore, authenticates: Bool = false, namesSessions: Bool = true) {
        self.store = store
        self.authenticates = authenticates
        self.namesSessions = namesSessions
    }
}

/// The cookies of a listening transport, which the shards share: asked when connections open and sessions begin and end,
/// never for a message. A lock guards them, which is held while a dictionary is looked at and a few octets are handed to the
/// kernel, and never while a disk is waited for: that is the work of a thread of the store's own (``CookieFileKeeper``).
package final class CookieStore: Sendable {
    /// Cookies at a time: about 30 MiB. ``CookieJar`` says who makes room.
    package static let mostCookies = 100_000
    /// Octets of a file, which is written anew long before with so many cookies.
    package static let largestFile = 1 << 30

    private let keeper: CookieFileKeeper
    /// Seconds since 1970; tests have their own.
    private let clock: @Sendable () -> UInt64

    package static let disk: @Sendable (Descriptor) throws(SystemError) -> Void = {
        (descriptor) throws(SystemError) in try AppendFile.synchronize(descriptor)
    }

    package static let wallClock: @Sendable () -> UInt64 = { WallClock.now() / 1_000_000_000 }

    /// A store that ends with the process.
    package init(
        _ policy: CookiePolicy, capacity: Int = mostCookies, clock: @escaping @Sendable () -> UInt64 = wallClock
    ) {
        self.clock = clock
        keeper = CookieFileKeeper(CookieJar(policy: policy, capacity: capacity))
    }

    /// A store that the cookies of a file are in, and that writes them there.
    ///
    /// - Parameters:
    ///   - purges: the file is written anew at once, without what has expired.
    ///   - synchronizes: waits until what a file has is on the disk, on a thread of the store's own.
    ///   - report: is told when the file cannot be written, and when it can again.
    package init(
        _ policy: CookiePolicy, path: String, purges: Bool = false, capacity: Int = mostCookies,
        largestFile: Int = largestFile, clock: @escaping @Sendable () -> UInt64 = wallClock,
        synchronizes: @escaping @Sendable (Descriptor) throws(SystemError) -> Void = CookieStore.disk,
        report: @escaping @Sendable (String) -> Void
    ) throws(CookieFileFailure) {
        self.clock = clock
        keeper = try CookieFileKeeper(
            CookieJar(policy: policy, capacity: capacity), path: path, largestFile: largestFile, now: clock(),
            synchronizes: synchronizes, report: report)
        if purges { keeper.rewrite() }
        try keeper.start()
    }

    deinit {
        keeper.stop()
    }

    /// Cookies that there are.
    package var count: Int { keeper.change { $0.count } }

    /// A client connects with these `Cookie` headers; the header to answer with is `nil` for one that has its cookie.
    /// Without a value there is no room for one more.
    ///
    /// - Parameter renewsUnproved: as of ``CookieJar/visit(_:renewsUnproved:now:random:)``.
    package func visit(_ fields: [String], renewsUnproved: Bool = false) -> (value: String?, header: String?) {
        let now = clock()
        let visit = keeper.change { jar in
            jar.visit(
                CookieHeader.values(of: jar.policy.name, in: fields), renewsUnproved: renewsUnproved, now: now
            ) { count in
                var random = [UInt8](repeating: 0, count: count)
                SecureRandom.fillBytes(&random)
                return random
            }
        }
        switch visit {
        case .known(let value): return (value, nil)
        case .issued(let value): return (value, keeper.policy.header(value: value))
        case .full: return (nil, nil)
        }
    }

    package func identity(of value: String) -> CookieIdentity? {
        let now = clock()
        return keeper.change { $0.identity(of: value, now: now) }
    }

    package func identify(_ value: String, _ identity: CookieIdentity) {
        let now = clock()
        keeper.change { _ = $0.identify(value, identity, now: now) }
    }

    package func forget(_ value: String) { keeper.change { $0.forget(value) } }

    package func delete(_ value: String) { keeper.change { $0.delete(value) } }
}
