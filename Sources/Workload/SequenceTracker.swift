package import RennbahnMeasurement

/// What one received payload was.
package enum Observation: Equatable, Sendable {
    case ok
    /// The next one, but so many before it are missing; they may still come late, and count as lost if they do not.
    case gap(UInt64)
    case duplicate
    /// One that was missing, after a later one.
    case reordered
    /// From a sender that does not use the receiver's channel.
    case unexpected
}

/// Checks order, loss and duplication for every pair of sender and receiver on one shard.
///
/// Flat storage, one row a receiver with one cell for each sender of its channel (topic, or procedure), because a receiver
/// hears nobody else. A cell knows the next sequence number and which of the last 64 have arrived: enough to tell a late
/// message from a repeated one. Further back, a message is taken for a late one as long as one is missing.
package struct SequenceTracker: Sendable {
    private struct Pair {
        var next: UInt64 = 0
        /// Bit i: `next − 1 − i` has arrived.
        var arrived: UInt64 = 0
        /// Skipped and not yet arrived.
        var missing: UInt64 = 0
    }

    private struct Receiver {
        let channel: Int
        let firstPair: Int
    }

    private let channels: Int
    private let senders: Int
    private let receivers: [Receiver]
    private var pairs: [Pair]
    /// Everything but `expected` and `lost`, which are known at the end; ``finish(sent:)``.
    package private(set) var counters = VerificationCounters()

    /// - Parameters:
    ///   - channels: topics or procedures of the fleet.
    ///   - senders: publishers or callers of the fleet; sender p uses channel `p mod channels`.
    ///   - receiverChannels: channel of each receiver of this shard, in the order of their indices.
    package init(channels: Int, senders: Int, receiverChannels: [Int]) {
        precondition(channels > 0 && receiverChannels.allSatisfy { (0..<channels).contains($0) })
        self.channels = channels
        self.senders = senders
        var count = 0
        var rows: [Receiver] = []
        rows.reserveCapacity(receiverChannels.count)
        for channel in receiverChannels {
            rows.append(Receiver(channel: channel, firstPair: count))
            count += SequenceTracker.senderCount(ofChannel: channel, senders: senders, channels: channels)
        }
        receivers = rows
        pairs = Array(repeating: Pair(), count: count)
    }

    private static func senderCount(ofChannel channel: Int, senders: Int, channels: Int) -> Int {
        senders / channels + (channel < senders % channels ? 1 : 0)
    }

    /// Takes note of a sound payload.
    ///
    /// - Parameters:
    ///   - receiver: index of the receiver on this shard.
    package mutating func observe(sender: Int, receiver: Int, sequence: UInt64) -> Observation {
        let row = receivers[receiver]
        let (place, channel) = sender.quotientAndRemainder(dividingBy: channels)
        guard sender >= 0, sender < senders, channel == row.channel, sequence <= Stamp.maximumSequence else {
            noteUnexpected()
            return .unexpected
        }
        counters.received &+= 1
        let observation = SequenceTracker.advance(&pairs[row.firstPair &+ place], to: sequence)
        switch observation {
        case .ok, .gap, .unexpected: break
        case .duplicate: counters.duplicated &+= 1
        case .reordered: counters.reordered &+= 1
        }
        return observation
    }

    /// A payload that ``Stamp/verify(_:run:)`` refused as damaged.
    package mutating func noteCorrupted() {
        counters.received &+= 1
        counters.corrupted &+= 1
    }

    /// A message that this run did not ask for.
    package mutating func noteUnexpected() {
        counters.received &+= 1
        counters.unexpected &+= 1
    }

    /// A message with an id that was not granted; what it carries is taken note of by itself.
    package mutating func noteForeignID() {
        counters.unexpected &+= 1
    }

    private static func advance(_ pair: inout Pair, to sequence: UInt64) -> Observation {
        if sequence >= pair.next {
            let skipped = sequence &- pair.next
            // A shift by 64 or more leaves nothing, as it should.
            pair.arrived = pair.arrived << (skipped &+ 1) | 1
            pair.next = sequence &+ 1
            pair.missing &+= skipped
            return skipped == 0 ? .ok : .gap(skipped)
        }
        let age = pair.next &- 1 &- sequence
        let hasArrived = age < 64 ? pair.arrived >> age & 1 == 1 : pair.missing == 0
        guard !hasArrived, pair.missing > 0 else { return .duplicate }
        if age < 64 { pair.arrived |= 1 << age }
        pair.missing &-= 1
        return .reordered
    }

    /// The final account, once the drain is over.
    ///
    /// - Parameter sent: how many messages a sender sent, in all phases; asked once per pair.
    package func finish(sent: (_ sender: Int) -> UInt64) -> VerificationCounters {
        var result = counters
        for row in receivers {
            let count = SequenceTracker.senderCount(ofChannel: row.channel, senders: senders, channels: channels)
            for place in 0..<count {
                let pair = pairs[row.firstPair + place]
                let total = sent(place * channels + row.channel)
                result.expected &+= total
                result.lost &+= pair.missing &+ (total > pair.next ? total &- pair.next : 0)
                // Sequence numbers that nobody sent cannot be told from sound ones as they arrive.
                if pair.next > total { result.unexpected &+= pair.next &- total }
            }
        }
        return result
    }

    /// Pairs that lack messages, as ``finish(sent:)`` counts them, up to a number of pairs.
    package func losses(
        atMost limit: Int, sent: (_ sender: Int) -> UInt64
    ) -> [(receiver: Int, sender: Int, count: UInt64)] {
        var losses: [(receiver: Int, sender: Int, count: UInt64)] = []
        for (receiver, row) in receivers.enumerated() where losses.count < limit {
            let count = SequenceTracker.senderCount(ofChannel: row.channel, senders: senders, channels: channels)
            for place in 0..<count where losses.count < limit {
                let pair = pairs[row.firstPair + place]
                let sender = place * channels + row.channel
                let total = sent(sender)
                let lost = pair.missing &+ (total > pair.next ? total &- pair.next : 0)
                if lost > 0 { losses.append((receiver, sender, lost)) }
            }
        }
        return losses
    }

    /// Messages that are still to come, to know when a drain is over.
    package func outstanding(sent: (_ sender: Int) -> UInt64) -> UInt64 { finish(sent: sent).lost }
}
