import AllocationCounter
import Crypto
import Glibc
import WAMP

/// Counts heap allocations per message in steady state, and fails unless there are none.
@main
enum SteadyState {
    private static let warmUp = 2_000
    private static let measured = 20_000
    private static let topic = Array("com.example.topic".utf8)
    private static let procedure = Array("com.example.procedure".utf8)

    static func main() {
        do {
            try measure()
        } catch {
            print("failed: \(error)")
            exit(EXIT_FAILURE)
        }
    }

    private enum Failure: Error {
        /// An allocation went past the counter.
        case counterIsBlind
        /// The path did not do what it is measured for.
        case messagesAreMissing
        case allocates(total: UInt64)
    }

    private static func measure() throws {
        guard allocation_counter_works() else { throw Failure.counterIsBlind }
        var total: UInt64 = 0
        for serializer in Serializer.allCases {
            for size in [32, 1024, 16 * 1024] {
                total += try publications(serializer, size: size)
                for match in MatchPolicy.allCases { total += try calls(serializer, size: size, match: match) }
            }
        }
        guard total == 0 else { throw Failure.allocates(total: total) }
    }

    /// PUBLISH, acknowledged, to nine subscribers, a third each exact, by prefix and by wildcard.
    private static func publications(_ serializer: Serializer, size: Int) throws -> UInt64 {
        var line = Line(serializer: serializer, sessions: 10) { SecureRandom.fill(&$0) }
        for session in 1..<4 { try line.subscribe(session, to: topic) }
        for session in 4..<7 { try line.subscribe(session, to: Array("com.exam".utf8), match: .prefix) }
        for session in 7..<10 { try line.subscribe(session, to: Array("com..topic".utf8), match: .wildcard) }
        let args = args(serializer, size)
        for _ in 0..<warmUp { try line.publish(0, topic: topic, args: args) }
        let before = line.queued
        let start = allocation_counter_allocations()
        for _ in 0..<measured { try line.publish(0, topic: topic, args: args) }
        let count = allocation_counter_allocations() - start
        guard line.queued - before == 10 * measured else { throw Failure.messagesAreMissing }
        report("\(serializer.name) PUBLISH to nine, \(size) B", count)
        return count
    }

    /// CALL, INVOCATION, YIELD, RESULT.
    private static func calls(_ serializer: Serializer, size: Int, match: MatchPolicy) throws -> UInt64 {
        var line = Line(serializer: serializer, sessions: 2) { SecureRandom.fill(&$0) }
        let pattern =
            switch match {
            case .exact: procedure
            case .prefix: Array("com.exam".utf8)
            case .wildcard: Array("com..procedure".utf8)
            }
        try line.register(1, as: pattern, match: match)
        let args = args(serializer, size)
        for _ in 0..<warmUp { try roundTrip(&line, args) }
        let before = line.queued
        let start = allocation_counter_allocations()
        for _ in 0..<measured { try roundTrip(&line, args) }
        let count = allocation_counter_allocations() - start
        guard line.queued - before == 2 * measured else { throw Failure.messagesAreMissing }
        report("\(serializer.name) CALL and RESULT, \(match.name), \(size) B", count)
        return count
    }

    private static func roundTrip(_ line: inout Line, _ args: [UInt8]) throws {
        try line.call(0, procedure: procedure, args: args)
        guard let invocation = line.invocation else { throw Failure.messagesAreMissing }
        try line.yield(1, invocation: invocation, args: args)
    }

    private static func report(_ name: String, _ count: UInt64) {
        print("\(count) allocations in \(measured) messages: \(name)")
    }

    /// A list of one text of `size` octets.
    private static func args(_ serializer: Serializer, _ size: Int) -> [UInt8] {
        let text = [UInt8](repeating: 0x61, count: size)
        return switch serializer {
        case .json: Array(#"[""#.utf8) + text + Array(#""]"#.utf8)
        case .msgpack: [0x91, 0xda, UInt8(size >> 8), UInt8(size & 0xff)] + text
        }
    }
}
