/// On which processors router and generator may run.
package struct SidePlaces: Equatable, Sendable {
    /// Processors that the threads of a side that did its work may run on, all together.
    package var router: Set<Int>
    package var generator: Set<Int>
    /// Threads that each side kept busy, or may.
    package var routerThreads: Int
    package var generatorThreads: Int
    /// Processors that there are for both.
    package var available: Int

    package init(
        router: Set<Int>, generator: Set<Int>, routerThreads: Int, generatorThreads: Int, available: Int
    ) {
        self.router = router
        self.generator = generator
        self.routerThreads = routerThreads
        self.generatorThreads = generatorThreads
        self.available = available
    }

    /// The only processor of both, where there is no other for either.
    package var sharedProcessor: Int? {
        router.count == 1 && router == generator ? router.first : nil
    }

    /// Where a side has no processor that the other leaves alone, and there are enough for both to be kept apart.
    package var warning: RunWarning? {
        guard !router.isEmpty, !generator.isEmpty, sharedProcessor == nil,
            router.isSubset(of: generator) || generator.isSubset(of: router),
            routerThreads + generatorThreads <= available
        else { return nil }
        return RunWarning(
            .sharedProcessors,
            "router (processors \(SidePlaces.text(router))) and generator (\(SidePlaces.text(generator))) may take each other's: "
                + "there are \(available), enough to pin each to its own")
    }

    /// As kernels list them: 0-2,5.
    static func text(_ processors: Set<Int>) -> String {
        var ranges: [ClosedRange<Int>] = []
        for processor in processors.sorted() {
            if let last = ranges.last, last.upperBound + 1 == processor {
                ranges[ranges.count - 1] = last.lowerBound...processor
            } else {
                ranges.append(processor...processor)
            }
        }
        return ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }
            .joined(separator: ",")
    }
}
