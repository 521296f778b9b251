import AllocationCounter

/// What a piece of work did on its thread.
struct Count {
    private(set) var allocations: UInt64 = 0
    private(set) var retains: UInt64 = 0
    private(set) var releases: UInt64 = 0

    /// Where the thread's counters stand.
    struct Marks {
        fileprivate var allocations: UInt64 = 0
        fileprivate var retains: UInt64 = 0
        fileprivate var releases: UInt64 = 0

        static var now: Marks {
            Marks(
                allocations: allocation_counter_allocations(), retains: arc_counter_retains(),
                releases: arc_counter_releases())
        }
    }

    var isZero: Bool { allocations == 0 && retains == 0 && releases == 0 }

    mutating func add(_ other: Count) {
        allocations += other.allocations
        retains += other.retains
        releases += other.releases
    }

    mutating func add(from start: Marks, to end: Marks) {
        allocations += end.allocations - start.allocations
        retains += end.retains - start.retains
        releases += end.releases - start.releases
    }

    /// Adds the changes of reference counts that were counted `of` times, as often as `times` says.
    mutating func addReferences(_ other: Count, times: UInt64, of: UInt64) {
        retains += other.retains * times / of
        releases += other.releases * times / of
    }

    /// As ``since(_:)``, without the allocations.
    func referencesSince(_ before: Count) -> Count {
        var count = Count()
        count.retains = retains - before.retains
        count.releases = releases - before.releases
        return count
    }

    func since(_ before: Count) -> Count {
        var count = self
        count.allocations -= before.allocations
        count.retains -= before.retains
        count.releases -= before.releases
        return count
    }

    /// What `work` did. The reference counts are counted only here: the counting slows them down.
    @inline(never)
    static func during<E: Error>(_ work: () throws(E) -> Void) throws(E) -> Count {
        arc_counter_start()
        let start = Marks.now
        var count = Count()
        defer { arc_counter_stop() }
        try work()
        count.add(from: start, to: Marks.now)
        return count
    }
}
