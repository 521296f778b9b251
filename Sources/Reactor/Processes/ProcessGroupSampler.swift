/// Reads the counters of several processes that do one work, as a ``ProcessSampler`` does of one.
package struct ProcessGroupSampler: Sendable {
    package let members: [ProcessSampler]

    /// - Parameter pids: at least one, none twice.
    package init(pids: [Int32]) throws(ProcessSampler.Failure) {
        precondition(!pids.isEmpty)
        var members: [ProcessSampler] = []
        for pid in pids { members.append(try ProcessSampler(pid: pid)) }
        self.members = members
    }

    package var pids: [Int32] { members.map(\.pid) }

    /// All together. Throws where one of them has ended: the sum would run backwards. Memory that they share counts for each.
    package func sample() throws(ProcessSampler.Failure) -> ProcessSample {
        var sum = try members[0].sample()
        for member in members.dropFirst() { sum.add(try member.sample()) }
        return sum
    }

    /// Each that there still is, by its number.
    package func samples() -> [Int32: ProcessSample] {
        var samples: [Int32: ProcessSample] = [:]
        for member in members { samples[member.pid] = try? member.sample() }
        return samples
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
    package mutating func add(_ other: ProcessSample) {
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
