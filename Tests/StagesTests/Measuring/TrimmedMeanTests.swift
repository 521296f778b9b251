import Testing

@testable import RennbahnStages

struct TrimmedMeanTests {
    /// By hand: 3…8 are kept; winsorized 3 3 3 4 5 6 7 8 8 8, whose squares about 5.5 sum up to 42.5.
    @Test func `The mean of the middle three fifths, and its standard error, are those of Yuen`() {
        let mean = TrimmedMean([10, 1, 9, 2, 8, 3, 7, 4, 6, 5])
        #expect(mean.count == 10)
        #expect(mean.mean == 5.5)
        #expect(mean.degreesOfFreedom == 5)
        let expected = (42.5 / 9).squareRoot() * (9.0 / 30).squareRoot()
        #expect(abs(mean.standardError - expected) < 1e-12)
    }

    @Test func `An outlier among five does not matter, however far out`() {
        #expect(TrimmedMean([4, 5, 6, 5, 1e12]).mean == TrimmedMean([4, 5, 6, 5, 7]).mean)
    }

    @Test func `The interval reaches as many standard errors as the critical value says, and not below zero`() {
        var degrees: [Double] = []
        let time = StageTime(TrimmedMean([10, 1, 9, 2, 8, 3, 7, 4, 6, 5])) { freedom in
            degrees.append(freedom)
            return 2.5
        }
        let error = (42.5 / 9).squareRoot() * (9.0 / 30).squareRoot()
        #expect(degrees == [5])
        #expect(time.batches == 10)
        #expect(time.nanoseconds == 5.5)
        #expect(abs(time.low - (5.5 - 2.5 * error)) < 1e-12)
        #expect(abs(time.high - (5.5 + 2.5 * error)) < 1e-12)
        #expect(StageTime(TrimmedMean([1, 2, 30, 40, 50])) { _ in 100 }.low == 0)
    }
}
