import RennbahnWAMP

/// Octets that a shard has to have for each thing that it keeps for a client: what the tables take in which the thing is, with
/// the room that they have besides, since they double.
enum StateCost {
    static var session: Int { 2 * MemoryLayout<Session>.stride }

    /// A membership, its pair in the index, and the place among the topic's subscribers.
    static var subscription: Int {
        Pool<Membership>.octetsOfElement + PairTable.octetsOfPair + 2 * MemoryLayout<SessionHandle>.stride
    }

    static var registration: Int {
        Pool<HeldRegistration>.octetsOfElement + Pool<OwnedRegistration>.octetsOfElement
    }

    /// A call at the caller's shard and its invocation at the callee's, each with its pair in an index, and the way from one to
    /// the other.
    static var call: Int {
        let pairs = 2 * PairTable.octetsOfPair
        return Pool<Call>.octetsOfElement + Pool<Invocation>.octetsOfElement + pairs + 2 * MemoryLayout<UInt32>.stride
    }

    /// A URI of so many octets, at the owner and at a shard, for whoever has it kept.
    static func name(_ count: Int, _ match: MatchPolicy) -> Int {
        let here = URIMap<Topic>.octets(ofURI: count)
        let atOwner = URIMap<OwnedSubscription>.octets(ofURI: count)
        return here + atOwner + (match.isPattern ? pattern + URIEntries<UInt32>.octetsOutside(count) : 0)
    }

    /// What the tables of patterns have of one, roughly: few of its components are nobody else's.
    private static let pattern = 512

    /// So much is a connection's end worth when it is asked whether making the tables smaller pays.
    static let departure = 32 * 1024
}
