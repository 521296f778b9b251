/// The parts of what a shard may keep of its sessions, in octets.
///
/// ```
/// │ names: 1/2               │ things: 3/8         │ calls: 1/8 │
/// ```
/// URIs are known to all shards, whoever has brought them, and fill their part on all of them alike. What sessions have is on
/// their own shard. The last part is for calls alone: they come too often to be weighed one by one.
struct StateBudget {
    /// URIs of topics, procedures and patterns.
    let names: Int
    /// Sessions, subscriptions, registrations, and calls beyond those of ``calls``.
    let things: Int
    let calls: Int

    init(_ octets: Int) {
        names = octets / 2
        calls = octets / 8
        things = octets / 2 - octets / 8
    }

    /// Whether nobody can have anything more.
    func isExceeded(things kept: Int, names known: Int) -> Bool { kept > things || known > names }

    /// What a session may have as long as others, and one that is yet to come, are not to be left without; `nil`: as much as it
    /// likes, since there is enough.
    ///
    /// - Parameters:
    ///   - kept: octets of what the sessions of the shard have.
    ///   - known: octets of URIs.
    ///   - sessions: of the shard.
    ///   - shards: with as many sessions each, since their URIs are here, too.
    func share(things kept: Int, names known: Int, sessions: Int, shards: Int) -> Int? {
        guard kept > things / 2 || known > names / 2 else { return nil }
        let share = things / (sessions + 1)
        return known > names / 2 ? min(share, names / ((sessions + 1) * shards)) : share
    }
}
