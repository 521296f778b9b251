import RennbahnMeasurement
import RennbahnReactor

/// What both sides had used by one time.
struct ResourcePoint: Sendable {
    /// Of the monotonic clock, nanoseconds.
    var time: UInt64
    /// Of each process that there was, by its number.
    var generator: [Int32: ProcessSample]
    var router: [Int32: ProcessSample]
    /// `nil` where it cannot be read.
    var host: HostSample?
}

/// Samples what both sides use, four times a second, or as often as that costs little. It is for the thread that leads a run: who
/// carries the load is not asked.
struct ResourceWatch {
    private let startedAt: UInt64
    private var last: ResourcePoint
    private var dueAt: UInt64
    private var samples: [ResourceSample] = []

    /// Nanoseconds.
    private static let length: UInt64 = 250_000_000
    /// Time between two samples is at least so many times what one takes, which a process of many threads makes long.
    private static let rarity: UInt64 = 100

    init(from now: UInt64, generator: ProcessWatch, target: ProcessWatch?) {
        startedAt = now
        last = ResourceWatch.point(now, generator, target)
        dueAt = now + ResourceWatch.length
    }

    /// Takes a sample where it is time for one.
    mutating func look(at now: UInt64, generator: ProcessWatch, target: ProcessWatch?) {
        if now >= dueAt { sample(at: now, generator: generator, target: target) }
    }

    /// The samples since they were last taken.
    mutating func take() -> [ResourceSample] {
        defer { samples = [] }
        return samples
    }

    /// The run is over: what is left of the time is a sample, too.
    mutating func finish(at now: UInt64, generator: ProcessWatch, target: ProcessWatch?) {
        if now > last.time { sample(at: now, generator: generator, target: target) }
    }

    private mutating func sample(at now: UInt64, generator: ProcessWatch, target: ProcessWatch?) {
        let began = MonotonicClock.now()
        let point = ResourceWatch.point(now, generator, target)
        samples.append(ResourceSample(from: last, to: point, startedAt: startedAt))
        last = point
        let cost = MonotonicClock.now() - began
        dueAt = now + max(ResourceWatch.length, cost * ResourceWatch.rarity)
    }

    private static func point(_ now: UInt64, _ generator: ProcessWatch, _ target: ProcessWatch?) -> ResourcePoint {
        ResourcePoint(
            time: now, generator: generator.processes.samples(), router: target?.processes.samples() ?? [:],
            host: try? HostSampler.sample())
    }
}

extension ResourceSample {
    /// - Parameter startedAt: when the run began; nanoseconds.
    init(from start: ResourcePoint, to end: ResourcePoint, startedAt: UInt64) {
        func seconds(_ from: UInt64, _ to: UInt64) -> Double { Double(to - min(from, to)) / 1_000_000_000 }
        self.init(at: seconds(startedAt, end.time), seconds: seconds(start.time, end.time))
        if let before = start.host, let after = end.host { stealShare = after.stealShare(since: before) }
        generator = SideResources(from: start.generator, to: end.generator)
        router = SideResources(from: start.router, to: end.router)
    }
}

extension SideResources {
    /// Of the processes that were there at both times; `nil` where none was.
    init?(from start: [Int32: ProcessSample], to end: [Int32: ProcessSample]) {
        self.init()
        var isTold = true
        var waited: UInt64 = 0
        var count = 0
        for (pid, after) in end {
            guard let before = start[pid] else { continue }
            count += 1
            let (user, system) = (after.userSeconds - before.userSeconds, after.systemSeconds - before.systemSeconds)
            userSeconds += max(0, user)
            systemSeconds += max(0, system)
            cpuSeconds +=
                SideResources.growth(before.onCPUNanoseconds, after.onCPUNanoseconds).map { Double($0) / 1_000_000_000 }
                ?? max(0, user) + max(0, system)
            residentBytes += after.residentBytes
            // What ended threads had counted goes with them.
            voluntarySwitches += after.voluntarySwitches - min(before.voluntarySwitches, after.voluntarySwitches)
            involuntarySwitches +=
                after.involuntarySwitches - min(before.involuntarySwitches, after.involuntarySwitches)
            if let more = SideResources.growth(before.runQueueNanoseconds, after.runQueueNanoseconds) {
                waited += more
            } else {
                isTold = false
            }
        }
        guard count > 0 else { return nil }
        runQueueSeconds = isTold ? Double(waited) / 1_000_000_000 : nil
    }

    private static func growth(_ before: UInt64?, _ after: UInt64?) -> UInt64? {
        guard let before, let after else { return nil }
        return after - min(before, after)
    }
}
