import RennbahnReactor

/// Samples one process at the edges of the phases.
struct ProcessWatch {
    private let sampler: ProcessSampler
    private let cores: Int?
    private let before: ProcessSample
    private var whenSettled: ProcessSample
    private var start: ProcessPoint?
    private var end: ProcessPoint?
    private var peak: UInt64?

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

    private func point() -> ProcessPoint? {
        guard let sample = try? sampler.sample(), let threads = try? sampler.threads() else { return nil }
        return ProcessPoint(time: MonotonicClock.now(), sample: sample, threads: threads)
    }

    /// `nil` where the process could not be sampled at both edges.
    var figures: ProcessWindow? {
        guard let start, let end else { return nil }
        return ProcessWindow(
            from: start, to: end, before: before, settled: whenSettled, peak: peak, cores: cores,
            processors: Processor.count)
    }
}
