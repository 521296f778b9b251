import RennbahnBytes
import Testing

@testable import RennbahnReactor
@testable import RennbahnTransport

@Suite("Pings by the clock, without sockets")
struct PingsTests {
    private static let second: UInt64 = 1_000_000_000
    private let settings = WebSocketOptions.AutoPing(interval: 10 * second, timeout: 3 * second)
    private let slot = 7

    private func payload(_ ping: Pings.Outstanding, size: Int = 12) -> [UInt8] {
        var payload = ByteBuffer()
        ping.append(size: size, to: &payload)
        return payload.span.copied()
    }

    /// A connection that was silent for the interval, and its ping.
    private func pinged(at now: UInt64) -> (Pings, Pings.Outstanding) {
        var pings = Pings()
        guard
            case .send(let ping, now + 3 * PingsTests.second) = pings.fired(
                slot, settings, heard: 0, isBlocked: false, now: now)
        else {
            Issue.record("no ping")
            return (pings, Pings.Outstanding(sent: 0, number: 0))
        }
        return (pings, ping)
    }

    @Test("a peer that was heard of lately gets no ping before it was silent for the interval")
    func traffic() {
        var pings = Pings()
        let now = 100 * PingsTests.second
        let heard = now - 4 * PingsTests.second
        #expect(
            pings.fired(slot, settings, heard: heard, isBlocked: false, now: now)
                == .look(at: heard + settings.interval))
    }

    @Test("a peer that does not answer in time is given up, unless it may not have had the chance")
    func silence() {
        let now = 100 * PingsTests.second
        let later = now + 3 * PingsTests.second
        var (pings, _) = pinged(at: now)
        #expect(
            pings.fired(slot, settings, heard: 0, isBlocked: true, now: later)
                == .look(at: later + 3 * PingsTests.second))
        #expect(
            pings.fired(slot, settings, heard: now, isBlocked: false, now: later) == .giveUp, "nothing since the ping")
    }

    @Test("a peer that takes what the kernel holds for it is not given up before it comes to the ping")
    func busy() {
        var pings = Pings()
        let now = 100 * PingsTests.second
        let patience = 3 * PingsTests.second
        guard case .send = pings.fired(slot, settings, heard: 0, unsent: 4000, isBlocked: false, now: now) else {
            Issue.record("no ping")
            return
        }
        for (turn, unsent) in [(1, 3000), (2, 14), (3, 0)] {
            let later = now + UInt64(turn) * patience
            #expect(
                pings.fired(slot, settings, heard: 0, unsent: unsent, isBlocked: false, now: later)
                    == .look(at: later + patience), "\(unsent)")
        }
        #expect(
            pings.fired(slot, settings, heard: 0, unsent: 0, isBlocked: false, now: now + 4 * patience) == .giveUp)
        // The ping itself is held for a peer that is gone.
        var (others, _) = pinged(at: now)
        #expect(
            others.fired(slot, settings, heard: 0, unsent: 14, isBlocked: false, now: now + patience) == .giveUp)
    }

    @Test("anything that the peer sent after the ping does for a pong")
    func trafficInsteadOfPong() {
        let now = 100 * PingsTests.second
        var (pings, _) = pinged(at: now)
        let heard = now + PingsTests.second
        #expect(
            pings.fired(slot, settings, heard: heard, isBlocked: false, now: now + 3 * PingsTests.second)
                == .look(at: heard + settings.interval))
    }

    @Test("without a time-out nobody is given up, and there is one ping at a time")
    func noTimeout() {
        let patient = WebSocketOptions.AutoPing(interval: 10 * PingsTests.second)
        var pings = Pings()
        let now = 100 * PingsTests.second
        guard case .send = pings.fired(slot, patient, heard: 0, isBlocked: false, now: now) else {
            Issue.record("no ping")
            return
        }
        for turn in 1...3 {
            let later = now + UInt64(turn) * patient.interval
            #expect(
                pings.fired(slot, patient, heard: 0, isBlocked: false, now: later)
                    == .look(at: later + patient.interval))
        }
    }

    @Test("only the payload of the ping answers it, and only once")
    func answers() {
        let now = 100 * PingsTests.second
        var (pings, ping) = pinged(at: now)
        let right = payload(ping)
        #expect(pings.awaitsAnswer(slot) && !pings.awaitsAnswer(slot + 1))
        for position in right.indices {
            var wrong = right
            wrong[position] ^= 1
            #expect(pings.answered(slot, settings, wrong.span, now: now) == nil)
        }
        #expect(pings.answered(slot, settings, (right + [0]).span, now: now) == nil)
        #expect(pings.answered(slot + 1, settings, right.span, now: now) == nil)
        #expect(pings.answered(slot, settings, right.span, now: now) == now + settings.interval)
        #expect(!pings.awaitsAnswer(slot))
        #expect(pings.answered(slot, settings, right.span, now: now) == nil)
        guard case .send(let next, _) = pings.fired(slot, settings, heard: 0, isBlocked: false, now: now) else {
            Issue.record("no further ping")
            return
        }
        #expect(next.number == ping.number + 1)
    }

    @Test("a payload has the size that was asked for", arguments: [12, 13, 125])
    func size(count: Int) {
        #expect(payload(Pings.Outstanding(sent: 1, number: 2), size: count).count == count)
    }

    @Test("a new timer takes the place of the one before, and goes with the connection")
    func timers() {
        var wheel = TimerWheel(now: 0)
        let (first, second) = (wheel.schedule(token: 1, deadline: 5), wheel.schedule(token: 2, deadline: 6))
        var pings = Pings()
        #expect(pings.forget(slot) == nil)
        #expect(pings.armed(slot, first) == nil)
        #expect(pings.armed(slot, second) == first)
        #expect(pings.forget(slot) == second)
        #expect(pings.forget(slot) == nil)
    }
}
