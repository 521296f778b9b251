/// Reads the counters of several processes that do one work, as a ``ProcessSampler`` does of one.
package struct ProcessGroupSampler: Sendable {
    private let members: [ProcessSampler]

    /// - Parameter pids: at least one, none twice.
    package init(pids: [Int32]) throws(ProcessSampler.Failure) {
        precondition(!pids.isEmpty)
        var members: [ProcessSampler] = []
        for pid in pids { members.append(try ProcessSampler(pid: pid)) }
        self.members = members
    }

    package var pids: [Int32] { members.map(\.pid) }

    /// Each that there still is, by its number.
    package func samples() -> [Int32: ProcessSample] {
        var samples: [Int32: ProcessSample] = [:]
        for member in members { samples[member.pid] = try? member.sample() }
        return samples
    }

    /// Samples of all of them together; `nil` where one is missing, for the sum would run backwards. Memory that they share
    /// counts for each.
    package func sum(of samples: [Int32: ProcessSample]) -> ProcessSample? {
        var all = members.compactMap { samples[$0.pid] }
        guard all.count == members.count, var sum = all.popLast() else { return nil }
        for sample in all { sum.add(sample) }
        return sum
    }

    /// The living threads of all.
    package func threads() -> [ThreadSample] {
        members.flatMap { member in (try? member.threads()) ?? [] }
    }

    /// The sum of the most that each ever had resident, which need not have been at the same time; `nil` if the kernel does not
    /// tell of one.
    package func peakResidentBytes() -> UInt64? {
        sum { $0.peakResidentBytes() }
    }

    /// As ``ProcessSampler/anonymousBytes()``; `nil` if one may not be read.
    package func anonymousBytes() -> UInt64? {
        sum { $0.anonymousBytes() }
    }

    private func sum(_ figure: (ProcessSampler) -> UInt64?) -> UInt64? {
        var sum: UInt64 = 0
        for member in members {
            guard let one = figure(member) else { return nil }
            sum += one
        }
        return sum
    }
}

extension ProcessSample {
    /// What another process has used, too.
    fileprivate mutating func add(_ other: ProcessSample) {
        userSeconds += other.userSeconds
        systemSeconds += other.systemSeconds
        onCPUNanoseconds = ProcessSample.sum(onCPUNanoseconds, other.onCPUNanoseconds)
        runQueueNanoseconds = ProcessSample.sum(runQueueNanoseconds, other.runQueueNanoseconds)
        residentBytes += other.residentBytes
        voluntarySwitches += other.voluntarySwitches
        involuntarySwitches += other.involuntarySwitches
        threads += other.threads
    }

    /// Nothing where one is not known.
    private static func sum(_ one: UInt64?, _ other: UInt64?) -> UInt64? {
        guard let one, let other else { return nil }
        return one + other
    }
}
