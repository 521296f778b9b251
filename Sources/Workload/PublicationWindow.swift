/// The closed loop of publishers: each has a bounded number of publications in flight, and a publication is in flight
/// until every subscriber of its topic has it.
///
/// Flat storage, no allocation per publication: one ring a publisher, indexed by sequence number. Publications may
/// complete in any order; each frees its own slot. The ring is twice as long as the depth, so that one publication that
/// hangs does not at once stop those behind it.
package struct PublicationWindow: Sendable {
    private struct Slot {
        var sequence: UInt64 = 0
        var intendedAt: UInt64 = 0
        var sentAt: UInt64 = 0
        /// What the router calls it; 0 until the first receiver has it.
        var publication: UInt64 = 0
        /// Receivers that do not have it yet; 0 is a free slot.
        var remaining: Int32 = 0
    }

    private struct Publisher {
        var next: UInt64 = 0
        /// What the router calls the first publication; 0 until somebody has heard it. The publisher hears it, too, and when is
        /// not known.
        var first: UInt64 = 0
        var inFlight: Int32 = 0
        let receivers: Int32
    }

    /// What a delivery was to its publication.
    package enum Delivery: Equatable, Sendable {
        /// Others wait for it still.
        case partial
        /// The last one: the slot is free again. With the intended send time.
        case completed(intendedAt: UInt64)
        /// Not in flight: repeated, or never published.
        case unknown
    }

    private let depth: Int32
    private let mask: Int
    private let capacity: Int
    private var publishers: [Publisher]
    private var slots: [Slot]

    /// - Parameters:
    ///   - depth: publications in flight per publisher.
    ///   - receivers: for each publisher of this shard, how many receive what it publishes; at least 1.
    package init(depth: Int, receivers: [Int]) {
        precondition(depth > 0 && depth <= WorkloadParameters.maximumDepth)
        precondition(receivers.allSatisfy { $0 > 0 && $0 <= Stamp.maximumSender })
        self.depth = Int32(depth)
        capacity = SlotRing.capacity(forDepth: depth)
        mask = capacity - 1
        publishers = receivers.map { Publisher(receivers: Int32($0)) }
        slots = Array(repeating: Slot(), count: receivers.count * capacity)
    }

    /// Takes a slot and the next sequence number; nil while the window is full.
    ///
    /// - Parameters:
    ///   - intendedAt: intended send time.
    ///   - sentAt: actual send time; nil where it is the same.
    package mutating func begin(publisher: Int, intendedAt: UInt64, sentAt: UInt64? = nil) -> UInt64? {
        let sequence = publishers[publisher].next
        let index = publisher &* capacity &+ Int(truncatingIfNeeded: sequence) & mask
        guard publishers[publisher].inFlight < depth, slots[index].remaining == 0 else { return nil }
        slots[index] = Slot(
            sequence: sequence, intendedAt: intendedAt, sentAt: sentAt ?? intendedAt,
            remaining: publishers[publisher].receivers)
        publishers[publisher].next = sequence &+ 1
        publishers[publisher].inFlight &+= 1
        return sequence
    }

    package func receivers(ofPublisher publisher: Int) -> Int { Int(publishers[publisher].receivers) }

    /// One receiver has it. Call it only for payloads that are neither damaged nor repeated.
    package mutating func delivered(publisher: Int, sequence: UInt64) -> Delivery {
        let index = publisher &* capacity &+ Int(truncatingIfNeeded: sequence) & mask
        guard slots[index].sequence == sequence, slots[index].remaining > 0 else { return .unknown }
        slots[index].remaining &-= 1
        guard slots[index].remaining == 0 else { return .partial }
        publishers[publisher].inFlight &-= 1
        return .completed(intendedAt: slots[index].intendedAt)
    }

    /// Takes note of the id that somebody heard a publication by, before it is delivered: every receiver gets the same (WAMP
    /// specification, "Publish & Subscribe Message Flows"). Returns the id of the others where this one differs.
    package mutating func foreignID(publisher: Int, sequence: UInt64, publication: UInt64) -> UInt64? {
        if sequence == 0 {
            if publishers[publisher].first == 0 { publishers[publisher].first = publication }
            return publishers[publisher].first == publication ? nil : publishers[publisher].first
        }
        let index = publisher &* capacity &+ Int(truncatingIfNeeded: sequence) & mask
        guard slots[index].sequence == sequence, slots[index].remaining > 0 else { return nil }
        if slots[index].publication == 0 { slots[index].publication = publication }
        return slots[index].publication == publication ? nil : slots[index].publication
    }

    /// The router has refused what a publisher published first: nothing of it was sent to anybody, nor is awaited.
    package mutating func refuse(publisher: Int) {
        publishers[publisher].next = 0
        publishers[publisher].inFlight = 0
        for index in publisher * capacity..<(publisher + 1) * capacity { slots[index].remaining = 0 }
    }

    /// Actual send time of a publication that ``delivered(publisher:sequence:)`` has just known.
    package func sentAt(publisher: Int, sequence: UInt64) -> UInt64 {
        slots[publisher &* capacity &+ Int(truncatingIfNeeded: sequence) & mask].sentAt
    }

    /// A publication has been handed to its socket, later than it was begun.
    package mutating func handedOver(publisher: Int, sequence: UInt64, at time: UInt64) {
        let index = publisher &* capacity &+ Int(truncatingIfNeeded: sequence) & mask
        if slots[index].sequence == sequence { slots[index].sentAt = time }
    }

    /// Publications in flight: when each was to be sent, and how many wait for it still.
    package var waiting: [(intendedAt: UInt64, receivers: Int)] {
        slots.lazy.filter { $0.remaining > 0 }.map { ($0.intendedAt, Int($0.remaining)) }
    }

    /// Publications made so far: the next sequence number.
    package func sent(publisher: Int) -> UInt64 { publishers[publisher].next }

    package func inFlight(publisher: Int) -> Int { Int(publishers[publisher].inFlight) }
}

/// The size of a ring of slots that is indexed by sequence number.
enum SlotRing {
    /// A power of two, at least twice the depth.
    static func capacity(forDepth depth: Int) -> Int {
        var capacity = 2
        while capacity < 2 * depth { capacity *= 2 }
        return capacity
    }
}
