import RennbahnTransport
import RennbahnWAMP

/// What subscriptions with `x_slow` have missed while their subscribers were behind, by connection: how many EVENTs, and of those
/// with `latest` the newest one. A subscription that has missed nothing is not here.
struct Arrears {
    /// Of one subscription.
    private struct Entry {
        /// EVENTs that were left out since the last one that was delivered, without the one that is kept.
        var dropped: UInt64 = 0
        /// The message as it will be sent; empty: none is kept.
        var kept: [UInt8] = []
        /// Of ``kept``: newer ones have greater numbers.
        var serial: UInt64 = 0
    }

    /// Of one connection.
    private struct Account {
        var entries: [SubscriptionID: Entry] = [:]
        /// The kept messages, oldest first. Those whose serial is not that of their entry are no more.
        var line: [(subscription: SubscriptionID, serial: UInt64)] = []
        var head = 0
        var keptCount = 0
        var keptBytes = 0

        func isCurrent(_ place: (subscription: SubscriptionID, serial: UInt64)) -> Bool {
            guard let entry = entries[place.subscription] else { return false }
            return !entry.kept.isEmpty && entry.serial == place.serial
        }
    }

    /// Places of ``Account/line`` that are no more, besides as many as there are others, before they are taken out.
    private static let slack = 16

    private var accounts: [LinkID: Account] = [:]
    private var lastSerial: UInt64 = 0
    /// Octets of all messages that are kept.
    private(set) var keptBytes = 0

    var isEmpty: Bool { accounts.isEmpty }
    /// Connections for which something was left out.
    var count: Int { accounts.count }

    /// How many EVENTs a subscription has missed since the last one that was delivered.
    func missed(_ link: LinkID, _ subscription: SubscriptionID) -> UInt64 {
        guard let entry = accounts[link]?.entries[subscription] else { return 0 }
        return entry.dropped + (entry.kept.isEmpty ? 0 : 1)
    }

    /// Whether an EVENT may be kept.
    ///
    /// - Parameters:
    ///   - ofOne: octets that may be kept for one connection.
    ///   - ofAll: octets that may be kept for all connections.
    func hasRoom(
        for count: Int, _ link: LinkID, _ subscription: SubscriptionID, ofOne: Int, ofAll: Int
    ) -> Bool {
        let account = accounts[link]
        let more = count - (account?.entries[subscription]?.kept.count ?? 0)
        return (account?.keptBytes ?? 0) + more <= ofOne && keptBytes + more <= ofAll
    }

    /// An EVENT was left out and is not kept, and so the one before it is not kept either.
    mutating func drop(_ link: LinkID, _ subscription: SubscriptionID) {
        discardKept(link, subscription, counting: true)
        accounts[link, default: Account()].entries[subscription, default: Entry()].dropped += 1
    }

    /// An EVENT was left out and is kept, in the place of the one before it.
    mutating func keep(_ message: [UInt8], _ link: LinkID, _ subscription: SubscriptionID) {
        discardKept(link, subscription, counting: true)
        lastSerial += 1
        var entry = accounts[link]?.entries[subscription] ?? Entry()
        entry.kept = message
        entry.serial = lastSerial
        keptBytes += message.count
        accounts[link, default: Account()].entries[subscription] = entry
        accounts[link]?.keptCount += 1
        accounts[link]?.keptBytes += message.count
        accounts[link]?.line.append((subscription, lastSerial))
        tidyLine(link)
    }

    /// The oldest of the messages that are kept for a connection.
    mutating func nextKept(of link: LinkID) -> (subscription: SubscriptionID, message: [UInt8])? {
        guard let account = accounts[link], account.keptCount > 0 else { return nil }
        var head = account.head
        while head < account.line.count, !account.isCurrent(account.line[head]) { head += 1 }
        accounts[link]?.head = head
        let subscription = account.line[head].subscription
        return account.entries[subscription].map { (subscription, $0.kept) }
    }

    /// An EVENT of the subscription was delivered, which told how many it had missed; or the subscription has ended.
    mutating func settle(_ link: LinkID, _ subscription: SubscriptionID) {
        guard accounts[link]?.entries[subscription] != nil else { return }
        discardKept(link, subscription, counting: false)
        accounts[link]?.entries[subscription] = nil
        if accounts[link]?.entries.isEmpty == true { accounts[link] = nil }
    }

    /// The message that is kept is none that the connection takes.
    mutating func refused(_ link: LinkID, _ subscription: SubscriptionID) {
        discardKept(link, subscription, counting: false)
        if accounts[link]?.entries[subscription]?.dropped == 0 { settle(link, subscription) }
    }

    private mutating func discardKept(_ link: LinkID, _ subscription: SubscriptionID, counting: Bool) {
        guard let kept = accounts[link]?.entries[subscription]?.kept.count, kept > 0 else { return }
        accounts[link]?.entries[subscription]?.kept = []
        if counting { accounts[link]?.entries[subscription]?.dropped += 1 }
        accounts[link]?.keptCount -= 1
        accounts[link]?.keptBytes -= kept
        keptBytes -= kept
    }

    private mutating func tidyLine(_ link: LinkID) {
        guard let account = accounts[link], account.line.count > 2 * account.keptCount + Arrears.slack else { return }
        accounts[link]?.line = account.line[account.head...].filter { account.isCurrent($0) }
        accounts[link]?.head = 0
    }
}
