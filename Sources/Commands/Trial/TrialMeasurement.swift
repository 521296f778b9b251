import RennbahnLoadGenerator
import RennbahnMeasurement
import RennbahnReactor
import RennbahnTrial
import RennbahnWorkload

/// One group as it is measured: its sessions, its turns, and what came of them.
final class TrialMeasurement {
    /// What was measured under one kind of load.
    struct Load {
        var evidence: TrialEvidence
        var sides: [TrialSummary.Side]
        /// Of each heat.
        var lengths: [TurnLength] = []
        /// Operations a second of an open loop.
        var rate: Double?

        var isFlawed: Bool { sides.contains { $0.flaw != nil } }
    }

    /// What one start works with.
    struct Start {
        var places: TrialServers
        /// Seconds of turns that count, in each heat.
        var turns: Double
        var show: (String) -> Void
        var isInterrupted: () -> Bool
    }

    let group: TrialGroup
    let heats: [[Int]]
    private let trials: TrialSettings
    private let controls: Int
    private let settings: BenchSettings
    private var order: TurnOrder
    /// Of each side, as they are connected.
    var clients: Int
    var closed: Load
    var open: Load
    private(set) var starts = 0
    var remarks: [String] = []

    /// - Parameter controls: how often the run that the group is part of asks a twin about the same metric.
    init(_ group: TrialGroup, _ trials: TrialSettings, _ settings: BenchSettings, controls: Int = 1) {
        self.group = group
        self.controls = controls
        self.trials = trials
        self.settings = settings
        heats = group.heats
        clients = group.connected(group.clients)
        order = TurnOrder(seed: trials.seed)
        let sides = group.sides.map { side in
            var summary = TrialSummary.Side(side.name, side.role)
            if case .rpc = side.task.scenario { summary.floorsPerMessage = 2 }
            return summary
        }
        let twin = group.sides.firstIndex { $0.role == .twin }
        closed = Load(evidence: TrialEvidence(sides: sides.count, twin: twin), sides: sides)
        open = closed
    }

    func needsMore(_ rule: StoppingRule, secondsLeft: Double, _ secondsPerStart: Double) -> Bool {
        rule.needsMore(
            starts: starts, secondsLeft: secondsLeft, secondsPerStart: secondsPerStart, isCoarse: isCoarse(rule))
    }

    /// What has a flaw gets no better by more of the same.
    private func isCoarse(_ rule: StoppingRule) -> Bool {
        let floor = group.sides.firstIndex { $0.role == .floor }
        return !closed.isFlawed
            && (rule.isCoarse(closed.evidence, floor: floor, hasRates: true)
                || group.judgesFigures && rule.areFiguresCoarse(closed.evidence))
            || group.openLoopRate != nil && !open.isFlawed
                && rule.isCoarse(open.evidence, floor: floor, hasRates: false)
    }

    // MARK: One start

    /// Starts the processes, connects the fleets, lets them take their turns, and ends all.
    ///
    /// - Parameter turns: seconds of turns that count, in each heat.
    func takeStart(
        _ servers: RunningServers, turns: Double, show: @escaping (String) -> Void, isInterrupted: @escaping () -> Bool
    ) throws {
        starts += 1
        show("starting")
        let places = try TrialServers(group.sides.map { group.task($0, clients: clients) }, settings, servers)
        let start = Start(places: places, turns: turns, show: show, isInterrupted: isInterrupted)
        do {
            if closed.lengths.isEmpty { try findLengths(start) }
            try takeHeats(&closed, isOpenLoop: false, start)
            if let rate = group.openLoopRate, !isInterrupted() { try takeOpenLoop(rate, start) }
        } catch {
            places.stopQuietly()
            throw error
        }
        try places.stop()
        guard !isInterrupted() else { return }
        for (side, place) in places.places.enumerated() { judge(side, place.process.ending) }
    }

    /// Sides share a router, and it does not tell under whose load, and which kind of it, somebody was left behind: its figures
    /// are void for all of them.
    private func judge(_ side: Int, _ ending: RouterEndLine?) {
        closed.sides[side].take(ending)
        if group.openLoopRate != nil { open.sides[side].take(ending) }
    }

    private func takeOpenLoop(_ wanted: Double, _ start: Start) throws {
        if open.rate == nil {
            open.rate = try findRate(wanted, start)
            open.lengths = heats.map { _ in TurnLength() }
        }
        guard open.rate != nil else {
            guard !start.isInterrupted() else { return }
            for index in open.sides.indices where open.sides[index].flaw == nil {
                open.sides[index].flaw = "no rate was found that every side bears"
            }
            return
        }
        try takeHeats(&open, isOpenLoop: true, start)
    }

    private func takeHeats(_ load: inout Load, isOpenLoop: Bool, _ start: Start) throws {
        guard !start.isInterrupted() else { return }
        load.evidence.beginStart()
        for (number, heat) in heats.enumerated() where !start.isInterrupted() {
            let sessions = try connect(heat, isOpenLoop: isOpenLoop, start)
            try takeTurns(&load, number, sessions, start)
            for (side, session) in zip(heat, sessions) {
                load.sides[side].take(try close(session, side), isInterrupted: start.isInterrupted())
            }
        }
    }

