import CRennbahnLinux

/// What a process has used since it started. Differences of two samples are what a window used.
package struct ProcessSample: Sendable, Equatable {
    /// CPU time of the whole process, ended threads included, in the kernel's accounting ticks (usually 10 ms).
    package var userSeconds: Double
    package var systemSeconds: Double
    /// CPU time of the whole process, ended threads included, exact to the nanosecond; `nil` if the kernel does not tell.
    package var onCPUNanoseconds: UInt64?
    /// Time in which the living threads were ready to run but had no processor.
    package var runQueueNanoseconds: UInt64?
    package var residentBytes: UInt64
    /// Of the threads that live now: they waited for something, or were taken off the processor.
    package var voluntarySwitches: UInt64
    package var involuntarySwitches: UInt64
    package var threads: Int
}

/// What one thread has used since it started.
package struct ThreadSample: Sendable, Equatable {
    package var id: Int32
    package var name: String
    package var userSeconds: Double
    package var systemSeconds: Double
    package var onCPUNanoseconds: UInt64?
    /// Time in which it was ready to run but had no processor.
    package var runQueueNanoseconds: UInt64?
}

/// Reads the counters of one process, our own or any other, from /proc.
package struct ProcessSampler: Sendable {
    package enum Failure: Error, Sendable, Equatable, CustomStringConvertible {
        /// There is no such process (any more): it ended, or its number belongs to another one now.
        case gone(pid: Int32)
        case unreadable(pid: Int32, SystemError)

        package var description: String {
            switch self {
            case .gone(let pid): "process \(pid) has ended"
            case .unreadable(let pid, let error): "process \(pid): \(error)"
            }
        }
    }

    package static var ownProcess: Int32 { getpid() }

    package let pid: Int32
    /// In clock ticks after boot: tells this process from a later one with the same number.
    private let startTime: UInt64
    private let secondsPerTick: Double
    private let pageSize: UInt64

    /// - Parameter pid: `nil` for the calling process.
    package init(pid: Int32? = nil) throws(Failure) {
        self.pid = pid ?? ProcessSampler.ownProcess
        secondsPerTick = 1 / Double(max(1, clinux_ticks_per_second()))
        pageSize = UInt64(SystemMemory.pageSize)
        startTime = try ProcessSampler.stat("/proc/\(self.pid)", pid: self.pid).startTime
    }

    package func sample() throws(Failure) -> ProcessSample {
        let stat = try ProcessSampler.stat("/proc/\(pid)", pid: pid)
        guard stat.startTime == startTime else { throw .gone(pid: pid) }
        var sample = ProcessSample(
            userSeconds: Double(stat.userTicks) * secondsPerTick,
            systemSeconds: Double(stat.systemTicks) * secondsPerTick,
            onCPUNanoseconds: ProcessClock.now(of: pid), residentBytes: stat.residentPages * pageSize,
            voluntarySwitches: 0, involuntarySwitches: 0, threads: stat.threads)
        for thread in try threadNumbers() {
            let folder = "/proc/\(pid)/task/\(thread)"
            // A thread that ended since it was listed has nothing to add.
            if let times = ProcessSampler.scheduling(folder) {
                sample.runQueueNanoseconds = (sample.runQueueNanoseconds ?? 0) + times.waiting
            }
            if let status = try? SystemFile.text(folder + "/status") {
                sample.voluntarySwitches += SystemFile.number(labelled: "voluntary_ctxt_switches:", in: status) ?? 0
                sample.involuntarySwitches +=
                    SystemFile.number(labelled: "nonvoluntary_ctxt_switches:", in: status) ?? 0
            }
        }
        return sample
    }

    /// The living threads, each with its own CPU time.
    package func threads() throws(Failure) -> [ThreadSample] {
        var samples: [ThreadSample] = []
        for thread in try threadNumbers() {
            let folder = "/proc/\(pid)/task/\(thread)"
            guard let stat = try? ProcessSampler.stat(folder, pid: pid) else { continue }
            let times = ProcessSampler.scheduling(folder)
            samples.append(
                ThreadSample(
                    id: thread, name: stat.name, userSeconds: Double(stat.userTicks) * secondsPerTick,
                    systemSeconds: Double(stat.systemTicks) * secondsPerTick,
                    onCPUNanoseconds: times?.running, runQueueNanoseconds: times?.waiting))
        }
        return samples
    }

    /// Time since it began in which a thread of this process was ready to run and had no processor; `nil` if the kernel does not
    /// tell.
    package static func runQueueNanoseconds(ofOwnThread id: Int32) -> UInt64? {
        scheduling("/proc/self/task/\(id)")?.waiting
    }

    /// The most memory that the process ever had resident; `nil` if the kernel does not tell.
    package func peakResidentBytes() -> UInt64? {
        guard let text = try? SystemFile.text("/proc/\(pid)/status") else { return nil }
        return SystemFile.number(labelled: "VmHWM:", in: text).map { $0 * 1024 }
    }

    /// Memory of its own that the process has resident, to the page: heap and stacks, without files. Unlike
    /// ``ProcessSample/residentBytes``, which the kernel brings up to date in steps of many pages. Walks all its
    /// mappings with its memory lock held: not for the measured window. `nil` if it may not be read.
    package func anonymousBytes() -> UInt64? {
        guard let text = try? SystemFile.text("/proc/\(pid)/smaps_rollup") else { return nil }
        return SystemFile.number(labelled: "Anonymous:", in: text).map { $0 * 1024 }
    }

    // MARK: Files

    private struct Stat {
        var name: String
        var parent: Int32
        var group: Int32
        var userTicks: UInt64
        var systemTicks: UInt64
        var threads: Int
        var startTime: UInt64
        var residentPages: UInt64
    }

    /// Reads `folder`/stat (proc_pid_stat(5)). A zombie counts as gone.
    private static func stat(_ folder: String, pid: Int32) throws(Failure) -> Stat {
        let text: String
        do throws(SystemError) {
            text = try SystemFile.text(folder + "/stat")
        } catch {
            throw failure(error, pid)
        }
        // The name in parentheses may hold blanks and parentheses; everything behind the last one is plain.
        guard let open = text.firstIndex(of: "("), let close = text.lastIndex(of: ")") else {
            throw .unreadable(pid: pid, SystemError(code: EPROTO, operation: "read stat"))
        }
        // Field 3 of the manual, the state, is the first here.
        let fields = text[text.index(after: close)...].split(whereSeparator: \.isWhitespace)
        guard fields.count > 21 else {
            throw .unreadable(pid: pid, SystemError(code: EPROTO, operation: "read stat"))
        }
        if fields[0] == "Z" || fields[0] == "X" { throw .gone(pid: pid) }
        return Stat(
            name: String(text[text.index(after: open)..<close]), parent: Int32(fields[1]) ?? 0,
            group: Int32(fields[2]) ?? 0, userTicks: UInt64(fields[11]) ?? 0,
            systemTicks: UInt64(fields[12]) ?? 0, threads: Int(fields[17]) ?? 0, startTime: UInt64(fields[19]) ?? 0,
            residentPages: UInt64(fields[21]) ?? 0)
    }

    /// Name, parent and process group of a process.
    static func kin(of pid: Int32) throws(Failure) -> (name: String, parent: Int32, group: Int32) {
        let stat = try ProcessSampler.stat("/proc/\(pid)", pid: pid)
        return (stat.name, stat.parent, stat.group)
    }

    private static func scheduling(_ folder: String) -> (running: UInt64, waiting: UInt64)? {
        guard let text = try? SystemFile.text(folder + "/schedstat") else { return nil }
        let numbers = text.split(whereSeparator: \.isWhitespace).compactMap { UInt64($0) }
        return numbers.count >= 2 ? (numbers[0], numbers[1]) : nil
    }

    private func threadNumbers() throws(Failure) -> [Int32] {
        do throws(SystemError) {
            return try SystemFile.numbers(in: "/proc/\(pid)/task")
        } catch {
            throw ProcessSampler.failure(error, pid)
        }
    }

    private static func failure(_ error: SystemError, _ pid: Int32) -> Failure {
        error.code == ENOENT || error.code == ESRCH ? .gone(pid: pid) : .unreadable(pid: pid, error)
    }
}
