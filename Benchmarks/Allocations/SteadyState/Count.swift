import AllocationCounter

/// What a piece of work did on its thread.
struct Count {
    private(set) var allocations: UInt64 = 0
    private(set) var retains: UInt64 = 0
    private(set) var releases: UInt64 = 0

    var isZero: Bool { allocations == 0 && retains == 0 && releases == 0 }

    mutating func add(_ other: Count) {
        allocations += other.allocations
        retains += other.retains
        releases += other.releases
    }

    /// What `work` did. The reference counts are counted only here: the counting slows them down.
    @inline(never)
    static func during<E: Error>(_ work: () throws(E) -> Void) throws(E) -> Count {
        arc_counter_start()
        let allocations = allocation_counter_allocations()
        let retains = arc_counter_retains()
        let releases = arc_counter_releases()
        defer { arc_counter_stop() }
        try work()
        var count = Count()
        count.releases = arc_counter_releases() - releases
        count.retains = arc_counter_retains() - retains
        count.allocations = allocation_counter_allocations() - allocations
        return count
    }
}
