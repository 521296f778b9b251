import RennbahnLoadGenerator
import RennbahnMeasurement
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
            let smaller = group.connected(max(group.fewestClients, Int(Double(clients) * factor)))
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

    private static let firstProbe = 200.0
    private static let mostProbes = 10
    private static let enoughRise = 1.1

    /// Operations a second at this share of what the slowest side of all heats can bear; `nil` where that could not be found.
    func findRate(_ share: Double, _ start: Start) throws -> Double? {
        var least: Double?
        for heat in heats {
            guard !start.isInterrupted() else { return nil }
            let sessions = try connect(heat, isOpenLoop: true, start)
            let capacity = try capacity(of: sessions, heat, share, start)
            for (side, session) in zip(heat, sessions) {
                closed.sides[side].verification += try close(session, side).verification
            }
            guard let capacity else { return nil }
            least = min(least ?? capacity, capacity)
        }
        return least.map { $0 * share }
    }

    /// Of the slowest side of a heat, found at rates that are low for certain.
    private func capacity(
        of sessions: [LoadSession], _ heat: [Int], _ share: Double, _ start: Start
    ) throws -> Double? {
        start.show("how much an open loop can offer")
        var probe = TrialMeasurement.firstProbe
        var capacity: Double?
        for _ in 0..<TrialMeasurement.mostProbes {
            var least: Double?
            for (side, session) in zip(heat, sessions) {
                guard let sample = try turn(session, side, TurnLength(), rate: probe)?.sample,
                    let estimate = OpenLoopCapacity.estimate(rate: probe, sample)
                else { return capacity }
                least = min(least ?? estimate, estimate)
            }
            guard let least else { return capacity }
            // At a low rate most of the time is what measuring costs by itself: the estimate rises until that is little.
            let stands = capacity.map { least < $0 * TrialMeasurement.enoughRise } ?? false
            capacity = max(capacity ?? 0, least)
            if stands { break }
            probe = least * share
        }
        return capacity
    }
}
