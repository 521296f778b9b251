import RennbahnReactor

/// Samples the processes of a side at the edges of the phases.
struct ProcessWatch {
    private(set) var processes: ProcessGroupSampler
    private let cores: Int?
    private var before: [Int32: ProcessSample]
    private var whenSettled: [Int32: ProcessSample]
    private var start: ProcessPoint?
    private var end: ProcessPoint?
    private var peak: UInt64?
    private var processors: Set<Int> = []

    /// - Parameters:
    ///   - processes: at least one.
    ///   - candidates: others that ``narrow(to:)`` may take in: they are sampled now and, where they are gone, forgotten.
    ///   - cores: `nil`: as many as threads were busy.
    init(
        processes: [Int32], candidates: [Int32] = [], cores: Int?
    ) throws(ProcessSampler.Failure) {
        self.processes = try ProcessGroupSampler(pids: processes)
        self.cores = cores
        before = self.processes.samples()
        whenSettled = before
        for pid in candidates {
            if let sample = try? ProcessSampler(pid: pid).sample() { before[pid] = sample }
        }
    }

    /// The processes that serve the connections, all of which are there.
    mutating func narrow(to processes: [Int32]) {
        let living = processes.filter { (try? ProcessSampler(pid: $0)) != nil }
        if !living.isEmpty, let group = try? ProcessGroupSampler(pids: living) { self.processes = group }
    }

    mutating func settled() { whenSettled = processes.samples() }

    /// CPU time of each process since it began, in seconds, by its number.
    func cpuSeconds() -> [Int32: Double] {
        processes.samples().mapValues { Double($0.usedNanoseconds) / 1_000_000_000 }
    }

    mutating func windowBegins() { start = point() }

    /// - Parameter workers: threads that do the side's work; `nil`: those that were busy, or all where none was.
    mutating func windowEnds(workers: [Int32]? = nil) {
        let end = point()
        self.end = end
        peak = processes.peakResidentBytes()
        guard let start else { return }
        let busy = ProcessWindow.busyThreads(from: start, to: end)
        let threads = workers ?? (busy.isEmpty ? end.threads : busy).map(\.id)
        processors = Set(threads.compactMap { Processor.allowed(ofThread: $0) }.joined())
    }

    /// The processes that serve the connections, behind the end of the window: those that are new in it count, too.
    mutating func look(_ serving: [Int32]) {
        guard start != nil, end != nil else { return }
        for pid in serving where !processes.pids.contains(pid) {
            end?.samples[pid] = try? ProcessSampler(pid: pid).sample()
        }
    }

    private func point() -> ProcessPoint {
        ProcessPoint(time: MonotonicClock.now(), samples: processes.samples(), threads: processes.threads())
    }

    /// `nil` where no process could be sampled at both edges.
    var figures: ProcessWindow? {
        guard let start, let end else { return nil }
        return ProcessWindow(
            from: start, to: end, before: before, settled: whenSettled, peak: peak, cores: cores,
            available: Processor.count, processors: processors)
    }
}
