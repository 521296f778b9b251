/// What both sides used in about a quarter of a second of a run.
package struct ResourceSample: Codable, Equatable, Sendable {
    /// Its end, in seconds since the start of the run.
    package var at: Double
    /// Its length.
    package var seconds: Double
    /// Of the machine's CPU time: what the hypervisor gave to others; absent where it cannot be read.
    package var stealShare: Double?
    /// Absent where no process of the side was there from beginning to end.
    package var generator: SideResources?
    package var router: SideResources?

    package init(at: Double, seconds: Double) {
        self.at = at
        self.seconds = seconds
    }

    /// Takes in the sample that follows. What one of both does not know is not known of both.
    mutating func merge(_ next: ResourceSample) {
        let whole = seconds + next.seconds
        if let share = stealShare, let other = next.stealShare, whole > 0 {
            stealShare = (share * seconds + other * next.seconds) / whole
        } else {
            stealShare = nil
        }
        generator = SideResources.merged(generator, next.generator)
        router = SideResources.merged(router, next.router)
        at = next.at
        seconds = whole
    }

    /// Each two neighbours as one; a last one without a neighbour stays.
    static func halved(_ samples: [ResourceSample]) -> [ResourceSample] {
        stride(from: 0, to: samples.count, by: 2).map { index in
            var sample = samples[index]
            if index + 1 < samples.count { sample.merge(samples[index + 1]) }
            return sample
        }
    }
}

/// What the processes of one side used, all together.
package struct SideResources: Codable, Equatable, Sendable {
    /// CPU time, to the nanosecond where the kernel tells; seconds.
    package var cpuSeconds = 0.0
    /// How it divides, in the kernel's ticks of mostly 10 ms: of a quarter of a second that is coarse, of many it is not.
    package var userSeconds = 0.0
    package var systemSeconds = 0.0
    /// Resident memory at the end; of samples that were merged the most.
    package var residentBytes: UInt64 = 0
    /// How often threads waited for something, and how often they were taken off their processor.
    package var voluntarySwitches: UInt64 = 0
    package var involuntarySwitches: UInt64 = 0
    /// How long threads were ready to run and had no processor, all of them together; absent where the kernel does not tell.
    package var runQueueSeconds: Double?

    package init() {}

    mutating func add(_ next: SideResources) {
        cpuSeconds += next.cpuSeconds
        userSeconds += next.userSeconds
        systemSeconds += next.systemSeconds
        residentBytes = max(residentBytes, next.residentBytes)
        voluntarySwitches &+= next.voluntarySwitches
        involuntarySwitches &+= next.involuntarySwitches
        if let waited = runQueueSeconds, let more = next.runQueueSeconds {
            runQueueSeconds = waited + more
        } else {
            runQueueSeconds = nil
        }
    }

    static func merged(_ one: SideResources?, _ next: SideResources?) -> SideResources? {
        guard var sum = one, let next else { return nil }
        sum.add(next)
        return sum
    }
}