    private func takeTurns(_ load: inout Load, _ number: Int, _ sessions: [LoadSession], _ start: Start) throws {
        let heat = heats[number]
        let length = load.lengths[number]
        order.begin(Array(heat.indices))
        for index in heat.indices where !start.isInterrupted() {
            start.show("warming up \(group.sides[heat[index]].name)")
            try warmUp(sessions[index], heat[index])
        }
        let name = heats.count > 1 ? "heat \(number + 1) of \(heats.count), " : ""
        var deadline = UInt64.max
        var round = -trials.warmUpRounds
        // One more than a start needs: a turn may fall out.
        while !start.isInterrupted(), round <= ClusteredEstimate.fewestValues || MonotonicClock.now() < deadline {
            if round == 0 { deadline = MonotonicClock.now() + UInt64(start.turns * 1e9) }
            start.show(name + (round < 0 ? "warming up" : "round \(round + 1)"))
            var samples = [TurnSample?](repeating: nil, count: heat.count)
            let order = order.next()
            for index in order {
                guard let turn = try self.turn(sessions[index], heat[index], length, rate: load.rate) else { continue }
                samples[index] = turn.sample
                if round >= 0, turn.sample.hasTimes { load.sides[heat[index]].take(turn.times) }
            }
            // Sessions that are over stay so.
            guard samples.contains(where: { $0 != nil }) else { return }
            if round >= 0, !start.isInterrupted() { load.evidence.takeRound(samples, of: heat) }
            round += 1
        }
    }

    /// Lets a side that compresses fill the windows of its connections.
    func warmUp(_ session: LoadSession, _ side: Int) throws {
        let task = group.task(group.sides[side], clients: clients)
        guard task.compression.policy != nil else { return }
        var warmUp = WarmUp(
            octets: task.payload.nominalBytes, senders: task.scenario.senders(clients: task.clients),
            messagesInFlight: task.scenario.messagesInFlight(depth: 1, clients: task.clients))
        let length = TurnLength()
        while let operations = warmUp.operations {
            // A closed loop has no rate.
            let rate = operations * 1e9 / Double(length.leadIn + length.window)
            guard let turn = try turn(session, side, length, rate: rate) else { return }
            warmUp.took(turn.sample.wholeMessages)
        }
    }

    func turn(
        _ session: LoadSession, _ side: Int, _ length: TurnLength, rate: Double?
    ) throws -> (sample: TurnSample, times: LoadSession.Turn)? {
        let turn = try attempt(side) { () throws(LoadFailure) in
            try session.turn(leadIn: length.leadIn, window: length.window, rate: rate)
        }
        return turn.map { (TurnSample($0, routerCores: routerCores(side)), $0) }
    }

    /// Peers are given as many as our own router has.
    private func routerCores(_ side: Int) -> Int {
        if case .peer = group.sides[side].task.server { return settings.shards }
        return group.sides[side].task.server.cores
    }

    // MARK: Sessions

    func connect(_ heat: [Int], isOpenLoop: Bool, _ start: Start) throws -> [LoadSession] {
        start.show("connecting \(clients.of("client")) a side")
        return try heat.map { side in
            let configuration = configuration(group.sides[side], start.places.places[side], isOpenLoop: isOpenLoop)
            let session = try attempt(side) { () throws(LoadFailure) in
                try LoadSession(configuration, isInterrupted: start.isInterrupted)
            }
            return session
        }
    }

    func close(_ session: LoadSession, _ side: Int) throws -> LoadOutcome {
        try attempt(side) { () throws(LoadFailure) in try session.close() }
    }

    private func configuration(
        _ side: TrialGroup.Side, _ place: TrialServers.Place, isOpenLoop: Bool
    ) -> LoadConfiguration {
        let task = group.task(side, clients: clients)
        var configuration = CellRunner.configuration(task, settings, target: place.target, seed: trials.seed)
        // Nothing is measured between connecting and the first turns, which do not count.
        configuration.workload.phases.settle = 0
        // What an open loop may have in flight: its turns have rates of their own.
        if isOpenLoop { configuration.workload.load = .open(rate: TrialMeasurement.openLoopRoom, arrivals: .constant) }
        configuration.receiverTarget = place.receiverTarget
        if !place.realm.isEmpty { configuration.realm = place.realm }
        configuration.targetProcesses = place.process.pid.map { [$0] } ?? []
        configuration.targetIsOwn = place.process.isOwn
        configuration.targetName = place.name
        configuration.targetShards = place.shards
        configuration.targetCores = place.shards
        return configuration
    }

    private static let openLoopRoom = 20_000.0

    private func attempt<Value>(_ side: Int, _ step: () throws(LoadFailure) -> Value) throws -> Value {
        do throws(LoadFailure) {
            return try step()
        } catch {
            throw Failure(line: "\(group.work) \(group.sides[side].name): \(error)", status: error.exitStatus)
        }
    }

    // MARK: What came of it

    var results: [TrialResult] {
        var results: [TrialResult] = []
        if closed.evidence.roundCount > 0 {
            results.append(result(closed, "\(group.sides[0].task.depth) in flight", isOpenLoop: false))
        }
        if group.openLoopRate != nil, open.evidence.roundCount > 0 || open.isFlawed {
            results.append(result(open, "open loop", isOpenLoop: true))
        }
        return results
    }

    private func result(_ load: Load, _ name: String, isOpenLoop: Bool) -> TrialResult {
        let asked = group.connected(group.clients)
        var result = TrialResult(work: group.work, load: name, clients: clients, clientsAsked: asked, sides: [])
        result.windowSeconds = Double(load.lengths.map(\.window).max() ?? 0) / 1e9
        result.offeredRate = load.rate
        result.remarks = remarks
        TrialSummary(load.evidence, load.sides, isOpenLoop: isOpenLoop, controls: controls).fill(&result)
        return result
    }
}
