import RennbahnMeasurement
import RennbahnWorkload

/// What a shard of the fleet measured; merged when all have ended.
struct FleetFigures: Sendable {
    /// Units of work, and operations sent, in the window.
    var messages: UInt64 = 0
    var operations: UInt64 = 0
    /// Length of the window as this shard kept it: it begins and ends between two turns of its loop.
    var nanoseconds: UInt64 = 0
    /// Of the generator's sockets, in the window.
    var bytesSent: UInt64 = 0
    var bytesReceived: UInt64 = 0
    var latencies = Latencies()
    var verification = VerificationCounters()
    var laggards = LaggardFigures()
    var faults = FaultList()
    /// What the first of those wait for that did not become ready.
    var awaited: [MessageFault.Path] = []
    /// Sessions of the connect scenario that could not be opened.
    var failedVisits: UInt64 = 0
    /// How long what was never answered had waited; `nil` where there is none.
    var unanswered: LatencyRecorder?
}

/// The recorders of a shard; those that a scenario does not use stay empty.
struct Latencies: Sendable {
    var response = LatencyRecorder()
    var service = LatencyRecorder()
    var lag = LatencyRecorder()
    var lastSubscriber = LatencyRecorder()

    mutating func merge(_ other: Latencies) {
        response.merge(other.response)
        service.merge(other.service)
        lag.merge(other.lag)
        lastSubscriber.merge(other.lastSubscriber)
    }
}

/// What one turn of a run in turns brought.
struct TurnFigures: Sendable {
    /// Of the window.
    var window = FleetFigures()
    /// Units of work and octets of the whole turn, from nothing on its way to nothing on its way.
    var messages: UInt64 = 0
    var bytesSent: UInt64 = 0
    var bytesReceived: UInt64 = 0
    /// How often sockets were read and gave something, and the messages that came so.
    var receives: UInt64 = 0
    var received: UInt64 = 0

    mutating func add(_ other: TurnFigures) {
        window.add(other.window)
        messages += other.messages
        bytesSent += other.bytesSent
        bytesReceived += other.bytesReceived
        receives += other.receives
        received += other.received
    }
}

extension FleetFigures {
    mutating func add(_ other: FleetFigures) {
        messages += other.messages
        operations += other.operations
        bytesSent += other.bytesSent
        bytesReceived += other.bytesReceived
        latencies.merge(other.latencies)
        verification += other.verification
        laggards += other.laggards
        faults += other.faults
        awaited = Array((awaited + other.awaited).prefix(FaultList.capacity))
        failedVisits += other.failedVisits
        if let more = other.unanswered {
            var sum = unanswered ?? LatencyRecorder()
            sum.merge(more)
            unanswered = sum
        }
        nanoseconds += other.nanoseconds
    }

    /// Shards measure at the same time, and their windows differ by a turn of their loops at most: the fleet's is their mean.
    mutating func averageWindow(of shards: Int) {
        nanoseconds /= UInt64(shards)
    }
}
