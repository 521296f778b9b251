import RennbahnWorkload
import Testing

@testable import RennbahnCommands

/// What `--rate` says.
struct RateOptionTests {
    private func parsed(_ text: String) -> RateOption? { try? RateOption.parse(text) }

    @Test func `A rate, a ramp and steps are told apart`() {
        #expect(parsed("5k") == .constant(5000))
        #expect(parsed("5k/s") == .constant(5000))
        #expect(parsed("100:5k") == .moving(RateShape(.ramp(from: 100, to: 5000), text: "100:5k")))
        #expect(
            parsed("500ms@500,1m@2k")
                == .moving(
                    RateShape(
                        .steps([
                            .init(rate: 500, length: 500_000_000), .init(rate: 2000, length: 60_000_000_000),
                        ]), text: "500ms@500,1m@2k")))
    }

    @Test(arguments: [
        "", ":", "100:", ":100", "1:2:3", "0:100", "100:0", "-1:5", "nan:5", "1e999:5", "@", "10s@", "@500", "0s@500",
        "10s@0", "10s@500,", ",10s@500", "10s@5@5", "10s@500:600", "90000s@5", "1s@200M",
    ])
    func `What is none of them is refused`(text: String) {
        #expect(parsed(text) == nil)
    }

    @Test func `A thousand steps are enough`() {
        let step = "1s@5"
        #expect(parsed(Array(repeating: step, count: 1000).joined(separator: ",")) != nil)
        #expect(parsed(Array(repeating: step, count: 1001).joined(separator: ",")) == nil)
    }

    @Test func `The mean is that of the window, which begins behind the warm-up`() throws {
        let phases = PhaseDurations(warmUp: 1_000_000_000, window: 3_000_000_000)
        #expect(try RateOption.parse("700").mean(phases) == 700)
        // From 100 at the beginning of the warm-up it is 200 at that of the window, and 500 at its end.
        #expect(abs(try RateOption.parse("100:500").mean(phases) - 350) < 1e-6)
        #expect(abs(try RateOption.parse("1500ms@100,1s@400,9s@1000").mean(phases) - (50 + 400 + 1500) / 3) < 1e-6)
    }
}
