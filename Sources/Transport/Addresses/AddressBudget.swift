/// What one address may have of a transport; `nil`: as much as it likes.
package struct AddressLimits: Sendable, Equatable {
    /// Connections at a time: a fifth of what a transport has by default, and enough to load a router from one machine.
    package var connections: Int? = 10_000
    /// Those of them whose opening handshakes, TLS included, are under way. A core makes 2,400 TLS handshakes a second with RSA
    /// keys (docs/tls.md), so that what is above would wait for two seconds and more; a machine full of clients that connects
    /// 4,000 times a second, as `rennbahn load` does, stays below.
    package var handshakes: Int? = 5_000
    /// Logins in a row that may fail before those that follow have to wait.
    package var failedLogins: Int? = 5

    package init() {}

    /// Nothing is counted.
    package static var off: AddressLimits {
        var limits = AddressLimits()
        (limits.connections, limits.handshakes, limits.failedLogins) = (nil, nil, nil)
        return limits
    }
}

/// What each address has of a transport: connections, handshakes that are under way, logins that failed. It is asked when a
/// connection is accepted and before a login is judged, and told what became of them. A value; time is handed in, in nanoseconds.
///
/// It has an entry for each address with connections, so no more than there are of those, and remembers the failed logins of
/// ``mostRemembered`` addresses: of those that failed last.
package struct AddressBudget: Sendable {
    /// Why a connection is refused.
    package enum Refusal: Sendable, Equatable {
        case connections
        case handshakes
    }

    /// When a login may be judged.
    package enum Turn: Sendable, Equatable {
        case now
        case later(UInt64)
        /// So many wait for the same address that it would take longer than ``mostWait``.
        case refused
    }

    /// From the first failed login too many to the next that is judged; twice as long each time.
    package static let firstDelay: UInt64 = 1_000_000_000
    package static let longestDelay: UInt64 = 60_000_000_000
    /// A login that would have to wait for longer is refused at once.
    package static let mostWait: UInt64 = 60_000_000_000
    /// Failed logins are forgotten so long after the last one.
    package static let memory: UInt64 = 600_000_000_000
    /// Addresses whose failed logins are remembered.
    package static let mostRemembered = 4096

    private struct Links {
        var count = 0
        var opening = 0
    }

    private struct Failures {
        var count = 0
        var lastAt: UInt64 = 0
        /// Before that none is judged.
        var next: UInt64 = 0
    }

    private let limits: AddressLimits
    private var links: [IPAddress: Links] = [:]
    private var failures: [IPAddress: Failures] = [:]

    package init(_ limits: AddressLimits) {
        self.limits = limits
    }

    /// Addresses that there is an entry for.
    package var addresses: Int { links.count }
    package var remembered: Int { failures.count }

    // MARK: Connections

    /// A connection begins, its handshake with it; `nil`: it is counted from now on.
    package mutating func open(_ address: IPAddress) -> Refusal? {
        var state = links[address] ?? Links()
        if let most = limits.connections, state.count >= most { return .connections }
        if let most = limits.handshakes, state.opening >= most { return .handshakes }
        state.count += 1
        state.opening += 1
        links[address] = state
        return nil
    }

    /// The handshake of a counted connection is done.
    package mutating func opened(_ address: IPAddress) {
        links[address]?.opening -= 1
    }

    /// A counted connection has ended.
    ///
    /// - Parameter isOpening: whether its handshake was still under way.
    package mutating func close(_ address: IPAddress, isOpening: Bool) {
        guard var state = links[address] else { return }
        state.count -= 1
        if isOpening { state.opening -= 1 }
        links[address] = state.count > 0 ? state : nil
    }

    // MARK: Logins

    /// A login is about to be judged. Turns follow one another, so that nobody has more of them by asking on many connections.
    package mutating func turn(of address: IPAddress, at now: UInt64) -> Turn {
        guard let most = limits.failedLogins, var state = recent(address, now), state.count >= most else { return .now }
        let due = max(now, state.next)
        guard due - now <= AddressBudget.mostWait else { return .refused }
        state.next = due + delay(after: state.count)
        failures[address] = state
        return due == now ? .now : .later(due)
    }

    package mutating func loginFailed(_ address: IPAddress, at now: UInt64) {
        guard let most = limits.failedLogins else { return }
        var state = recent(address, now) ?? Failures()
        state.count += 1
        state.lastAt = now
        if state.count >= most { state.next = max(state.next, now + delay(after: state.count)) }
        if failures[address] == nil, failures.count >= AddressBudget.mostRemembered { forgetOldest() }
        failures[address] = state
    }

    /// Somebody has proved who it is: the failures before are forgotten.
    package mutating func loginSucceeded(_ address: IPAddress) {
        if !failures.isEmpty { failures[address] = nil }
    }

    /// What failed lately; what is older is forgotten.
    private mutating func recent(_ address: IPAddress, _ now: UInt64) -> Failures? {
        guard let state = failures[address] else { return nil }
        // Turns that were given keep the order, also of those that come behind the time.
        if max(state.lastAt, state.next) + AddressBudget.memory > now { return state }
        failures[address] = nil
        return nil
    }

    private func delay(after count: Int) -> UInt64 {
        let doublings = count - (limits.failedLogins ?? count)
        return doublings >= 6 ? AddressBudget.longestDelay : AddressBudget.firstDelay << UInt64(max(0, doublings))
    }

    private mutating func forgetOldest() {
        if let oldest = failures.min(by: { $0.value.lastAt < $1.value.lastAt })?.key { failures[oldest] = nil }
    }
}
