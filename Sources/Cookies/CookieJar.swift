/// The cookies of one store: who has which, how old it is and whom it stands for. Time and randomness are handed in.
///
/// ```
///           issued            identified
/// (nobody) ───────► unproved ────────────► proved
///                      ▲      forgotten      │
///                      └─────────────────────┘      deleted from both: logged out, too old, or room is needed
/// ```
package struct CookieJar: Sendable {
    private struct Cookie: Sendable {
        /// Seconds since 1970.
        var created: UInt64
        var identity: CookieIdentity?
    }

    /// What became of a client's cookie when it connected.
    package enum Visit: Sendable, Equatable {
        /// The client has brought one of ours.
        case known(String)
        /// The client gets one.
        case issued(String)
        /// All there are stand for somebody, and there is no room for more.
        case full
    }

    package let policy: CookiePolicy
    /// Most cookies at a time. Where they are reached, the oldest that stands for nobody makes room.
    package let capacity: Int
    private var cookies: [String: Cookie] = [:]
    /// All by age, the oldest first; those that are gone are passed over.
    private var byAge = Queue()
    /// Those that were issued or forgotten, likewise; those that stand for somebody now are passed over.
    private var unproved = Queue()
    /// What happened since ``takeChanges()``.
    private var changes: [CookieChange] = []

    package init(policy: CookiePolicy, capacity: Int) {
        precondition(capacity > 0)
        self.policy = policy
        self.capacity = capacity
    }

    package var count: Int { cookies.count }

    /// A client connects that has brought these values.
    ///
    /// - Parameters:
    ///   - renewsUnproved: whether a cookie that stands for nobody gives way to a new one. Where cookies authenticate, nobody
    ///     else may know the value that a client comes to be known by: not who has planted one in its browser before.
    ///   - random: fills octets with randomness that nobody can guess; asked only for a cookie that is issued.
    package mutating func visit(
        _ brought: [String], renewsUnproved: Bool = false, now: UInt64, random: (Int) -> [UInt8]
    ) -> Visit {
        removeExpired(now)
        for value in brought {
            guard let cookie = cookies[value] else { continue }
            if cookie.identity != nil || !renewsUnproved { return .known(value) }
        }
        if renewsUnproved { for value in brought { delete(value) } }
        if cookies.count >= capacity, !makeRoom() { return .full }
        var value = policy.value(random(policy.randomCount))
        while cookies[value] != nil { value = policy.value(random(policy.randomCount)) }
        note(.issued(value, at: now))
        return .issued(value)
    }

    /// Whom a cookie stands for.
    package mutating func identity(of value: String, now: UInt64) -> CookieIdentity? {
        removeExpired(now)
        return cookies[value]?.identity
    }

    /// A session with the cookie was authenticated; false when the cookie is gone or the identity cannot be kept.
    @discardableResult
    package mutating func identify(_ value: String, _ identity: CookieIdentity, now: UInt64) -> Bool {
        removeExpired(now)
        guard let cookie = cookies[value], identity.isStorable else { return false }
        if cookie.identity != identity { note(.identified(value, identity)) }
        return true
    }

    /// The cookie stands for nobody from now on.
    package mutating func forget(_ value: String) {
        if cookies[value]?.identity != nil { note(.forgotten(value)) }
    }

    /// The cookie is none any more.
    package mutating func delete(_ value: String) {
        if cookies[value] != nil { note(.deleted(value)) }
    }

    package mutating func takeChanges() -> [CookieChange] {
        defer { changes.removeAll() }
        return changes
    }

    /// The changes that make this jar of an empty one, by age.
    package var snapshot: [CookieChange] {
        cookies.sorted { ($0.value.created, $0.key) < ($1.value.created, $1.key) }.flatMap { value, cookie in
            [.issued(value, at: cookie.created)] + (cookie.identity.map { [.identified(value, $0)] } ?? [])
        }
    }

    /// Takes over what was written down. Cookies that are too old by now stay out, and so do those beyond the capacity.
    package mutating func restore(_ history: [CookieChange], now: UInt64) {
        precondition(cookies.isEmpty)
        for change in history { apply(change) }
        // In order of age, whatever the order in the history was.
        let all = snapshot
        cookies.removeAll()
        byAge = Queue()
        unproved = Queue()
        for change in all { apply(change) }
        removeExpired(now)
        while cookies.count > capacity {
            if let value = popUnproved() ?? byAge.first {
                cookies[value] = nil
                if byAge.first == value { byAge.removeFirst() }
            }
        }
        changes.removeAll()
    }

    // MARK: Steps

    private mutating func note(_ change: CookieChange) {
        apply(change)
        changes.append(change)
    }

    private mutating func apply(_ change: CookieChange) {
        switch change {
        case .issued(let value, let created):
            guard cookies[value] == nil else { return }
            cookies[value] = Cookie(created: created)
            byAge.push(value)
            unproved.push(value)
        case .identified(let value, let identity): cookies[value]?.identity = identity
        case .forgotten(let value):
            guard cookies[value]?.identity != nil else { return }
            cookies[value]?.identity = nil
            unproved.push(value)
        case .deleted(let value): cookies[value] = nil
        }
        // What is passed over goes once it must be more than half: so it costs little for each change.
        if byAge.isSlack(for: cookies.count) { byAge = Queue(byAge.rest.filter { cookies[$0] != nil }) }
        if unproved.isSlack(for: cookies.count) {
            var seen: Set<String> = []
            unproved = Queue(unproved.rest.filter { isUnproved($0) && seen.insert($0).inserted })
        }
    }

    private func isUnproved(_ value: String) -> Bool {
        guard let cookie = cookies[value] else { return false }
        return cookie.identity == nil
    }

    private mutating func popUnproved() -> String? {
        while let value = unproved.first {
            unproved.removeFirst()
            if isUnproved(value) { return value }
        }
        return nil
    }

    /// All live equally long, so the oldest go first. A clock that was set back makes nothing older.
    private mutating func removeExpired(_ now: UInt64) {
        while let oldest = byAge.first {
            guard let cookie = cookies[oldest] else {
                byAge.removeFirst()
                continue
            }
            guard now > cookie.created, now - cookie.created > policy.maxAge else { return }
            note(.deleted(oldest))
        }
    }

    private mutating func makeRoom() -> Bool {
        guard let victim = popUnproved() else { return false }
        note(.deleted(victim))
        return true
    }
}

/// Values in the order they came; what became of them in between is for the owner to know.
private struct Queue: Sendable {
    private var values: [String]
    private var head = 0

    init(_ values: [String] = []) {
        self.values = values
    }

    var first: String? { head < values.count ? values[head] : nil }
    var rest: ArraySlice<String> { values[head...] }

    mutating func push(_ value: String) { values.append(value) }

    mutating func removeFirst() {
        values[head] = ""
        head += 1
    }

    /// Whether more than half of it can be nothing that is there.
    func isSlack(for count: Int) -> Bool { values.count > 2 * count + 64 }
}
