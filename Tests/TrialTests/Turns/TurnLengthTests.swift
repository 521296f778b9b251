import Testing

@testable import RennbahnTrial

struct TurnLengthTests {
    private let millisecond: UInt64 = 1_000_000

    @Test func `Short rounds have the shortest turns`() {
        #expect(TurnLength.find(rounds: [0, 1, 2, 3].map { $0 * millisecond }) == .fits(TurnLength()))
        #expect(TurnLength().leadIn == 4 * millisecond)
        #expect(TurnLength().window == 20 * millisecond)
    }

    @Test func `Lead-in and window hold a whole round of the slowest side`() {
        #expect(
            TurnLength.find(rounds: [1 * millisecond, 9 * millisecond]) == .fits(TurnLength(round: 9 * millisecond)))
        let length = TurnLength(round: 30 * millisecond)
        #expect(length.leadIn == 30 * millisecond)
        #expect(length.window == 30 * millisecond)
    }

    /// Of 4 ms and 20 ms under load.
    @Test func `A round is what was left at the end, or the share of the turn that what is in flight has`() {
        func round(whole: Double, messages: UInt64, inFlight: Int) -> UInt64 {
            let turn = TurnSample(
                messages: 0, windowSeconds: 0.02, wholeMessages: messages, wholeBytes: 0, wholeSeconds: whole,
                receives: 0, received: 0, routerSeconds: nil, generatorSeconds: 0)
            return TurnLength.round(of: turn, length: TurnLength(), inFlight: inFlight)
        }
        #expect(round(whole: 0.025, messages: 2500, inFlight: 100) == millisecond)
        #expect(round(whole: 0.030, messages: 3000, inFlight: 100) == 6 * millisecond)
        // One round, which was not over when the load ended.
        #expect(round(whole: 0.040, messages: 256, inFlight: 256) == 40 * millisecond)
        #expect(round(whole: 0.060, messages: 512, inFlight: 256) == 36 * millisecond)
        #expect(round(whole: 0.060, messages: 0, inFlight: 256) == 36 * millisecond)
    }

    @Test func `The quickest side waits for all the others, drains included`() {
        let rounds = [1, 5, 6, 7].map { UInt64($0) * millisecond }
        // Three turns of 7 + 20 and their drains, and the slowest once more, which it changes places with.
        #expect(TurnLength.silence(rounds) == (4 * 27 + 5 + 6 + 7 + 7) * millisecond)
        // Two keep their order.
        #expect(TurnLength.silence([1, 7].map { $0 * millisecond }) == (27 + 7) * millisecond)
        #expect(TurnLength.silence([70 * millisecond]) == 0)
    }

    @Test func `A fleet whose rounds are too long gets smaller until nobody is silent for too long`() throws {
        let rounds = [40, 60, 80, 100].map { UInt64($0) * millisecond }
        guard case .tooLarge(let factor) = TurnLength.find(rounds: rounds) else {
            Issue.record("it fits")
            return
        }
        #expect(TurnLength.silence(rounds, factor: factor) <= TurnLength.longestSilence)
        #expect(TurnLength.silence(rounds, factor: factor * 1.01) > TurnLength.longestSilence)
    }

    @Test func `So many sides that even empty turns are too long get the smallest fleet`() {
        let rounds = Array(repeating: millisecond, count: 9)
        #expect(TurnLength.find(rounds: rounds) == .tooLarge(factor: 0.01))
    }
}
