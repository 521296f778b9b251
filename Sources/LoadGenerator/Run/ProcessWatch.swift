package import RennbahnMeasurement
import RennbahnReactor

/// What a process used over the window.
package struct ProcessWindow: Sendable {
    /// In seconds, over the window as its samples lie.
    package var cpu: CPUUsage
    package var seconds: Double
    /// Seconds that its threads were ready to run and had no processor; `nil` where the kernel does not tell.
    package var waiting: Double?
    /// Cores that it may use.
    package var cores: Int
    /// CPU time from before the first connection until all were ready, in seconds.
    package var connecting: CPUUsage
    package var residentBeforeConnections: UInt64
    /// When all connections were there, before the load.
    package var residentSettled: UInt64
    package var residentAtEnd: UInt64
    /// The most that ever was resident, until the end of the window; `nil` where the kernel does not tell.
    package var residentPeak: UInt64?

    /// Of the time that its cores had: how much of what it could have used went to others.
    package var waitShare: Double? {
        guard let waiting, seconds > 0 else { return nil }
        return waiting / (seconds * Double(cores))
    }
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
        let cores = self.cores ?? min(ProcessWatch.busyThreads(start, end, seconds), Processor.count)
        return ProcessWindow(
            cpu: ProcessWatch.usage(start.sample, end.sample), seconds: seconds,
            waiting: ProcessWatch.waiting(start.sample, end.sample), cores: max(1, cores),
            connecting: ProcessWatch.usage(before, whenSettled), residentBeforeConnections: before.residentBytes,
            residentSettled: whenSettled.residentBytes,
            residentAtEnd: end.sample.residentBytes, residentPeak: peak)
    }

    private static func usage(_ start: ProcessSample, _ end: ProcessSample) -> CPUUsage {
        CPUUsage(from: CPUSample(start), to: CPUSample(end))
    }

    private static func waiting(_ start: ProcessSample, _ end: ProcessSample) -> Double? {
        guard let before = start.runQueueNanoseconds, let after = end.runQueueNanoseconds else { return nil }
        // A thread that ended takes its share along.
        return Double(after > before ? after - before : 0) / 1_000_000_000
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
