import AllocationCounter
import Glibc
import RennbahnWAMP

/// Without arguments: counts heap allocations and changes of reference counts in steady state, and fails unless there are
/// none. With `WORK SERIALIZER SIZE COMPRESSION TIMES`: does that piece of work so often, for `scripts/tier0`, and tells
/// its allocations and the octets of its frames.
@main
enum SteadyState {
    private static let warmUp = 2_000
    private static let measured = 20_000

    private enum Failure: Error {
        /// An allocation or a retain went past its counter.
        case counterIsBlind
        case isNotZero(allocations: UInt64, retainsAndReleases: UInt64)
        case usage
    }

    static func main() {
        do {
            if CommandLine.argc > 1 {
                try repeatWork(Array(CommandLine.arguments.dropFirst()))
            } else {
                try countAll()
            }
        } catch {
            print("failed: \(error)")
            exit(EXIT_FAILURE)
        }
    }

    // MARK: Repeating

    private static func repeatWork(_ arguments: [String]) throws {
        guard arguments.count == 5, let work = Work(rawValue: arguments[0]),
            let serializer = Serializer.allCases.first(where: { $0.name == arguments[1] }),
            let size = Int(arguments[2]), (1...65_535).contains(size), ["none", "deflate"].contains(arguments[3]),
            let times = Int(arguments[4])
        else { throw Failure.usage }
        guard allocation_counter_works() else { throw Failure.counterIsBlind }
        var repetition = try Repetition(work, serializer, size: size, compression: arguments[3] == "deflate")
        let before = (count: repetition.line.count, wireBytes: repetition.line.wireBytes)
        try repetition.run(times)
        let allocations = repetition.line.count.since(before.count).allocations
        print(#"{"allocations": \#(allocations), "wireBytes": \#(repetition.line.wireBytes - before.wireBytes)}"#)
    }

    // MARK: Counting

    private static func countAll() throws {
        guard allocation_counter_works(), arcCounterWorks() else { throw Failure.counterIsBlind }
        var total = Count()
        let seam = try Seam()
        for serializer in Serializer.allCases {
            for size in [32, 1024, 16 * 1024] {
                for work in Work.allCases {
                    var repetition = try Repetition(work, serializer, size: size)
                    try repetition.run(warmUp)
                    let before = (count: repetition.line.count, calls: repetition.line.calls)
                    try repetition.run(measured, countingReferences: true)
                    let cost = seam.cost(of: repetition.line.calls.since(before.calls))
                    let count = repetition.line.count.since(before.count).since(cost)
                    report("\(serializer.name) \(work.rawValue), \(size) B", count)
                    total.add(count)
                }
            }
        }
        for (contextTakeover, name) in [(true, "context takeover"), (false, "no context takeover")] {
            for size in [32, 1024, 16 * 1024] {
                let count = try Compression.count(
                    size: size, contextTakeover: contextTakeover, warmUp: 100, measured: 2_000)
                report("deflate and inflate, \(name), \(size) B", count, messages: 2_000)
                total.add(count)
            }
        }
        guard total.isZero else {
            throw Failure.isNotZero(
                allocations: total.allocations, retainsAndReleases: total.retains + total.releases)
        }
    }

    private static func report(_ name: String, _ count: Count, messages: Int = measured) {
        print(
            "\(count.allocations) allocations, \(count.retains) retains, \(count.releases) releases"
                + " in \(messages) messages: \(name)")
    }

    private final class Probe {}

    /// Whether a retain and a release are counted, so that a zero is worth something.
    private static func arcCounterWorks() -> Bool {
        let probe = Probe()
        return withExtendedLifetime(probe) { arc_counter_works(Unmanaged.passUnretained(probe).toOpaque()) }
    }
}
