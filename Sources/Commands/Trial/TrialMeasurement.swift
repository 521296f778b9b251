import RennbahnLoadGenerator
import RennbahnMeasurement
import RennbahnReactor
import RennbahnTrial
import RennbahnWorkload

/// One group as it is measured: its sessions, its turns, and what came of them.
final class TrialMeasurement {
    /// Of one kind of load.
    private struct Load {
        var evidence: TrialEvidence
        var sides: [TrialSummary.Side]
        var length: TurnLength?
        /// Operations a second of an open loop.
        var rate: Double?
    }

    private let group: TrialGroup
    private let trials: TrialSettings
    private let settings: BenchSettings
    private var order: TurnOrder
    private var clients: Int
    private var closed: Load
    private var open: Load
    private(set) var starts = 0
    private var remarks: [String] = []

    /// How often a fleet is made smaller before it stays as it is.
    private static let mostAttempts = 4

    init(_ group: TrialGroup, _ trials: TrialSettings, _ settings: BenchSettings) {
        self.group = group
        self.trials = trials
        self.settings = settings
        clients = group.clients
        order = TurnOrder(sides: group.sides.count, seed: trials.seed)
        let sides = group.sides.map { side in
            var summary = TrialSummary.Side(side.name, side.role)
            if case .rpc = side.task.scenario { summary.floorsPerMessage = 2 }
            return summary
        }
        closed = Load(evidence: TrialEvidence(sides: sides.count), sides: sides)
        open = closed
    }

    func needsMore(_ rule: StoppingRule, secondsLeft: Double, _ secondsPerStart: Double) -> Bool {
        guard !closed.sides.contains(where: { $0.flaw != nil }) || starts < rule.fewestStarts else { return false }
        let loads = (group.hasClosedLoop ? [closed] : []) + (group.openLoopShare == nil ? [] : [open])
        return loads.contains {
            rule.needsMore($0.evidence, secondsLeft: secondsLeft, secondsPerStart: secondsPerStart)
        }
    }

    // MARK: One start

    /// Starts the processes, connects the fleets, lets them take their turns, and ends all.
    func takeStart(
        _ servers: RunningServers, show: (String) -> Void, isInterrupted: @escaping () -> Bool
    ) throws {
        starts += 1
        let tasks = group.sides.map { group.task($0, clients: clients) }
        show("starting")
        let places = try TrialServers(tasks, settings, servers)
        do {
            let turns = order.next()
            try takeClosedLoop(places, turns, show, isInterrupted)
            if let share = group.openLoopShare, !isInterrupted() {
                try takeOpenLoop(share, places, turns, show, isInterrupted)
            }
        } catch {
            places.stopQuietly()
            throw error
        }
        try places.stop()
    }

    private func takeClosedLoop(
        _ places: TrialServers, _ turns: [Int], _ show: (String) -> Void, _ isInterrupted: @escaping () -> Bool
    ) throws {
        var sessions = try connect(places, isOpenLoop: false, show, isInterrupted)
        if closed.length == nil {
            sessions = try findLength(sessions, places, show, isInterrupted)
        }
        let length = closed.length ?? TurnLength()
        try takeTurns(&closed, sessions, turns, length, show, isInterrupted)
        try close(sessions, &closed, isInterrupted)
    }

    private func takeOpenLoop(
        _ share: Double, _ places: TrialServers, _ turns: [Int], _ show: (String) -> Void,
        _ isInterrupted: @escaping () -> Bool
    ) throws {
        let sessions = try connect(places, isOpenLoop: true, show, isInterrupted)
        if open.rate == nil { open.rate = try findRate(share, sessions, isInterrupted) }
        try takeTurns(&open, sessions, turns, TurnLength(), show, isInterrupted)
        try close(sessions, &open, isInterrupted)
    }

    private func connect(
        _ places: TrialServers, isOpenLoop: Bool, _ show: (String) -> Void, _ isInterrupted: @escaping () -> Bool
    ) throws -> [LoadSession] {
        show("connecting \(clients.of("client")) a side")
        return try group.sides.indices.map { index in
            let side = group.sides[index]
            let configuration = configuration(side, places.places[index], isOpenLoop: isOpenLoop)
            let session = try attempt(side) { () throws(LoadFailure) in
                try LoadSession(configuration, isInterrupted: isInterrupted)
            }
            return session
        }
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
        if !place.realm.isEmpty { configuration.realm = place.realm }
        configuration.targetProcesses = place.process.pid.map { [$0] } ?? []
        configuration.targetIsOwn = place.process.isOwn
        configuration.targetName = place.name
        configuration.targetShards = place.shards
        configuration.targetCores = place.shards
        return configuration
    }

