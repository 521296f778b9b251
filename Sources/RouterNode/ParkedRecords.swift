import RennbahnTransport

/// Publications of other shards that came when there was no time left for them, by publisher. Each publisher has its turn with one.
struct ParkedRecords {
    private struct Queue {
        var records: [[UInt8]] = []
        var next = 0
    }

    private var queues: [LinkWaiter: Queue] = [:]
    /// Whose turn is next; those who have had theirs go behind the others.
    private var turns: [LinkWaiter] = []
    private var nextTurn = 0
    /// Octets of them.
    private(set) var octets = 0

    var isEmpty: Bool { queues.isEmpty }

    /// Whether a publisher has some.
    func holds(of publisher: LinkWaiter) -> Bool { queues[publisher] != nil }

    mutating func add(_ record: [UInt8], of publisher: LinkWaiter) {
        if queues[publisher] == nil { turns.append(publisher) }
        queues[publisher, default: Queue()].records.append(record)
        octets += record.count
    }

    /// The oldest of the publisher whose turn it is.
    mutating func next() -> (publisher: LinkWaiter, record: [UInt8])? {
        guard nextTurn < turns.count else { return nil }
        let publisher = turns[nextTurn]
        nextTurn += 1
        guard var queue = queues.removeValue(forKey: publisher) else {
            preconditionFailure("who has a turn has a record")
        }
        let record = queue.records[queue.next]
        queue.records[queue.next] = []
        queue.next += 1
        octets -= record.count
        if queue.next < queue.records.count {
            queues[publisher] = queue
            turns.append(publisher)
        }
        forgetTurns()
        return (publisher, record)
    }

    private mutating func forgetTurns() {
        guard nextTurn == turns.count || nextTurn > 1024 else { return }
        turns.removeFirst(nextTurn)
        nextTurn = 0
    }
}
