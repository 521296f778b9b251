import Logging
import RennbahnTransport
import Testing

@testable import RennbahnRouterNode

@Suite struct RefusalLogTests {
    @Test func `Attempts to accept that fail are told with their reason, ever more rarely`() {
        let lines = LogLines()
        var log = RefusalLog(lines.logger(level: .warning))
        var counters = LinkCounters()
        counters.acceptErrno = 24
        for _ in 0..<1000 {
            counters.refused += 1
            counters.failedAccepts += 1
            log.tell(counters)
        }
        #expect(log.seen == 1000)
        #expect(lines.all.count == 10)
        #expect(
            lines.all.first
                == "warning connections cannot be accepted: Too many open files; attempts that failed so far: 1")
        #expect(lines.all.last?.hasSuffix(": 512") == true)
    }

    @Test
    func `Those that are turned away for their address are told with the last one, and front ends that say nonsense`() {
        let lines = LogLines()
        var log = RefusalLog(lines.logger(level: .warning))
        var counters = LinkCounters()
        counters.refused = 3
        counters.refusedByAddress = 3
        counters.malformedForwards = 1
        log.tell(counters, last: RefusedPeer(address: IPAddress(v4: 0xc000_0201), refusal: .connections))
        #expect(
            lines.all == [
                "warning connections turned away for the limits of their address: 3; the last one of 192.0.2.1, which has too many connections",
                "warning requests of trusted proxies whose X-Forwarded-For names no address, which is taken as absent: 1",
            ])
        #expect(log.seen == 3 && log.seenForwards == 1)
    }

    @Test func `Connections that are turned away are told apart from those, also where several came in one turn`() {
        let lines = LogLines()
        var log = RefusalLog(lines.logger(level: .warning))
        var counters = LinkCounters()
        for count: UInt64 in [3, 3, 4, 7, 100] {
            counters.refused = count
            log.tell(counters)
        }
        let text = "warning connections turned away, since there is no room for more: "
        #expect(lines.all == [3, 4, 100].map { "\(text)\($0)" })
    }
}
