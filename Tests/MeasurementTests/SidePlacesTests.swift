import Testing

@testable import RennbahnMeasurement

/// On which processors the sides may run, and when that is to be told.
@Suite("Places of the sides")
struct SidePlacesTests {
    private func places(
        _ router: Set<Int>, _ generator: Set<Int>, threads: (Int, Int) = (1, 1), of available: Int
    ) -> SidePlaces {
        SidePlaces(
            router: router, generator: generator, routerThreads: threads.0, generatorThreads: threads.1,
            available: available)
    }

    @Test("sides that are kept apart are no matter")
    func apart() {
        #expect(places([0], [1], of: 2).warning == nil)
        #expect(places([0, 1], [1, 2], of: 4).warning == nil, "each has one of its own")
        #expect(places([], [0, 1], of: 2).warning == nil)
    }

    @Test("sides that may run on all of each other's processors are told, where there are enough for both")
    func shared() throws {
        let all = try #require(places([0, 1, 2, 5], [0, 1, 2, 5], of: 4).warning)
        #expect(all.kind == .sharedProcessors)
        #expect(
            all.text
                == "router (processors 0-2,5) and generator (0-2,5) may take each other's: there are 4, enough to pin each to "
                + "its own")
        #expect(places([0], [0, 1], of: 2).warning != nil)
        #expect(places([0, 1], [1], of: 2).warning != nil)
        #expect(places([0, 1], [0, 1], threads: (2, 1), of: 2).warning == nil, "three threads have not room on two")
        #expect(places([0, 1], [0, 1], threads: (1, 1), of: 2).warning != nil)
    }

    @Test("one processor for both is told as that, and nothing else")
    func single() {
        #expect(places([3], [3], of: 4).sharedProcessor == 3)
        #expect(places([3], [3], of: 4).warning == nil)
        #expect(places([3], [2], of: 4).sharedProcessor == nil)
        #expect(places([2, 3], [2, 3], of: 4).sharedProcessor == nil)
        #expect(places([], [], of: 4).sharedProcessor == nil)
    }
}
