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
    /// CPU seconds that they had used by then.
    package var workBeforeConnections = 0.0
    /// When all connections were there, before the load.
    package var residentSettled: UInt64
    package var residentAtEnd: UInt64
    /// The most that ever was resident, until the end of the window; `nil` where the kernel does not tell.
    package var residentPeak: UInt64?
    /// Processors that the threads that do its work may run on.
    package var processors: Set<Int> = []
    /// Processes that it is of.
    package var processes: [Int32] = []
    /// Processes that ended within the window: what they used in it is missing.
    package var ended: [Int32] = []
    /// Processes that came to serve connections within the window: all that they ever used is in it.
    package var started: [Int32] = []
}

/// What the processes of a side had used by one time.
struct ProcessPoint: Sendable {
    /// Of the monotonic clock, nanoseconds.
    var time: UInt64
    /// Of each process that there was, by its number.
    var samples: [Int32: ProcessSample]
    /// Of all of them.
    var threads: [ThreadSample]
}

extension ProcessWindow {
    /// A thread that ran for less than this share of the window counts as idle.
    private static let busyShare = 0.05

    /// What was used between two points; `nil` where no time has passed between them, or no process was there at both.
    ///
    /// Who came between the points counts with all that it ever used, and of who left nothing is known.
    ///
    /// - Parameters:
    ///   - before: before the first connection, by process.
    ///   - settled: when all were ready.
    ///   - peak: resident octets.
    ///   - cores: `nil`: as many as threads were busy, at most `available`.
    ///   - available: processors that there are.
    ///   - processors: those that the side's work may be done on.
    init?(
        from start: ProcessPoint, to end: ProcessPoint, before: [Int32: ProcessSample],
        settled: [Int32: ProcessSample], peak: UInt64?, cores: Int?, available: Int, processors: Set<Int> = []
    ) {
        guard end.time > start.time, start.samples.keys.contains(where: { end.samples[$0] != nil }) else { return nil }
        let seconds = Double(end.time - start.time) / 1_000_000_000
        let busy = ProcessWindow.busyThreads(from: start, to: end).count
        let cores = max(1, cores ?? min(busy, available))
        let cpu = ProcessWindow.usage(from: start.samples, to: end.samples)
        let unused = max(0, 1 - cpu.share(ofSeconds: seconds, cores: cores))
        let known = end.samples.keys.compactMap { before[$0] }
        self.init(
            cpu: cpu, seconds: seconds,
            waitShare: ProcessWindow.longestWait(start, end).map { min($0 / seconds, unused) }, cores: cores,
            connecting: ProcessWindow.usage(from: before, to: settled),
            residentBeforeConnections: ProcessWindow.resident(known),
            workBeforeConnections: ProcessWindow.work(known),
            residentSettled: ProcessWindow.resident(Array(settled.values)),
            residentAtEnd: ProcessWindow.resident(Array(end.samples.values)), residentPeak: peak,
            processors: processors, processes: end.samples.keys.sorted(),
            ended: start.samples.keys.filter { end.samples[$0] == nil }.sorted(),
            started: end.samples.keys.filter { start.samples[$0] == nil }.sorted())
    }

    /// CPU time of those that were there at the end; what is not in the first samples has begun since.
    private static func usage(from start: [Int32: ProcessSample], to end: [Int32: ProcessSample]) -> CPUUsage {
        CPUUsage(from: CPUSample(end.keys.compactMap { start[$0] }), to: CPUSample(Array(end.values)))
    }

    private static func resident(_ samples: [ProcessSample]) -> UInt64 {
        samples.reduce(0) { $0 + $1.residentBytes }
    }

    /// CPU seconds.
    private static func work(_ samples: [ProcessSample]) -> Double {
        let sum = CPUSample(samples)
        return sum.exact ?? sum.user + sum.system
    }

    /// Seconds that one of the threads that live at the end waited, at most.
    private static func longestWait(_ start: ProcessPoint, _ end: ProcessPoint) -> Double? {
        var before: [Int32: UInt64] = [:]
        for thread in start.threads { before[thread.id] = thread.runQueueNanoseconds }
        // Nobody has run as far as the kernel says: it does not count.
        guard end.threads.contains(where: { $0.onCPUNanoseconds ?? 0 > 0 }) else { return nil }
        let waits = end.threads.compactMap { thread in
            thread.runQueueNanoseconds.map { $0 - min($0, before[thread.id] ?? 0) }
        }
        return waits.max().map { Double($0) / 1_000_000_000 }
    }

    /// Threads that live at the end and were not idle.
    static func busyThreads(from start: ProcessPoint, to end: ProcessPoint) -> [ThreadSample] {
        let seconds = Double(end.time - min(end.time, start.time)) / 1_000_000_000
        var before: [Int32: Double] = [:]
        for thread in start.threads { before[thread.id] = time(thread) }
        return end.threads.filter { time($0) - (before[$0.id] ?? 0) > busyShare * seconds }
    }

    private static func time(_ thread: ThreadSample) -> Double {
        thread.onCPUNanoseconds.map { Double($0) / 1_000_000_000 } ?? thread.userSeconds + thread.systemSeconds
    }
}

extension CPUSample {
    /// Of several processes together; exact where it is exact of each.
    fileprivate init(_ samples: [ProcessSample]) {
        self.init(user: 0, system: 0, exact: 0)
        for sample in samples {
            user += sample.userSeconds
            system += sample.systemSeconds
            if let sum = exact { exact = sample.onCPUNanoseconds.map { sum + Double($0) / 1_000_000_000 } }
        }
    }
}
