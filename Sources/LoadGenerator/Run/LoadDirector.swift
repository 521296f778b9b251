import RennbahnBytes
import RennbahnCrypto
import RennbahnMeasurement
import RennbahnReactor
import RennbahnWorkload

/// Leads the shards through the phases of a run, from the main thread.
final class LoadDirector {
    let configuration: LoadConfiguration
    let controls: [FleetControl]
    private var threads: Slab<Thread>
    var machine: PhaseMachine
    private var poller: Poller
    private let startedAt: UInt64
    var steered: SteeringLog
    private var window: MeasuredWindow?

    private var generator: ProcessWatch
    private var target: ProcessWatch?
    private let processes: TargetProcesses
    private var memoryBefore: UInt64?
    private var hostBefore: HostSample?
    private var hostAfter: HostSample?
    private let isInTurns: Bool
    private var hasLoaded = false
    private var turnRate: Double?
    /// When the window ended that is being drained.
    private var drainsSince: UInt64 = 0
    /// Of all turns so far.
    private var turns = FleetFigures()

    private var established = 0
    private var undrained: UInt64 = 0
    private var ending = PhaseOutcome.aborted
    private var isInterrupted = false
    private var progress: (time: UInt64, messages: UInt64) = (0, 0)

    private static let progressInterval: UInt64 = 200_000_000

    init(
        _ configuration: LoadConfiguration, address: SocketAddress, receiverAddress: SocketAddress,
        sources: [SocketAddress], isInTurns: Bool
    ) throws(LoadFailure) {
        self.configuration = configuration
        self.isInTurns = isInTurns
        let processes = try TargetProcesses(
            configuration, address == receiverAddress ? [address] : [address, receiverAddress])
        self.processes = processes
        let workload = configuration.workload
        do throws(ProcessSampler.Failure) {
            let processors = configuration.processors.isEmpty ? Processor.count : Set(configuration.processors).count
            generator = try ProcessWatch(
                processes: [ProcessSampler.ownProcess], cores: min(workload.shards, processors))
            if !processes.listening.isEmpty {
                target = try ProcessWatch(
                    processes: processes.listening, candidates: processes.candidates, cores: configuration.targetCores)
            }
        } catch {
            throw .targetProcess(error)
        }
        if isInTurns { memoryBefore = target?.processes.anonymousBytes() }
        machine = PhaseMachine(durations: workload.phases, isInTurns: isInTurns)
        startedAt = MonotonicClock.now()
        steered = SteeringLog(from: startedAt)
        threads = Slab(capacity: workload.shards)
        let run = SecureRandom.word()
        let plan = FleetPlan(workload, run: run)
        var controls: [FleetControl] = []
        do throws(SystemError) {
            poller = try Poller()
            for _ in 0..<workload.shards { controls.append(try FleetControl()) }
            self.controls = controls
        } catch {
            throw .system(error)
        }
        do throws(SystemError) {
            for shard in 0..<workload.shards {
                try start(
                    ShardSetting(
                        configuration: configuration, plan: plan, shard: shard, address: address,
                        receiverAddress: receiverAddress, sources: sources, run: run, epoch: startedAt,
                        isInTurns: isInTurns))
            }
        } catch {
            end()
            throw .system(error)
        }
    }

    private func start(_ setting: ShardSetting) throws(SystemError) {
        let shard = try FleetShard(setting, control: controls[setting.shard])
        let body = ThreadWork { shard.run() }
        let processors = configuration.processors
        let thread = try Thread.spawn(name: "load-\(setting.shard)") {
            // Operations leave at their time, and not when the kernel finds it convenient to wake two threads at once.
            Thread.setTimerSlack(1)
            if !processors.isEmpty {
                try? Processor.pinCurrentThread(to: [processors[setting.shard % processors.count]])
            }
            body.run()
        }
        _ = threads.insert(thread)
    }

    /// Ends the shards at once and waits for their threads; nothing to do where they have ended.
    func end() {
        for control in controls { control.give(.abandon) }
        for index in 0..<threads.usedSlots where threads.contains(index) { threads.remove(index).join() }
    }

    // MARK: The run