    private static let openLoopRoom = 20_000.0

    // MARK: Turns

    /// Makes the fleets smaller until no side has to be silent for too long.
    private func findLength(
        _ connected: [LoadSession], _ places: TrialServers, _ show: (String) -> Void,
        _ isInterrupted: @escaping () -> Bool
    ) throws -> [LoadSession] {
        var sessions = connected
        for _ in 0..<TrialMeasurement.mostAttempts {
            guard let rounds = try rounds(of: sessions), !isInterrupted() else { return sessions }
            switch TurnLength.find(rounds: rounds) {
            case .fits(let length):
                closed.length = length
                return sessions
            case .tooLarge(let factor):
                let smaller = max(group.fewestClients, Int(Double(clients) * factor))
                guard smaller < clients, group.scenario != nil else {
                    closed.length = TurnLength(round: rounds.max() ?? 0)
                    let silence = TrialText.milliseconds(TurnLength.silence(rounds))
                    remarks.append("connections are silent for \(silence) between two turns")
                    return sessions
                }
                clients = smaller
                for session in sessions { _ = try? session.close() }
                sessions = try connect(places, isOpenLoop: false, show, isInterrupted)
            }
        }
        closed.length = TurnLength()
        return sessions
    }

    /// Of each side, in nanoseconds; `nil` where a turn came to nothing.
    private func rounds(of sessions: [LoadSession]) throws -> [UInt64]? {
        var rounds: [UInt64] = []
        for (index, session) in sessions.enumerated() {
            guard let first = try round(session, index) else { return nil }
            // The fleet is too large for certain, and a round may take seconds: the others may be as slow, until they are seen.
            if first > TurnLength.longestSilence {
                return rounds + Array(repeating: first, count: sessions.count - index)
            }
            // The first is the one of connections that are new.
            guard let second = try round(session, index) else { return nil }
            rounds.append(min(first, second))
        }
        return rounds
    }

    /// Nanoseconds in which a side completes what is in flight; `nil` where the turn came to nothing.
    private func round(_ session: LoadSession, _ index: Int) throws -> UInt64? {
        let length = TurnLength()
        let task = group.task(group.sides[index], clients: clients)
        let inFlight = task.scenario.messagesInFlight(depth: task.depth, clients: task.clients)
        return try turn(session, index, length, rate: nil).map {
            TurnLength.round(of: $0.sample, length: length, inFlight: inFlight)
        }
    }

    private static let mostProbes = 10
    private static let enoughRise = 1.1

    /// Operations a second at this share of what the slowest side can bear, found at a rate that is low for certain.
    private func findRate(
        _ share: Double, _ sessions: [LoadSession], _ isInterrupted: () -> Bool
    ) throws -> Double? {
        var probe = 200.0
        var capacity: Double?
        for _ in 0..<TrialMeasurement.mostProbes {
            let capacities = try sessions.indices.map { index -> Double? in
                let sample = try self.turn(sessions[index], index, TurnLength(), rate: probe)?.sample
                return sample.flatMap { OpenLoopCapacity.estimate(rate: probe, $0) }
            }
            guard let least = capacities.compactMap({ $0 }).min() else { return capacity.map { $0 * share } }
            // At a low rate most of the time is what measuring costs by itself: the estimate rises until that is little.
            let stands = capacity.map { least < $0 * TrialMeasurement.enoughRise } ?? false
            capacity = max(capacity ?? 0, least)
            if stands { break }
            probe = least * share
        }
        return capacity.map { $0 * share }
    }

