import RennbahnBytes
import RennbahnReactor
import RennbahnRouter
import RennbahnTransport

extension RouterShard {
    /// The tables that hold something of sessions, by name: none when all are gone.
    var occupiedTables: [String] {
        var waiting = 0
        for other in 0..<outgoing.usedSlots where outgoing[other].isOverflowing { waiting += 1 }
        let tables = [
            ("times of HELLO", helloTimers.value.count), ("challenges", challenges.value.count),
            ("sessions with cookies", cookieSessions.value.count), ("undeliverable calls", undeliverable.value.count),
            ("rings that overflow", waiting), ("subscribers with something left out", arrears.value.count),
            ("publishers that wait for their turn", fanOuts.value.count),
            ("octets of publications that wait for theirs", fanOuts.value.parked.octets),
        ]
        return router.value.occupiedParts + tables.filter { $0.1 != 0 }.map { "\($0.0): \($0.1)" }
    }
}