    /// Leads the run to its end, or until it waits for a turn.
    ///
    /// - Parameter steering: what whoever watches it wants, one thing after the other; asked several times a second.
    func conduct(
        onProgress: (LoadProgress) -> Void, onInterval: ((RunInterval) -> Void)? = nil, takesTotals: Bool = false,
        steering: () -> Steering? = { nil }, isInterrupted: () -> Bool
    ) throws(LoadFailure) {
        _ = machine.start(at: startedAt)
        var intervals = onInterval.map { _ in
            IntervalWatch(
                from: startedAt, shards: controls.count, generator: generator, target: target, takesTotals: takesTotals)
        }
        while true {
            var now = MonotonicClock.now()
            let report = self.report
            if !self.isInterrupted, !machine.phase.isOver, isInterrupted() {
                self.isInterrupted = true
                if case .measuring = machine.phase, !isInTurns { carryOut(.endWindow) }
                carryOut(machine.abort(at: now))
            }
            while let wanted = steering() { steer(wanted) }
            now = MonotonicClock.now()
            try observe(report, at: now)
            // A phase ends at the time it was to end, however late this thread is: the shards keep that time.
            while let due = machine.nextDeadline, due <= now {
                carryOut(machine.tick(at: due))
                now = MonotonicClock.now()
            }
            showProgress(report, at: now, intervals?.totals, onProgress)
            if let onInterval,
                let interval = intervals?.look(
                    at: now, machine.phase, report, controls, generator: generator, target: target)
            {
                onInterval(interval)
            }
            if case .waiting = machine.phase { return }
            if case .finished(let outcome) = machine.phase {
                ending = outcome
                end()
                if let onInterval,
                    let rest = intervals?.finish(
                        at: MonotonicClock.now(), self.report, controls, generator: generator, target: target)
                {
                    onInterval(rest)
                }
                return
            }
            sleep(from: now)
        }
    }

    /// Begins a turn of a run that waits; ``conduct(onProgress:isInterrupted:)`` leads it to its end. Lengths are nanoseconds.
    ///
    /// - Parameter rate: operations a second of an open loop, where they are not the configuration's.
    func beginTurn(leadIn: UInt64, window: UInt64, rate: Double?) {
        turnRate = rate
        carryOut(machine.beginTurn(leadIn: leadIn, window: window, at: MonotonicClock.now()))
    }

    /// What the turn brought that has ended; nil where it was broken off.
    func takeTurn() -> TurnFigures? {
        guard case .waiting = machine.phase else { return nil }
        var sum = TurnFigures()
        for control in controls {
            guard let turn = control.takeTurn() else { return nil }
            sum.add(turn)
        }
        turns.add(sum.window)
        return sum
    }

    /// No more turns.
    func close() {
        carryOut(machine.close(at: MonotonicClock.now()))
    }

    var shardCount: Int { controls.count }

    /// What the shards tell, as inputs of the machine.
    private func observe(_ report: ShardReport, at now: UInt64) throws(LoadFailure) {
        let requested = configuration.workload.clients
        switch machine.phase {
        case .connecting(let deadline):
            if let failure = tally.first {
                throw failed(
                    .connection(url: configuration.target.url, failure, ready: report.ready, requested: requested))
            }
            if report.ready == requested {
                established = report.ready
                // This takes its time, which is none to settle in.
                target?.narrow(to: processes.serving)
                carryOut(machine.allConnected(at: MonotonicClock.now()))
            } else if now >= deadline {
                throw failed(
                    .connectTimeout(url: configuration.target.url, ready: report.ready, requested: requested))
            }
        case .settling, .waiting, .warmingUp, .measuring, .draining:
            if isDeserted(report), let failure = tally.first {
                throw failed(.connection(url: configuration.target.url, failure, ready: 0, requested: requested))
            }
            if report.isDrained { carryOut(machine.drained(at: now)) }
        case .closing: if report.hasEnded { carryOut(machine.allClosed(at: now)) }
        case .idle, .finished: break
        }
    }

    /// Ends the run; the failure, with what the shards know of it.
    private func failed(_ failure: LoadFailure) -> LoadFailure {
        end()
        var figures = FleetFigures()
        for control in controls { figures.add(control.takeFigures()) }
        var failure = failure
        if case .connectTimeout(let url, let ready, let requested, _) = failure {
            failure = .connectTimeout(url: url, ready: ready, requested: requested, awaited: figures.awaited)
        }
        let faults = figures.faults.withoutLosses.faults
        return faults.isEmpty ? failure : .violated(faults, failure)
    }

    /// Whether nobody is left to measure with.
    private func isDeserted(_ report: ShardReport) -> Bool {
        if case .connect = configuration.workload.scenario {
            // Who is lost under load comes again.
            return report.failedInARow >= established || (!hasLoaded && report.lost >= established)
        }
        return report.lost >= established
    }

    func carryOut(_ action: PhaseAction) {
        switch action {
        case .none, .startConnecting, .waitToSettle, .report: break
        case .startLoad:
            if !hasLoaded {
                generator.settled()
                target?.settled()
                if isInTurns { sampleStart() }
            }
            hasLoaded = true
            guard let window = machine.plannedWindow else { return }
            for control in controls {
                control.startLoad(windowStart: window.start, windowEnd: window.end, rate: turnRate)
            }
        // Of a run in turns all is sampled from the first turn to the last, and the target between turns.
        case .beginWindow: if !isInTurns { sampleStart() }
        case .endWindow:
            drainsSince = MonotonicClock.now()
            window = machine.phase.window(endingAt: drainsSince)
            if !isInTurns { sampleEnd() }
        case .closeConnections:
            if isInTurns, hasLoaded { sampleEnd() }
            undrained = report.outstanding
            for control in controls { control.give(.close) }
        }
    }

