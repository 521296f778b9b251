package import RennbahnMeasurement
import RennbahnReactor

/// What a process used over the window.
package struct ProcessWindow: Sendable {
    /// In seconds, over the window as its samples lie.
    package var cpu: CPUUsage
    package var seconds: Double
    /// Of the window: how long the thread that fared worst was ready to run and had no processor, but no more than what others
    /// can have taken: what the process did not use of its cores. `nil` where the kernel does not tell.
    package var waitShare: Double?
    /// Cores that it may use.
    package var cores: Int
    /// CPU time from before the first connection until all were ready, in seconds.
    package var connecting: CPUUsage
    package var residentBeforeConnections: UInt64
    /// CPU seconds that it had used by then.
    package var workBeforeConnections: Double
    /// When all connections were there, before the load.
    package var residentSettled: UInt64
    package var residentAtEnd: UInt64
    /// The most that ever was resident, until the end of the window; `nil` where the kernel does not tell.
    package var residentPeak: UInt64?
}

/// Samples one process at the edges of the phases.
struct ProcessWatch {
    private struct Point {
        var time: UInt64
        var sample: ProcessSample
        var threads: [ThreadSample]
    }

    private let sampler: ProcessSampler
    private let cores: Int?
    private let before: ProcessSample
    private var whenSettled: ProcessSample
    private var start: Point?
    private var end: Point?
    private var peak: UInt64?

    /// A thread that ran for less than this share of the window counts as idle.
    private static let busyShare = 0.05

    /// - Parameters:
    ///   - process: `nil` is this one.
    ///   - cores: `nil`: as many as threads were busy.
    init(process: Int32?, cores: Int?) throws(ProcessSampler.Failure) {
        sampler = try ProcessSampler(pid: process)
        self.cores = cores
        before = try sampler.sample()
        whenSettled = before
    }

    mutating func settled() {
        if let sample = try? sampler.sample() { whenSettled = sample }
    }

    /// Since the process began; `nil` where it cannot be sampled.
    var cpuSeconds: Double? {
        guard let sample = try? sampler.sample() else { return nil }
        let cpu = CPUSample(sample)
        return cpu.exact ?? cpu.user + cpu.system
    }

    mutating func windowBegins() { start = point() }

    mutating func windowEnds() {
        end = point()
        peak = sampler.peakResidentBytes()
    }

    private func point() -> Point? {
        guard let sample = try? sampler.sample(), let threads = try? sampler.threads() else { return nil }
        return Point(time: MonotonicClock.now(), sample: sample, threads: threads)
    }

    /// `nil` where the process could not be sampled at both edges.
    var figures: ProcessWindow? {
        guard let start, let end, end.time > start.time else { return nil }
        let seconds = Double(end.time - start.time) / 1_000_000_000
        let cores = max(1, self.cores ?? min(ProcessWatch.busyThreads(start, end, seconds), Processor.count))
        let cpu = CPUUsage(from: CPUSample(start.sample), to: CPUSample(end.sample))
        let unused = max(0, 1 - cpu.share(ofSeconds: seconds, cores: cores))
        return ProcessWindow(
            cpu: cpu, seconds: seconds,
            waitShare: ProcessWatch.longestWait(start, end).map { min($0 / seconds, unused) }, cores: cores,
            connecting: CPUUsage(from: CPUSample(before), to: CPUSample(whenSettled)),
            residentBeforeConnections: before.residentBytes,
            workBeforeConnections: before.onCPUNanoseconds.map { Double($0) / 1_000_000_000 }
                ?? before.userSeconds + before.systemSeconds,
            residentSettled: whenSettled.residentBytes,
            residentAtEnd: end.sample.residentBytes, residentPeak: peak)
    }

    /// Seconds that one of the threads that live at the end waited, at most.
    private static func longestWait(_ start: Point, _ end: Point) -> Double? {
        var before: [Int32: UInt64] = [:]
        for thread in start.threads { before[thread.id] = thread.runQueueNanoseconds }
        // Nobody has run as far as the kernel says: it does not count.
        guard end.threads.contains(where: { $0.onCPUNanoseconds ?? 0 > 0 }) else { return nil }
        let waits = end.threads.compactMap { thread in
            thread.runQueueNanoseconds.map { $0 - min($0, before[thread.id] ?? 0) }
        }
        return waits.max().map { Double($0) / 1_000_000_000 }
    }

    private static func busyThreads(_ start: Point, _ end: Point, _ seconds: Double) -> Int {
        var before: [Int32: Double] = [:]
        for thread in start.threads { before[thread.id] = time(thread) }
        return end.threads.count { time($0) - (before[$0.id] ?? 0) > busyShare * seconds }
    }

    private static func time(_ thread: ThreadSample) -> Double {
        thread.onCPUNanoseconds.map { Double($0) / 1_000_000_000 } ?? thread.userSeconds + thread.systemSeconds
    }
}

extension CPUSample {
    fileprivate init(_ sample: ProcessSample) {
        self.init(
            user: sample.userSeconds, system: sample.systemSeconds,
            exact: sample.onCPUNanoseconds.map { Double($0) / 1_000_000_000 })
    }
}
