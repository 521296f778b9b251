@testable import RennbahnTrial

extension TurnSample {
    /// A turn of 40 ms in which a message cost this many microseconds of the router.
    static func sample(
        cpu: Double = 4, messages: UInt64 = 1000, generatorCPU: Double = 2, wait: Double = 0, bytes: UInt64 = 100,
        receives: UInt64 = 500, seconds: Double = 0.04, routerCores: Int = 1
    ) -> TurnSample {
        TurnSample(
            messages: messages, windowSeconds: 0.02, wholeMessages: 2 * messages, wholeBytes: 2 * messages * bytes,
            wholeSeconds: seconds, receives: receives, received: 2 * messages,
            routerSeconds: cpu * 2 * Double(messages) / 1e6,
            generatorSeconds: generatorCPU * 2 * Double(messages) / 1e6,
            routerWaitShare: wait, generatorWaitShare: 0, routerCores: routerCores)
    }
}

extension TrialEvidence {
    /// Three starts of six rounds, in which every side did the same each time.
    static func even(_ sides: [TurnSample?], starts: Int = 3, rounds: Int = 6) -> TrialEvidence {
        var evidence = TrialEvidence(sides: sides.count)
        for _ in 0..<starts {
            evidence.beginStart()
            for _ in 0..<rounds { evidence.takeRound(sides, of: Array(sides.indices)) }
        }
        return evidence
    }
}