    private func sampleStart() {
        hostBefore = try? HostSampler.sample()
        target?.windowBegins()
        generator.windowBegins()
    }

    private func sampleEnd() {
        generator.windowEnds(workers: controls.map(\.threadID))
        target?.windowEnds()
        hostAfter = try? HostSampler.sample()
        // Behind all samples: it takes its time.
        target?.look(processes.serving)
    }

    /// Nanoseconds for which the threads that carry the load were ready to run and had no processor, since they began. This
    /// thread is none of them: that it waits for them does nobody harm.
    var waiting: UInt64? {
        var sum: UInt64 = 0
        for control in controls {
            guard let waited = ProcessSampler.runQueueNanoseconds(ofOwnThread: control.threadID) else { return nil }
            sum += waited
        }
        return sum
    }

    /// The processes of the server that serve the fleet; `nil` where none is known.
    var targetGroup: ProcessGroupSampler? { target?.processes }

    /// What they had of their own before the first connection, in octets; `nil` where they were others, or the kernel does not tell.
    var targetMemoryBefore: UInt64? { target?.processes.pids == processes.listening ? memoryBefore : nil }

    private func sleep(from now: UInt64) {
        let interval: UInt64 =
            switch machine.phase {
            // Looking takes time on the very processors that are measured: the longer it lasts, the less often.
            case .draining where isInTurns: max(500_000, (now - min(now, drainsSince)) / 4)
            case .connecting, .draining, .closing, .idle, .waiting, .finished: isInTurns ? 500_000 : 2_000_000
            case .settling, .warmingUp, .measuring: 50_000_000
            }
        let deadline = machine.nextDeadline ?? .max
        _ = poller.wait(timeoutNanoseconds: min(interval, deadline > now ? deadline - now : 0))
    }

    private func showProgress(
        _ report: ShardReport, at now: UInt64, _ totals: RunTotals?, _ show: (LoadProgress) -> Void
    ) {
        let since = now - progress.time
        guard since >= LoadDirector.progressInterval else { return }
        let rate = progress.time == 0 ? 0 : Double(report.messages - progress.messages) / Double(since) * 1e9
        progress = (now, report.messages)
        show(
            LoadProgress(
                phase: machine.phase, requested: configuration.workload.clients, ready: report.ready,
                messages: report.messages, messagesPerSecond: rate, outstanding: report.outstanding,
                elapsedSeconds: Double(now - startedAt) / 1e9,
                secondsLeft: machine.nextDeadline.map { Double($0 - min($0, now)) / 1e9 }, lost: report.lost,
                failures: tally.counts, isPaused: steered.isPaused, rateFactor: steered.rateFactor,
                failureKinds: tally.kinds, totals: totals))
    }

    // MARK: What came of it

    private var report: ShardReport {
        var sum = ShardReport(isDrained: true, hasEnded: true)
        for control in controls {
            let report = control.report
            sum.ready += report.ready
            sum.lost += report.lost
            sum.messages += report.messages
            sum.failedInARow += report.failedInARow
            sum.outstanding += report.outstanding
            sum.isDrained = sum.isDrained && report.isDrained
            sum.hasEnded = sum.hasEnded && report.hasEnded
        }
        return sum
    }

    private var tally: FailureTally {
        var sum = FailureTally()
        for control in controls { sum.add(control.tally) }
        return sum
    }

    func outcome() -> LoadOutcome {
        var figures = turns
        for control in controls { figures.add(control.takeFigures()) }
        figures.averageWindow(of: controls.count)
        var outcome = LoadOutcome(
            configuration, figures, ending: ending, isInterrupted: isInterrupted, established: established,
            lost: report.lost, undrained: undrained, failures: tally.counts, generator: watched(generator),
            target: target.flatMap(watched), targetWarning: processes.warning, stealShare: stealShare)
        var rate: Double?
        if case .open(let configured, _) = configuration.workload.load {
            rate = outcome.profiledRate ?? configured
        }
        outcome.steering = steered.figures(window: window, rate: rate)
        return outcome
    }

    /// In turns a process waits while others have theirs, which says nothing of its own.
    private func watched(_ watch: ProcessWatch) -> ProcessWindow? {
        var window = watch.figures
        if isInTurns { window?.waitShare = nil }
        return window
    }

    private var stealShare: Double {
        guard let hostBefore, let hostAfter else { return 0 }
        return hostAfter.stealShare(since: hostBefore)
    }
}
