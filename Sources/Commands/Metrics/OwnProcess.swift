import Foundation
import RennbahnMetrics
import RennbahnReactor

/// What is told of the process that tells it.
struct OwnProcess: Sendable {
    private let sampler: ProcessSampler?
    /// Seconds since 1970 UTC.
    private let startedAt: Double
    private let mostDescriptors: Int

    /// - Parameter descriptors: that the process may have open.
    init(descriptors: Int) {
        sampler = try? ProcessSampler()
        startedAt = Double(WallClock.now() / 1_000_000) / 1000
        mostDescriptors = descriptors
    }

    func write(to text: inout MetricsText) {
        let sample = try? sampler?.sample()
        text.add(
            ProcessFamilies.cpu,
            sample.map { [MetricSample([], .real(OwnProcess.seconds($0)))] } ?? [])
        text.add(ProcessFamilies.resident, sample.map { [MetricSample([], .count($0.residentBytes))] } ?? [])
        let open = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
        // The list is read by a descriptor of its own.
        text.add(ProcessFamilies.openDescriptors, open.map { [MetricSample([], .count(UInt64(max(0, $0 - 1))))] } ?? [])
        text.add(ProcessFamilies.mostDescriptors, count: mostDescriptors)
        text.add(ProcessFamilies.start, .real(startedAt))
        let commit = Version.commit + (Version.isDirty ? "-changed" : "")
        text.add(ProcessFamilies.build, [MetricSample([Version.text, commit], .count(1))])
    }

    /// CPU time, to the nanosecond where the kernel tells.
    private static func seconds(_ sample: ProcessSample) -> Double {
        sample.onCPUNanoseconds.map { Double($0) / 1_000_000_000 } ?? sample.userSeconds + sample.systemSeconds
    }
}
