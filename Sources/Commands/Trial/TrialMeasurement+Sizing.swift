import RennbahnLoadGenerator
import RennbahnMeasurement
import RennbahnReport
import RennbahnTrial
import RennbahnWorkload

/// What is found by trying, in the first start: how large fleets and turns are, and how much an open loop offers. It is the same for
/// all heats, so that all sides do the same work.
extension TrialMeasurement {
    /// How often fleets are made smaller before they stay as they are.
    private static let mostAttempts = 8

    // MARK: How long turns are

    /// Makes the fleets smaller until no side has to be silent for too long.
    func findLengths(_ start: Start) throws {
        for attempt in 1...TrialMeasurement.mostAttempts {
            var lengths: [TurnLength] = []
            var silence: UInt64 = 0
            var factor = 1.0
            for heat in heats where !start.isInterrupted() {
                // Where a turn comes to nothing the ones that count will say so.
                let rounds = try rounds(of: heat, start) ?? []
                lengths.append(TurnLength(round: rounds.max() ?? 0))
                if case .tooLarge(let least) = TurnLength.find(rounds: rounds) {
                    factor = min(factor, least)
                    silence = max(silence, TurnLength.silence(rounds))
                }
            }
            let smaller = group.connected(max(group.fewestClients, halved(clients, factor)))
            let isLast = smaller >= clients || group.scenario == nil || attempt == TrialMeasurement.mostAttempts
            guard factor < 1, !isLast, !start.isInterrupted() else {
                closed.lengths = lengths + heats.dropFirst(lengths.count).map { _ in TurnLength() }
                guard silence > 0 else { return }
                remarks.append("connections are silent for \(TrialText.milliseconds(silence)) between two turns")
                return
            }
            clients = smaller
        }
    }

    /// By halves, so that it is the same in the next run, too: what a round takes is known to a tenth or so.
    private func halved(_ clients: Int, _ factor: Double) -> Int {
        var smaller = clients
        while smaller > 1, Double(smaller) > Double(clients) * factor { smaller /= 2 }
        return smaller
    }

    /// Of each side of a heat, in nanoseconds; `nil` where a turn came to nothing.
    private func rounds(of heat: [Int], _ start: Start) throws -> [UInt64]? {
        let sessions = try connect(heat, isOpenLoop: false, start)
        let rounds = try rounds(of: sessions, heat)
        for (side, session) in zip(heat, sessions) {
            // A fleet of another size: all that holds for those that are measured is whether messages were right.
            closed.sides[side].verification += try close(session, side).verification
        }
        return rounds
    }

    private func rounds(of sessions: [LoadSession], _ heat: [Int]) throws -> [UInt64]? {
        var rounds: [UInt64] = []
        for (side, session) in zip(heat, sessions) {
            guard let first = try round(session, side) else { return nil }
            // The fleet is too large for certain, and a round may take seconds: the others may be as slow, until they are seen.
            if first > TurnLength.longestSilence {
                return rounds + Array(repeating: first, count: sessions.count - rounds.count)
            }
            // The first is the one of connections that are new.
            guard let second = try round(session, side) else { return nil }
            rounds.append(min(first, second))
        }
        return rounds
    }

    /// Nanoseconds in which a side completes what is in flight; `nil` where the turn came to nothing.
    private func round(_ session: LoadSession, _ side: Int) throws -> UInt64? {
        let length = TurnLength()
        let task = group.task(group.sides[side], clients: clients)
        let inFlight = task.scenario.messagesInFlight(depth: task.depth, clients: task.clients)
        return try turn(session, side, length, rate: nil).map {
            TurnLength.round(of: $0.sample, length: length, inFlight: inFlight)
        }
    }

    // MARK: How much an open loop offers

    /// Of its cores, or of the generator's: a side that is busier for longer has no room for what comes at once.
    private static let mostBusy = 0.7
    private static let mostHalvings = 8

    /// Operations a second that all sides bear with room to spare: those that are wanted, or a half of them, a quarter …; `nil`
    /// where that could not be found.
    func findRate(_ wanted: Double, _ start: Start) throws -> Double? {
        start.show("how much an open loop can offer")
        var rate = wanted
        for heat in heats {
            guard !start.isInterrupted() else { return nil }
            let sessions = try connect(heat, isOpenLoop: true, start)
            for (side, session) in zip(heat, sessions) { try warmUp(session, side) }
            let borne = try borneRate(atMost: rate, sessions, heat)
            for (side, session) in zip(heat, sessions) {
                open.sides[side].verification += try close(session, side).verification
            }
            guard let borne else { return nil }
            rate = borne
        }
        if rate < wanted {
            remarks.append("\(HumanNumber.rate(wanted)) are more than every side bears, so fewer are offered")
        }
        return rate
    }

    private func borneRate(atMost wanted: Double, _ sessions: [LoadSession], _ heat: [Int]) throws -> Double? {
        var rate = wanted
        for _ in 0..<TrialMeasurement.mostHalvings {
            guard let busy = try busyShare(sessions, heat, rate) else { return nil }
            if busy <= TrialMeasurement.mostBusy { return rate }
            rate /= 2
        }
        return nil
    }

    /// Of the busiest side, in the calmer one of two turns each; `nil` where one came to nothing.
    private func busyShare(_ sessions: [LoadSession], _ heat: [Int], _ rate: Double) throws -> Double? {
        var busiest = 0.0
        for (side, session) in zip(heat, sessions) {
            guard let first = try turn(session, side, TurnLength(), rate: rate)?.sample,
                let second = try turn(session, side, TurnLength(), rate: rate)?.sample
            else { return nil }
            busiest = max(busiest, min(first.busyShare, second.busyShare))
        }
        return busiest
    }
}

extension TurnSample {
    /// Of the busier one's cores, router or generator.
    fileprivate var busyShare: Double { max(routerShare ?? 0, generatorShare) }
}