    private func takeTurns(
        _ load: inout Load, _ sessions: [LoadSession], _ order: [Int], _ length: TurnLength, _ show: (String) -> Void,
        _ isInterrupted: () -> Bool
    ) throws {
        load.evidence.beginStart()
        var deadline = UInt64.max
        var round = -trials.warmUpRounds
        while !isInterrupted(), round < ClusteredEstimate.fewestValues || MonotonicClock.now() < deadline {
            if round == 0 { deadline = MonotonicClock.now() + UInt64(trials.turnsPerStart * 1e9) }
            show(round < 0 ? "warming up" : "round \(round + 1)")
            var samples = [TurnSample?](repeating: nil, count: sessions.count)
            for index in order {
                guard let turn = try self.turn(sessions[index], index, length, rate: load.rate) else { continue }
                samples[index] = turn.sample
                if round >= 0, turn.sample.hasTimes { load.sides[index].response.merge(turn.response) }
            }
            if round >= 0, !isInterrupted() { load.evidence.takeRound(samples) }
            round += 1
        }
    }

    private func turn(
        _ session: LoadSession, _ index: Int, _ length: TurnLength, rate: Double?
    ) throws -> (sample: TurnSample, response: LatencyRecorder)? {
        let turn = try attempt(group.sides[index]) { () throws(LoadFailure) in
            try session.turn(leadIn: length.leadIn, window: length.window, rate: rate)
        }
        return turn.map { (TurnSample($0), $0.response) }
    }

    /// Closes the sessions, and notes what was wrong with them.
    private func close(
        _ sessions: [LoadSession], _ load: inout Load, _ isInterrupted: () -> Bool
    ) throws {
        for (index, session) in sessions.enumerated() {
            let outcome = try attempt(group.sides[index]) { () throws(LoadFailure) in try session.close() }
            load.sides[index].take(outcome, isInterrupted: isInterrupted())
        }
    }

    private func attempt<Value>(_ side: TrialGroup.Side, _ step: () throws(LoadFailure) -> Value) throws -> Value {
        do throws(LoadFailure) {
            return try step()
        } catch {
            let status: CommandStatus = error.isConfiguration ? .usage : .invalid
            throw Failure(line: "\(group.work) \(side.name): \(error)", status: status)
        }
    }

    // MARK: What came of it

    var results: [TrialResult] {
        var results: [TrialResult] = []
        if group.hasClosedLoop, closed.evidence.roundCount > 0 {
            let depth = group.sides[0].task.depth
            results.append(result(closed, "\(depth) in flight", isOpenLoop: false))
        }
        if let share = group.openLoopShare, open.evidence.roundCount > 0 {
            results.append(result(open, "\(TrialText.percent(share)) of the capacity", isOpenLoop: true))
        }
        return results
    }

    private func result(_ load: Load, _ name: String, isOpenLoop: Bool) -> TrialResult {
        var result = TrialResult(work: group.work, load: name, clients: clients, clientsAsked: group.clients, sides: [])
        result.windowSeconds = Double((load.length ?? TurnLength()).window) / 1e9
        result.offeredRate = load.rate
        result.remarks = remarks
        if clients < group.clients {
            result.remarks.append(
                "\(clients.of("client")) a side: with \(group.clients) a side would be silent for too long")
        }
        TrialSummary(load.evidence, load.sides, isOpenLoop: isOpenLoop).fill(&result)
        return result
    }
}

extension TrialSummary.Side {
    /// What a session of all its turns came to. What the machine did meanwhile is judged turn by turn.
    mutating func take(_ outcome: LoadOutcome, isInterrupted: Bool) {
        verification += outcome.verification
        if parameters == nil { parameters = outcome.parameters }
        let facts = outcome.facts
        warn(facts.warnings)
        guard !isInterrupted, flaw == nil else { return }
        if outcome.connectionsLost > 0 {
            flaw = "\(outcome.connectionsLost.of("connection was", "connections were")) lost"
        } else if outcome.undrained > 0 {
            flaw = "\(outcome.undrained.of("message")) never arrived"
        } else {
            flaw = facts.verdict.reasons.first { $0.kind == .sharedCore }?.description
        }
    }
}

extension TurnSample {
    init(_ turn: LoadSession.Turn) {
        func share(_ wait: Double?) -> Double? { wait.map { turn.wholeSeconds > 0 ? $0 / turn.wholeSeconds : 0 } }
        self.init(
            messages: turn.messages, windowSeconds: turn.seconds, wholeMessages: turn.wholeMessages,
            wholeBytes: turn.wholeBytes, wholeSeconds: turn.wholeSeconds, receives: turn.receives,
            received: turn.received, routerSeconds: turn.serverSeconds, generatorSeconds: turn.generatorSeconds,
            routerWaitShare: share(turn.serverWait), generatorWaitShare: share(turn.generatorWait))
    }
}
