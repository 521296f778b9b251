import CRennbahnLinux

/// What processors did since boot, in seconds. Differences of two samples are what a window used.
package struct HostSample: Sendable, Equatable {
    package var user = 0.0
    package var system = 0.0
    /// Nothing to do, waiting for disks included.
    package var idle = 0.0
    /// Interrupts, hard and soft.
    package var interrupts = 0.0
    /// Time in which the hypervisor ran somebody else.
    package var steal = 0.0
    package var total = 0.0

    package init() {}

    /// The share of the time since an earlier sample that the hypervisor gave to others, 0…1; 0 where no time has passed.
    package func stealShare(since start: HostSample) -> Double {
        guard total > start.total else { return 0 }
        return max(0, steal - start.steal) / (total - start.total)
    }
}

/// Reads what the machine is and what it does.
package enum HostSampler {
    /// Sums over the given processors, or over all.
    package static func sample(processors: [Int]? = nil) throws(SystemError) -> HostSample {
        let labels = processors.map { Set($0.map { "cpu\($0)" }) } ?? ["cpu"]
        let secondsPerTick = 1 / Double(max(1, clinux_ticks_per_second()))
        var sample = HostSample()
        for line in try SystemFile.text("/proc/stat").split(separator: "\n") where line.hasPrefix("cpu") {
            let fields = line.split(separator: " ")
            guard labels.contains(String(fields[0])) else { continue }
            // user nice system idle iowait irq softirq steal (guest times are within user and nice)
            let seconds = fields.dropFirst().prefix(8).map { (Double($0) ?? 0) * secondsPerTick }
            guard seconds.count == 8 else { continue }
            sample.user += seconds[0] + seconds[1]
            sample.system += seconds[2]
            sample.idle += seconds[3] + seconds[4]
            sample.interrupts += seconds[5] + seconds[6]
            sample.steal += seconds[7]
            sample.total += seconds.reduce(0, +)
        }
        return sample
    }

    /// Averages over one, five and fifteen minutes of the threads that run or want to.
    package static func loadAverage() throws(SystemError) -> (one: Double, five: Double, fifteen: Double) {
        let numbers = try SystemFile.text("/proc/loadavg").split(separator: " ").prefix(3).compactMap { Double($0) }
        guard numbers.count == 3 else { throw SystemError(code: EPROTO, operation: "read loadavg") }
        return (numbers[0], numbers[1], numbers[2])
    }

    /// Such as "AMD EPYC 7763 64-Core Processor"; "unknown" where the kernel does not tell.
    package static var processorModel: String {
        guard let text = try? SystemFile.text("/proc/cpuinfo") else { return "unknown" }
        for line in text.split(separator: "\n") where line.hasPrefix("model name") {
            guard let colon = line.firstIndex(of: ":") else { continue }
            return String(line[line.index(after: colon)...].drop(while: \.isWhitespace))
        }
        return "unknown"
    }

    /// Such as "6.8.0-41-generic".
    package static var kernelRelease: String {
        let text = (try? SystemFile.text("/proc/sys/kernel/osrelease")) ?? "unknown"
        return text.split(whereSeparator: \.isNewline).first.map { String($0) } ?? "unknown"
    }
}
