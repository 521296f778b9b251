import Testing

@testable import RennbahnTransport

@Suite("Tokens that come evenly")
struct TokenBucketTests {
    private static let second: UInt64 = 1_000_000_000

    /// Counts as one would by hand, in numbers that are large enough for everything.
    private struct Reference {
        let rate: Int128
        private var level: Int128
        private var time: UInt64

        init(rate: Int, at now: UInt64) {
            self.rate = Int128(rate)
            level = Int128(rate) * 1_000_000_000
            time = now
        }

        func tokens(at now: UInt64) -> Int128 { min(rate * 1_000_000_000, level + rate * Int128(now - time)) }

        mutating func take(_ count: Int, at now: UInt64) {
            let most: Int128 = 1 << 31
            level = max(tokens(at: now) - min(Int128(count), most) * 1_000_000_000, -most * 1_000_000_000)
            time = now
        }
    }

    @Test("are those that one would count", arguments: [1, 3, 7, 1000, 999_983, 1_000_000_000])
    func reference(rate: Int) {
        let choices = Fixture.noise(3 * 3000, seed: UInt64(rate)).map(Int.init)
        let counts = [0, 1, 1, 2, 17, rate, 16 << 20, .max]
        var now: UInt64 = 5
        var paid: UInt64 = 0
        var bucket = TokenBucket(rate: rate, at: now)
        var reference = Reference(rate: rate, at: now)
        for step in 0..<3000 {
            switch choices[3 * step] % 4 {
            case 0: break
            case 1: now += UInt64(choices[3 * step + 1])
            case 2: now += UInt64(choices[3 * step + 1] * 10_000_019)
            default: if paid < 1 << 62 { now = max(now, paid) }
            }
            let count = counts[choices[3 * step + 2] % counts.count]
            paid = bucket.take(count, at: now)
            reference.take(count, at: now)
            if reference.tokens(at: now) >= 0 {
                #expect(paid == now, "step \(step)")
            } else {
                #expect(reference.tokens(at: paid) >= 0 && reference.tokens(at: paid - 1) < 0, "step \(step)")
            }
        }
    }

    @Test("within any time no more pass than come in it, and those of a second")
    func bound() {
        let rate = 10
        var bucket = TokenBucket(rate: rate, at: 0)
        var now: UInt64 = 0
        var passed: [UInt64] = []
        for number in 0..<200 {
            // Once in a while nobody asks for any.
            if number % 60 == 59 { now += 5 * Self.second }
            now = max(now, bucket.take(1, at: now))
            passed.append(now)
        }
        for first in passed.indices {
            for last in first..<passed.count {
                let come = Int((passed[last] - passed[first]) * UInt64(rate) / Self.second)
                #expect(last - first + 1 <= rate + come, "\(first) to \(last)")
            }
        }
        #expect(passed[9] == 0 && passed[10] == Self.second / 10, "those of a second at once, then one by one")
    }

    @Test("a connection waits for whichever is owed longer, and for a tenth of a second at least")
    func ration() throws {
        #expect(Ration(messageRate: 0, octetRate: 0, at: 0) == nil)
        var both = try #require(Ration(messageRate: 2, octetRate: 1000, at: 0))
        #expect(both.take(octets: 1000, at: 0) == nil)
        #expect(both.take(octets: 1, at: 0) == Ration.shortestWait, "one octet of a thousand")
        #expect(both.take(octets: 0, at: Ration.shortestWait) == 500_000_000, "a third message")
        var octets = try #require(Ration(messageRate: 0, octetRate: 1000, at: 0))
        #expect(octets.take(octets: 4000, at: 0) == 3 * Self.second, "a frame that is larger than a second's")
        var messages = try #require(Ration(messageRate: 1, octetRate: 0, at: 0))
        #expect(messages.take(octets: 1 << 30, at: 0) == nil)
        #expect(messages.take(octets: 1, at: 0) == Self.second)
    }
}
