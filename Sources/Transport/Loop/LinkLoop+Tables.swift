import RennbahnBytes
import RennbahnReactor

// What a loop keeps for its connections: a simulation looks whether it has all of it back.

extension LinkLoop {
    /// Bytes of memory that queued output takes: what several connections share counts once.
    package var heldBytes: Int { pool.value.heldBytes }

    /// Octets of messages that are not whole yet, of all connections.
    package var unfinishedBytes: Int { parts.value.octets }

    /// Octets that came of connections that are not read for a while.
    package var waitingInputBytes: Int { pausedInput.value.octets }

    /// The tables that hold something of connections, by name: none when all are gone, and as much time has passed as an idle loop
    /// needs to put its tools away (``CodecLimits/sweepInterval``).
    package var occupiedTables: [String] {
        let tables = [
            ("connections", links.value.count), ("timers", timers.value.count), ("queued output", queuedBytes),
            ("memory of output", heldBytes), ("shared output", pool.value.liveBlocks),
            ("unfinished messages", parts.value.count), ("octets of unfinished messages", unfinishedBytes),
            ("waiters", waiters.count), ("pings", pings.count), ("requests of web services", exchanges.count),
            ("cookies", cookies.count), ("states of zlib", liveCodecs), ("released waiters", releasedWaiters.count),
            ("addresses", addresses.count), ("handshakes with TLS", handshakes.count),
            ("octets of input that waits", waitingInputBytes), ("inflations", inflations.slots.count),
            ("connections with overdue output", turn.value.overdue.count), ("openings", openings.count),
        ]
        return tables.filter { $0.1 != 0 }.map { "\($0.0): \($0.1)" }
    }
}
