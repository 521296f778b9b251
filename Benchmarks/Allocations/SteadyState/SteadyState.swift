import AllocationCounter
import Glibc
import RennbahnCrypto
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
        var repetition = try Repetition(
            work, serializer, size: size, compression: arguments[3] == "deflate", random: fillEqually)
        let before = (allocations: repetition.line.allocations, wireBytes: repetition.line.wireBytes)
        try repetition.run(times)
        let allocations = repetition.line.allocations - before.allocations
        print(#"{"allocations": \#(allocations), "wireBytes": \#(repetition.line.wireBytes - before.wireBytes)}"#)
    }

    /// The same numbers in every run, which become ids with sixteen digits each, so that two runs differ in nothing but their length.
    private static func fillEqually(_ words: inout [UInt64]) {
        for index in words.indices {
            let mixed = UInt64(truncatingIfNeeded: index) &* 0x9e37_79b9_7f4a_7c15
            words[index] = 1 << 63 | mixed >> 1
        }
    }

    // MARK: Counting

    private static func countAll() throws {
        guard allocation_counter_works(), arcCounterWorks() else { throw Failure.counterIsBlind }
        var total = Count()
        for serializer in Serializer.allCases {
            for size in [32, 1024, 16 * 1024] {
                for work in Work.allCases {
                    var repetition = try Repetition(work, serializer, size: size) { SecureRandom.fill(&$0) }
                    try repetition.run(warmUp)
                    let count = try Count.during { try repetition.run(measured) }
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
