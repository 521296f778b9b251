package import RennbahnMeasurement
import RennbahnReactor
import RennbahnWorkload

// What the verdict is made from.

extension LoadOutcome {
    package var facts: RunFacts {
        var facts = RunFacts(
            achievedRate: seconds > 0 ? Double(operations) / seconds : 0,
            connectionsRequested: configuration.workload.clients, connectionsEstablished: connectionsEstablished,
            messages: messages,
            generatorShare: generator.map { $0.cpu.share(ofSeconds: $0.seconds, cores: $0.cores) } ?? 0,
            verification: verification)
        if case .open(let rate, let arrivals) = configuration.workload.load {
            facts.offeredRate = offered(steering?.offeredRate ?? profiledRate ?? rate, arrivals)
            facts.lagP99 = lag.count > 0 ? lag.summary().p99 : nil
        }
        facts.responseP50 = response.count > 0 ? response.summary().p50 : nil
        facts.connectionsLost = connectionsLost
        facts.stealShare = stealShare
        if case .drainTimedOut = ending { facts.undrained = undrained }
        facts.isInterrupted = isInterrupted
        facts.routerWaitShare = target?.waitShare
        facts.generatorWaitShare = generator?.waitShare
        facts.failedVisits = failedVisits
        facts.places = places
        facts.nagleStalls = NagleStalls(in: response, inFlight: responsesInFlight, work: workInFlight)
        facts.processWarnings = processWarnings
        return facts
    }

    /// Where both sides may run; `nil` where that is not known, or where they are one process.
    private var places: SidePlaces? {
        guard let generator, let target, Set(generator.processes).isDisjoint(with: target.processes) else { return nil }
        return SidePlaces(
            router: target.processors, generator: generator.processors, routerThreads: target.cores,
            generatorThreads: generator.cores, available: max(Processor.count, target.processors.count))
    }

    /// Responses that may be on their way at the same time: in an open loop those of what is due within the longest stall.
    private var responsesInFlight: UInt64 {
        let workload = configuration.workload
        let (senders, receivers): (Int, Int) =
            switch workload.scenario {
            case .pubsub(let publishers, let subscribers, let topics): (publishers, subscribers / max(1, topics))
            case .rpc(let callers, _): (callers, 1)
            case .connect, .echo: (workload.clients, 1)
            case .push: (0, 1)
            }
        switch workload.load {
        case .closed(let depth): return UInt64(clamping: senders * depth * max(1, receivers))
        case .open(let rate, _): return UInt64(min(rate * 0.1, 1e12)) * UInt64(clamping: max(1, receivers))
        }
    }

    /// CPU time that these take of both sides, in nanoseconds; 0 in an open loop, where nothing has to be in flight, and where it is not
    /// known.
    private var workInFlight: UInt64 {
        guard case .closed = configuration.workload.load else { return 0 }
        return UInt64(min((secondsPerMessage ?? ownSecondsPerMessage) * 1e9 * Double(responsesInFlight), 1e18))
    }

    private var ownSecondsPerMessage: Double {
        let seconds = [generator, target].compactMap { $0?.cpu.total }.reduce(0, +)
        return messages > 0 ? seconds / Double(messages) : 0
    }

    private var processWarnings: [RunWarning] {
        var warnings = [targetWarning, steering?.warning].compactMap { $0 }
        func tell(_ kind: RunWarning.Kind, _ pids: [Int32], _ what: String) {
            guard !pids.isEmpty else { return }
            let names = pids.map(String.init).joined(separator: ", ")
            warnings.append(
                RunWarning(kind, "\(pids.count == 1 ? "process" : "processes") \(names) of the router \(what)"))
        }
        tell(.routerProcessEnded, target?.ended ?? [], "ended during the run: its CPU time is not whole")
        tell(.routerProcessStarted, target?.started ?? [], "began to serve connections during the run")
        return warnings
    }

    /// The rate that the window must hold for certain: an even timetable may have one operation less in it than the rate
    /// says, and the number of independent arrivals has a standard deviation of its square root.
    /// Operations a second that were due in the window, however long it was, where the rate moves.
    var profiledRate: Double? {
        guard seconds > 0, let profile = configuration.workload.profile else { return nil }
        return profile.mean(from: configuration.workload.phases.warmUp, seconds: seconds)
    }

    private func offered(_ rate: Double, _ arrivals: ArrivalProcess) -> Double {
        guard seconds > 0 else { return rate }
        let spread =
            switch arrivals {
            case .constant: 1.0
            case .poisson: 4 * (rate * seconds).squareRoot()
            }
        return max(0, rate - spread / seconds)
    }
}
