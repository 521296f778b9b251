/// Where in a connection's queue EVENTs end, and since when they wait: how old the oldest is, and where what is not sent
/// yet can be cut off. Times are nanoseconds, and handed in.
///
/// One mark stands for all that was queued within ``grain``, and has the time of the first, so that an age is at most that
/// much too high; and for at most ``stretch``, so that what is left of a queue that is cut is short.
struct QueueMarks {
    private struct Mark {
        /// Of the octet behind the last EVENT, counted since the first mark.
        var end: UInt64
        /// Where it may reach to, and until when it may be moved.
        var limit: UInt64
        var time: UInt64
        /// What its owner noted of the first.
        var kind: UInt64
    }

    static let grain: UInt64 = 2_000_000_000
    static let stretch: UInt64 = 1024 * 1024

    private var marks: [Mark] = []
    private var taken: UInt64 = 0

    /// An EVENT stands at the end of the queue.
    ///
    /// - Parameters:
    ///   - queued: octets of the queue.
    ///   - kind: what the owner knows it by.
    mutating func note(queued: Int, of kind: UInt64 = 0, at now: UInt64) {
        let end = taken + UInt64(queued)
        if let last = marks.indices.last, end <= marks[last].limit, now < marks[last].time + QueueMarks.grain {
            marks[last].end = end
        } else {
            marks.append(Mark(end: end, limit: end + QueueMarks.stretch, time: now, kind: kind))
        }
    }

    /// The socket took so many octets from the front.
    mutating func took(_ count: Int) {
        let front = taken + UInt64(count)
        taken = front
        guard let first = marks.first, first.end <= front else { return }
        marks.removeAll { $0.end <= front }
    }

    mutating func removeAll() {
        marks.removeAll()
        taken = 0
    }

    /// How long the oldest EVENT waits; 0 if there is none.
    func age(at now: UInt64) -> UInt64 { marks.first.map { now - $0.time } ?? 0 }

    /// Of what kind the oldest EVENT is, or one that was queued soon behind it; `nil`: there is none.
    var oldestKind: UInt64? { marks.first?.kind }

    /// Octets from the front of the queue to where it can be cut; `nil` if it cannot.
    var cut: Int? { marks.first.map { Int($0.end - taken) } }
}
