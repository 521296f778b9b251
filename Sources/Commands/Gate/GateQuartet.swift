import RennbahnGate
import RennbahnLoadGenerator
import RennbahnMeasurement
import RennbahnTrial

/// The four routers of a quartet and what they are found to do.
final class GateQuartet {
    /// One block under way.
    private struct Runner {
        let block: Block
        let name: String
        let server: MeasuredServer
        var session: LoadSession?
        var figures = BlockFigures()
        /// Of each turn that counts: for how much of it a side had no processor.
        var waits: [Double] = []
        /// What ended it before its time.
        var flaw: BlockOutcome?
    }

    /// The largest share of the median response that the generator's own delay may be: a timer's slack and what it does
    /// for other connections, which is the same for both builds.
    private static let largestLagShare = 0.5

    private let lengths: GateTurns
    private var runners: [Runner] = []
    /// What is to be said of whom.
    private(set) var warnings: [(name: String, warning: RunWarning)] = []

    /// Starts a router for each block.
    init(_ quartet: Quartet, lengths: GateTurns, start: (Build) throws -> (name: String, server: MeasuredServer)) throws
    {
        self.lengths = lengths
        do {
            for block in quartet.blocks {
                let (name, server) = try start(block.build)
                runners.append(Runner(block: block, name: name, server: server))
            }
        } catch {
            for runner in runners { try? runner.server.stop() }
            throw error
        }
    }

    /// A closed loop for what they can do and what that costs. `connect` opens a session with a router, `show` says which
    /// turn it is.
    func measureClosedLoop(
        _ connect: (MeasuredServer) throws -> LoadSession, show: (Int) -> Void, isInterrupted: () -> Bool
    ) throws {
        try takeTurns(connect, show: show, isInterrupted: isInterrupted) { runner, turn in
            runner.figures.takeClosedLoop(turn, samplesServer: runner.session?.samplesServer == true)
        }
        try end { runner, session, outcome in
            switch outcome.facts.verdict {
            // Time that is stolen hits all sides of a round of turns alike.
            case .invalid(let reasons) where reasons.contains(where: { $0.kind != .steal }):
                let text = reasons.map(\.description).joined(separator: "; ")
                runner.flaw = .invalid(reason: "\(runner.name): \(text)", seconds: 0)
            case .valid, .invalid, .verificationFailed: break
            }
            // One that ran before has the memory of earlier blocks: it does not grow by connections.
            guard runner.server.isFresh, let memory = session.anonymousBytesPerConnection else { return }
            runner.figures.take(memoryPerConnection: memory)
        }
    }

    /// An open loop for their latency.
    func measureOpenLoop(
        _ connect: (MeasuredServer) throws -> LoadSession, show: (Int) -> Void, isInterrupted: () -> Bool
    ) throws {
        try takeTurns(connect, show: show, isInterrupted: isInterrupted) { runner, turn in
            runner.figures.takeOpenLoop(turn)
        }
        try end { runner, _, outcome in
            let (response, lag) = (outcome.response.summary(), outcome.lag.summary())
            let isLate = Double(lag.p50) > GateQuartet.largestLagShare * Double(response.p50)
            // The 99th percentile of the lag is the advisory metric's matter, and says little of the median. The rate misses what
            // was due at the very end of each turn: of thirty milliseconds that is a hundredth.
            let others = outcome.facts.verdict.reasons.filter {
                $0.kind != .scheduleLag && $0.kind != .achievedRateBelowOffered
            }
            if isLate || !others.isEmpty { runner.figures.dropLatencies() }
        }
    }

    /// Stops the routers.
    ///
    /// - Parameter seconds: that all of it took.
    func finish(seconds: Double) throws -> [BlockOutcome] {
        for index in runners.indices {
            try runners[index].server.stop()
            let ending = runners[index].server.ending
            GateQuartet.judge(&runners[index], ending)
        }
        let share = seconds / Double(runners.count)
        return runners.map { runner in
            switch runner.flaw {
            case nil:
                if let flaw = runner.figures.flaw {
                    .invalid(reason: "\(runner.name): \(flaw)", seconds: share)
                } else {
                    .measured(turns: runner.figures.turns, seconds: share)
                }
            case .invalid(let reason, _): .invalid(reason: reason, seconds: share)
            case .some(let flaw): flaw
            }
        }
    }

    /// What its router told at its end; one that does not tell is not known to be at fault. It explains a connection that was
    /// lost; messages that were lost or changed are worse.
    private static func judge(_ runner: inout Runner, _ ending: RouterEndLine?) {
        guard let flaw = ending?.flaw else { return }
        if case .verificationFailed = runner.flaw { return }
        runner.flaw = .receiversLeftBehind(reason: "\(runner.name): \(flaw)")
    }

    /// Ends the routers of a quartet that comes to nothing.
    func abandon() {
        for index in runners.indices {
            runners[index].session = nil
            try? runners[index].server.stop()
        }
    }

    // MARK: - Turns

    private func takeTurns(
        _ connect: (MeasuredServer) throws -> LoadSession, show: (Int) -> Void, isInterrupted: () -> Bool,
        _ record: (inout Runner, LoadSession.Turn) -> Void
    ) throws {
        for index in runners.indices {
            try attempt(index) { $0.session = try connect($0.server) }
        }
        for turn in -lengths.warmUpCount..<lengths.count {
            show(turn)
            for index in runners.indices where !isInterrupted() {
                try attempt(index) { runner in
                    guard let figures = try runner.session?.turn(leadIn: lengths.leadIn, window: lengths.turn),
                        turn >= 0
                    else { return }
                    runner.waits.append(TurnSample(figures, routerCores: 1).waitShare)
                    record(&runner, figures)
                }
            }
        }
    }

    /// Closes the sessions; `judge` gets what all turns came to.
    private func end(_ judge: (inout Runner, LoadSession, LoadOutcome) -> Void) throws {
        for index in runners.indices {
            try attempt(index) { runner in
                guard let session = runner.session else { return }
                let outcome = try session.close()
                runner.session = nil
                judge(&runner, session, outcome)
                for warning in outcome.facts.warnings + [takenProcessors(runner.waits)].compactMap({ $0 }) {
                    warnings.append((runner.name, warning))
                }
                runner.waits = []
                if case .verificationFailed = outcome.facts.verdict {
                    runner.flaw = .verificationFailed(reason: outcome.verification.summary)
                }
            }
        }
    }

    /// Both builds wait alike, so that it voids no ratio; but a machine that is busy with something else decides little.
    private func takenProcessors(_ waits: [Double]) -> RunWarning? {
        guard let wait = Statistics.median(waits), wait > RunFacts.waitLimit else { return nil }
        return RunWarning(
            .processorsTaken,
            "in half of the turns something else had the processors for \(TrialText.percent(wait)) or more")
    }

    /// What fails in one block makes that block invalid; what is wrong in the command ends it all.
    private func attempt(_ index: Int, _ step: (inout Runner) throws -> Void) throws {
        guard runners[index].flaw == nil else { return }
        do {
            try step(&runners[index])
        } catch let error as LoadFailure {
            let reason = "\(runners[index].name): \(error)"
            if error.isConfiguration { throw Failure.usage(reason) }
            runners[index].session = nil
            runners[index].flaw =
                error.exitStatus == .verificationFailure
                ? .verificationFailed(reason: reason) : .invalid(reason: reason, seconds: 0)
        }
    }
}
