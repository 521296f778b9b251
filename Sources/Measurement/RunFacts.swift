/// What the verdict on a run is made from.
package struct RunFacts: Sendable {
    /// Operations a second asked for; nil in a closed loop.
    package var offeredRate: Double?
    /// Operations a second sent in the window.
    package var achievedRate: Double
    package var connectionsRequested: Int
    package var connectionsEstablished: Int
    /// Connections that ended before they were asked to.
    package var connectionsLost: Int = 0
    /// Messages of the measured window.
    package var messages: UInt64
    /// Busy share of the generator's cores, 0…1.
    package var generatorShare: Double
    /// Share of the machine's CPU time that the hypervisor gave to others, 0…1.
    package var stealShare: Double = 0
    /// 99th percentile of intended send to the hand-over to the socket, nanoseconds; nil in a closed loop.
    package var lagP99: UInt64?
    /// Median response time, nanoseconds.
    package var responseP50: UInt64?
    /// Messages outstanding when the drain timed out; 0 if it ended by itself.
    package var undrained: UInt64 = 0
    package var verification: VerificationCounters
    /// Whether the run was broken off before its end.
    package var isInterrupted = false
    /// Sessions of the connect scenario that could not be opened.
    package var failedVisits: UInt64 = 0
    /// Of the window: how long the side's thread that fared worst was ready to run and had no processor, 0…1; nil where that is
    /// not known.
    package var routerWaitShare: Double?
    package var generatorWaitShare: Double?
    /// Where each side may run; nil where that is not known, or where both are one process.
    package var places: SidePlaces?
    /// Of the response times; nil where there are none.
    package var nagleStalls: NagleStalls?
    /// What is to be said of the router's processes.
    package var processWarnings: [RunWarning] = []

    package init(
        offeredRate: Double? = nil, achievedRate: Double, connectionsRequested: Int, connectionsEstablished: Int,
        messages: UInt64, generatorShare: Double, verification: VerificationCounters
    ) {
        self.offeredRate = offeredRate
        self.achievedRate = achievedRate
        self.connectionsRequested = connectionsRequested
        self.connectionsEstablished = connectionsEstablished
        self.messages = messages
        self.generatorShare = generatorShare
        self.verification = verification
    }

    package static let achievedShareOfOffered = 0.99
    package static let stealLimit = 0.02
    /// A side that waits longer for a processor is starved: rates and latencies are those of its neighbours, and CPU per message
    /// is that of another batching.
    package static let waitLimit = 0.05
    /// Beyond it CPU per message says nothing either, not even as a ratio.
    package static let waitLimitOfCPU = 0.30
    /// An open-loop run may be late by this much, or by a tenth of the median response where that is more.
    package static let lagLimitNanoseconds: UInt64 = 1_000_000

    /// All reasons are told, not only the first.
    package var verdict: Verdict {
        let reasons = connectionReasons + openLoopReasons + machineReasons + windowReasons
        if !verification.isClean { return .verificationFailed(alsoInvalid: reasons) }
        return reasons.isEmpty ? .valid : .invalid(reasons)
    }

    /// What voids nothing and must be known.
    package var warnings: [RunWarning] {
        processWarnings + [places?.warning, nagleStalls?.warning].compactMap { $0 }
    }

    private var connectionReasons: [InvalidReason] {
        var reasons: [InvalidReason] = []
        if connectionsEstablished < connectionsRequested {
            reasons.append(
                InvalidReason(
                    .fewerConnectionsThanRequested, measured: Double(connectionsEstablished),
                    limit: Double(connectionsRequested)))
        }
        if connectionsLost > 0 {
            reasons.append(InvalidReason(.connectionsLost, measured: Double(connectionsLost), limit: 0))
        }
        if failedVisits > 0 {
            reasons.append(InvalidReason(.sessionsNotOpened, measured: Double(failedVisits), limit: 0))
        }
        return reasons
    }

    private var openLoopReasons: [InvalidReason] {
        guard let offeredRate else { return [] }
        var reasons: [InvalidReason] = []
        if Saturation.isFlagged(generatorShare: generatorShare) {
            reasons.append(
                InvalidReason(
                    .generatorSaturatedInOpenLoop, measured: generatorShare, limit: Saturation.generatorFlaggedShare))
        }
        let needed = offeredRate * RunFacts.achievedShareOfOffered
        if achievedRate < needed {
            reasons.append(InvalidReason(.achievedRateBelowOffered, measured: achievedRate, limit: needed))
        }
        if let lagP99 {
            let limit = max(RunFacts.lagLimitNanoseconds, (responseP50 ?? 0) / 10)
            if lagP99 > limit {
                reasons.append(InvalidReason(.scheduleLag, measured: Double(lagP99), limit: Double(limit)))
            }
        }
        return reasons
    }

    private var machineReasons: [InvalidReason] {
        var reasons: [InvalidReason] = []
        if stealShare > RunFacts.stealLimit {
            reasons.append(InvalidReason(.steal, measured: stealShare, limit: RunFacts.stealLimit))
        }
        if places?.sharedProcessor != nil { reasons.append(InvalidReason(.sharedCore, measured: 1, limit: 2)) }
        return reasons + starvationReasons
    }

    private var starvationReasons: [InvalidReason] {
        let sides: [(InvalidReason.Kind, Double?)] = [
            (.routerStarved, routerWaitShare), (.generatorStarved, generatorWaitShare),
        ]
        return sides.compactMap { kind, share in
            guard let share, share > RunFacts.waitLimit else { return nil }
            return InvalidReason(kind, measured: share, limit: RunFacts.waitLimit)
        }
    }

    private var windowReasons: [InvalidReason] {
        var reasons: [InvalidReason] = []
        if isInterrupted { reasons.append(InvalidReason(.interrupted, measured: 1, limit: 0)) }
        if messages == 0 { reasons.append(InvalidReason(.nothingMeasured, measured: 0, limit: 1)) }
        if undrained > 0 { reasons.append(InvalidReason(.drainTimedOut, measured: Double(undrained), limit: 0)) }
        return reasons
    }
}
