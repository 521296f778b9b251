package import RennbahnMeasurement
import RennbahnReactor

/// What the processes of a side used over the window, all together.
package struct ProcessWindow: Sendable {
    /// In seconds, over the window as its samples lie.
    package var cpu: CPUUsage
    package var seconds: Double
    /// Of the window: how long the thread that fared worst was ready to run and had no processor, but no more than what others
    /// can have taken: what the side did not use of its cores. `nil` where the kernel does not tell.
    package var waitShare: Double?
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
    /// Processors that the threads that do its work may run on.
    package var processors: Set<Int>
    /// Processes that it is of.
    package var processes: [Int32]
    /// Processes that ended within the window: what they used in it is missing.
    package var ended: [Int32]
    /// Processes that came to serve connections within the window.
    package var started: [Int32]
}

/// Samples the processes of a side at the edges of the phases.
struct ProcessWatch {
    private struct Point {
        var time: UInt64
        var samples: [Int32: ProcessSample]
        var threads: [ThreadSample]
    }

    private var group: ProcessGroupSampler
    private let cores: Int?
    private var before: [Int32: ProcessSample]
    private var whenSettled: [Int32: ProcessSample]
    private var start: Point?
    private var end: Point?
    private var peak: UInt64?
    private var processors: Set<Int> = []
    private var ended: [Int32] = []
    private var started: [Int32] = []

    /// A thread that ran for less than this share of the window counts as idle.
    private static let busyShare = 0.05

    /// - Parameters:
    ///   - processes: at least one.
    ///   - candidates: others that ``narrow(to:)`` may take in: they are sampled now and, where they are gone, forgotten.
    ///   - cores: `nil`: as many as threads were busy.
    init(
        processes: [Int32], candidates: [Int32] = [], cores: Int?
    ) throws(ProcessSampler.Failure) {
        group = try ProcessGroupSampler(pids: processes)
        self.cores = cores
        before = group.samples()
        whenSettled = before
        for pid in candidates {
            if let sample = try? ProcessSampler(pid: pid).sample() { before[pid] = sample }
        }
    }

    /// The processes that serve the connections, all of which are there.
    mutating func narrow(to processes: [Int32]) {
        let living = processes.filter { (try? ProcessSampler(pid: $0)) != nil }
        if !living.isEmpty, let group = try? ProcessGroupSampler(pids: living) { self.group = group }
    }

    mutating func settled() { whenSettled = group.samples() }

    mutating func windowBegins() { start = point() }

    /// - Parameter workers: threads that do the side's work; `nil`: those that were busy, or all where none was.
    mutating func windowEnds(workers: [Int32]? = nil) {
        end = point()
        peak = group.peakResidentBytes()
        guard let start, let end else { return }
        ended = start.samples.keys.filter { end.samples[$0] == nil }.sorted()
        let busy = ProcessWatch.busyThreads(start, end)
        let threads = workers ?? (busy.isEmpty ? end.threads : busy).map(\.id)
        processors = Set(threads.compactMap { Processor.allowed(ofThread: $0) }.joined())
    }

    /// The processes that serve the connections, behind the end of the window: those that are new in it count, too, with all that
    /// they ever used.
    mutating func look(_ processes: [Int32]) {
        guard start != nil, end != nil else { return }
        for pid in processes where !group.pids.contains(pid) {
            guard let sample = try? ProcessSampler(pid: pid).sample() else { continue }
            started.append(pid)
            end?.samples[pid] = sample
        }
    }

    var processes: ProcessGroupSampler { group }

    private func point() -> Point {
        Point(time: MonotonicClock.now(), samples: group.samples(), threads: group.threads())
    }

    /// `nil` where no process could be sampled at both edges.
    var figures: ProcessWindow? {
        guard let start, let end, end.time > start.time, start.samples.keys.contains(where: { end.samples[$0] != nil })
        else { return nil }
        let seconds = Double(end.time - start.time) / 1_000_000_000
        let busy = ProcessWatch.busyThreads(start, end).count
        let cores = max(1, self.cores ?? min(busy, Processor.count))
        let cpu = ProcessWatch.usage(from: start.samples, to: end.samples)
        let unused = max(0, 1 - cpu.share(ofSeconds: seconds, cores: cores))
        return ProcessWindow(
            cpu: cpu, seconds: seconds,
            waitShare: ProcessWatch.longestWait(start, end).map { min($0 / seconds, unused) }, cores: cores,
            connecting: ProcessWatch.usage(from: before, to: whenSettled),
            residentBeforeConnections: end.samples.keys.reduce(0) { $0 + (before[$1]?.residentBytes ?? 0) },
            residentSettled: ProcessWatch.resident(whenSettled), residentAtEnd: ProcessWatch.resident(end.samples),
            residentPeak: peak, processors: processors, processes: end.samples.keys.sorted(), ended: ended,
            started: started)
    }

    private static func resident(_ samples: [Int32: ProcessSample]) -> UInt64 {
        samples.values.reduce(0) { $0 + $1.residentBytes }
    }

    /// Of those that were there at the end; what is not in the first samples has begun since.
    static func usage(from start: [Int32: ProcessSample], to end: [Int32: ProcessSample]) -> CPUUsage {
        CPUUsage(from: time(end.keys.compactMap { start[$0] }), to: time(Array(end.values)))
    }

    private static func time(_ samples: [ProcessSample]) -> CPUSample {
        var sum = CPUSample(user: 0, system: 0, exact: 0)
        for sample in samples {
            sum.user += sample.userSeconds
            sum.system += sample.systemSeconds
            if let exact = sum.exact { sum.exact = sample.onCPUNanoseconds.map { exact + Double($0) / 1_000_000_000 } }
        }
        return sum
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

    private static func busyThreads(_ start: Point, _ end: Point) -> [ThreadSample] {
        let seconds = Double(end.time - min(end.time, start.time)) / 1_000_000_000
        var before: [Int32: Double] = [:]
        for thread in start.threads { before[thread.id] = time(thread) }
        return end.threads.filter { time($0) - (before[$0.id] ?? 0) > busyShare * seconds }
    }

    private static func time(_ thread: ThreadSample) -> Double {
        thread.onCPUNanoseconds.map { Double($0) / 1_000_000_000 } ?? thread.userSeconds + thread.systemSeconds
    }
}
