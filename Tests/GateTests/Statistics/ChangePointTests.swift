import RennbahnTrial
import RennbahnWorkload
import Testing

@testable import RennbahnGate

struct ChangePointTests {
    private func noise(_ count: Int, around level: Double, seed: UInt64, spread: Double = 0.01) -> [Double] {
        var generator = SeededGenerator(seed: seed)
        return (0..<count).map { _ in
            level * (1 + spread * (generator.nextUnit() + generator.nextUnit() + generator.nextUnit() - 1.5))
        }
    }

    private func find(_ values: [Double], _ settings: ChangePoints.Settings = .init()) -> [ChangePoints.Point] {
        ChangePoints.find(in: values, settings: settings)
    }

    @Test func `A step is found where it is`() {
        let points = find(noise(20, around: 1, seed: 1) + noise(15, around: 1.05, seed: 2))
        #expect(points.map(\.index) == [20])
        #expect((points.first?.change ?? 0) > 0.04 && (points.first?.change ?? 0) < 0.06)
    }

    @Test func `Two steps are found, up and down`() {
        let points = find(
            noise(15, around: 1, seed: 3) + noise(15, around: 1.1, seed: 4) + noise(15, around: 0.98, seed: 5))
        #expect(points.map(\.index) == [15, 30])
        #expect(points.map { $0.change > 0 } == [true, false])
    }

    @Test func `Noise alone hardly ever has a change point`() {
        let alarms = (0..<40).count { !find(noise(40, around: 1, seed: 100 + $0, spread: 0.03)).isEmpty }
        #expect(alarms <= 2, "\(alarms) of 40")
    }

    @Test func `One outlier is no change point`() {
        var values = noise(30, around: 1, seed: 7)
        values[15] = 5
        #expect(find(values).isEmpty)
    }

    @Test func `A change that is too small to matter is passed over`() {
        let values = noise(20, around: 1, seed: 8, spread: 0.001) + noise(20, around: 1.005, seed: 9, spread: 0.001)
        #expect(find(values).isEmpty)
        var settings = ChangePoints.Settings()
        settings.smallestChange = 0.002
        #expect(find(values, settings).map(\.index) == [20])
    }

    @Test(arguments: 0..<10)
    func `A short series has none`(count: Int) {
        #expect(find((0..<count).map { $0 < count / 2 ? 1 : 2 }).isEmpty)
    }

    @Test func `The same series always has the same points`() {
        let values = noise(15, around: 1, seed: 10) + noise(15, around: 1.02, seed: 11)
        let points = find(values)
        #expect(!points.isEmpty && find(values) == points)
    }

    /// Where a step has just happened, the part behind it is filled up with values from before.
    @Test(arguments: 4...5)
    func `No part is shorter than one may be, at either end`(lasting: Int) {
        let values = noise(20, around: 1, seed: 12) + noise(lasting, around: 1.5, seed: 13)
        #expect(find(values).map(\.index) == [values.count - 5])
        #expect(find(values.reversed()).map(\.index) == [5])
    }

    @Test func `Equal values have none`() {
        #expect(find(Array(repeating: 1, count: 30)).isEmpty)
        #expect(find(Array(repeating: 0, count: 30)).isEmpty)
    }
}
