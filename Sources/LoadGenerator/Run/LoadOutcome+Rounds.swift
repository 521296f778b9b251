import RennbahnMeasurement
import RennbahnWorkload

extension LoadOutcome {
    /// Adds another round of the same work: its window, counts and histograms. Memory is that of the larger round,
    /// the cost of connecting that of the cheaper one.
    package mutating func merge(_ other: LoadOutcome) {
        seconds += other.seconds
        messages += other.messages
        operations += other.operations
        bytesSent += other.bytesSent
        bytesReceived += other.bytesReceived
        response.merge(other.response)
        service.merge(other.service)
        lag.merge(other.lag)
        lastSubscriber.merge(other.lastSubscriber)
        verification += other.verification
        laggards += other.laggards
        generator = LoadOutcome.merged(generator, other.generator)
        target = LoadOutcome.merged(target, other.target)
        targetWarning = targetWarning ?? other.targetWarning
        stealShare = max(stealShare, other.stealShare)
        connectionsEstablished = min(connectionsEstablished, other.connectionsEstablished)
        connectionsLost += other.connectionsLost
        undrained += other.undrained
        if let more = other.unanswered { unanswered = unanswered.map { $0 + more } ?? more }
        failedVisits += other.failedVisits
        faults += other.faults
        failures.merge(other.failures, uniquingKeysWith: +)
        isInterrupted = isInterrupted || other.isInterrupted
        if case .completed(_) = ending { ending = other.ending }
    }

    private static func merged(_ first: ProcessWindow?, _ second: ProcessWindow?) -> ProcessWindow? {
        guard var sum = first, let second else { return first ?? second }
        sum.cpu = sum.cpu + second.cpu
        sum.seconds += second.seconds
        if let wait = sum.waitShare, let other = second.waitShare { sum.waitShare = max(wait, other) }
        sum.cores = max(sum.cores, second.cores)
        sum.processors.formUnion(second.processors)
        sum.processes = Set(sum.processes + second.processes).sorted()
        sum.ended += second.ended
        sum.started += second.started
        if second.connecting.total < sum.connecting.total { sum.connecting = second.connecting }
        if second.growth > sum.growth {
            sum.residentBeforeConnections = second.residentBeforeConnections
            sum.workBeforeConnections = second.workBeforeConnections
            sum.residentSettled = second.residentSettled
            sum.residentAtEnd = second.residentAtEnd
            sum.residentPeak = second.residentPeak
        }
        return sum
    }
}

extension ProcessWindow {
    fileprivate var growth: Int { Int(residentAtEnd) - Int(residentBeforeConnections) }
}
