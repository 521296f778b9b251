import RennbahnMeasurement
import Testing

@testable import RennbahnLoadGenerator

/// What a shard counts and times, with times and octets handed in.
struct MeterTests {
    /// A meter whose window began at 1000 ms.
    private func recording(isPaced: Bool, bytesSent: UInt64 = 0, bytesReceived: UInt64 = 0) -> Meter {
        var meter = Meter(now: 0, isPaced: isPaced)
        meter.startLoopTurn(at: ms(1000))
        meter.startWindow(bytesSent: bytesSent, bytesReceived: bytesReceived)
        return meter
    }

    private func endWindow(_ meter: inout Meter, at time: UInt64) {
        meter.startLoopTurn(at: time)
        meter.endWindow(bytesSent: 0, bytesReceived: 0)
    }

    @Test(arguments: [true, false])
    func `A message counts for the window that it is completed in, and in any case for the progress`(isPaced: Bool) {
        var meter = Meter(now: 0, isPaced: isPaced)
        func complete(_ count: Int, at time: UInt64) {
            meter.startLoopTurn(at: time)
            for _ in 0..<count { meter.completed(intendedAt: time, sentAt: time) }
        }
        complete(3, at: 10)
        meter.startWindow(bytesSent: 0, bytesReceived: 0)
        complete(5, at: 20)
        meter.endWindow(bytesSent: 0, bytesReceived: 0)
        complete(2, at: 30)
        #expect(meter.figures.messages == 5 && meter.messages == 10)
        #expect(meter.figures.latencies.response.count == 5)
    }

    @Test(arguments: [true, false])
    func `An operation counts for the window that it leaves in`(isPaced: Bool) {
        var meter = Meter(now: 0, isPaced: isPaced)
        meter.sent()
        meter.startWindow(bytesSent: 0, bytesReceived: 0)
        for _ in 0..<4 { meter.sent() }
        meter.endWindow(bytesSent: 0, bytesReceived: 0)
        meter.sent()
        #expect(meter.figures.operations == 4)
    }

    @Test func `The lag is that of what was due in the window, whenever it leaves`() {
        var meter = recording(isPaced: true)
        meter.handedOver(intendedAt: ms(990), at: ms(1001))
        meter.handedOver(intendedAt: ms(1090), at: ms(1091))
        endWindow(&meter, at: ms(1200))
        meter.handedOver(intendedAt: ms(1190), at: ms(1207))
        meter.handedOver(intendedAt: ms(1200), at: ms(1300))
        let lag = meter.figures.latencies.lag.summary()
        #expect(lag.count == 2 && lag.max == ms(17))
    }

    /// Due at 1090 ms, handed to the socket at 1103, answered at 1150.
    @Test func `Lag is from due to handed over, service from there, and response from due to the reply`() {
        var meter = recording(isPaced: true)
        meter.startLoopTurn(at: ms(1100))
        meter.sent()
        meter.handedOver(intendedAt: ms(1090), at: ms(1103))
        meter.startLoopTurn(at: ms(1150))
        meter.completed(intendedAt: ms(1090), sentAt: ms(1103))
        meter.completedPublication(intendedAt: ms(1080))
        let latencies = meter.figures.latencies
        #expect(latencies.lag.summary().max == ms(13))
        #expect(latencies.service.summary().max == ms(47))
        #expect(latencies.response.summary().max == ms(60))
        #expect(latencies.lastSubscriber.summary().max == ms(70))
    }

    @Test func `An open loop times what was due in the window, also where it is answered long after it`() {
        var meter = recording(isPaced: true)
        func complete(_ intendedAt: UInt64) {
            meter.completed(intendedAt: intendedAt, sentAt: intendedAt)
            meter.completedPublication(intendedAt: intendedAt)
        }
        meter.startLoopTurn(at: ms(1001))
        complete(ms(999))
        endWindow(&meter, at: ms(2000))
        meter.startLoopTurn(at: ms(3990))
        complete(ms(1990))
        complete(ms(2000))
        // Rates are of what is completed in the window.
        #expect(meter.figures.messages == 1 && meter.messages == 3)
        let latencies = meter.figures.latencies
        for latency in [latencies.response, latencies.service, latencies.lastSubscriber] {
            #expect(latency.count == 1 && latency.summary().max == ms(2000))
        }
    }

    @Test func `A closed loop times what is completed in the window, and has neither lag nor service`() {
        var meter = recording(isPaced: false)
        func complete(_ intendedAt: UInt64, at time: UInt64) {
            meter.startLoopTurn(at: time)
            meter.completed(intendedAt: intendedAt, sentAt: intendedAt)
            meter.completedPublication(intendedAt: intendedAt)
        }
        complete(ms(990), at: ms(1001))
        endWindow(&meter, at: ms(2000))
        complete(ms(1990), at: ms(2010))
        let latencies = meter.figures.latencies
        for latency in [latencies.response, latencies.lastSubscriber] {
            #expect(latency.count == 1 && latency.summary().max == ms(11))
        }
        #expect(latencies.service.count == 0 && latencies.lag.count == 0)
    }

    @Test func `Nothing of before the first window counts, nor of the turn before`() {
        var meter = Meter(now: ms(500), isPaced: true)
        meter.completed(intendedAt: ms(400), sentAt: ms(400))
        #expect(meter.figures.latencies.response.count == 0)
        meter = recording(isPaced: true)
        endWindow(&meter, at: ms(2000))
        _ = meter.endTurn(bytesSent: 0, bytesReceived: 0)
        meter.startTurn(bytesSent: 0, bytesReceived: 0)
        meter.completed(intendedAt: ms(1500), sentAt: ms(1500))
        #expect(meter.figures.latencies.response.count == 0)
    }

    @Test func `What is never answered is kept with the time that it waited, once for each that should have had it`()
        throws
    {
        var meter = recording(isPaced: true)
        #expect(meter.figures.unanswered == nil)
        endWindow(&meter, at: ms(2000))
        meter.startLoopTurn(at: ms(7000))
        // Of an open loop as far as it was due in the window.
        for (dueAt, units) in [(ms(900), 1), (ms(1000), 2), (ms(1900), 1), (ms(2100), 1)] {
            meter.unanswered(intendedAt: dueAt, units: units)
        }
        let waited = try #require(meter.figures.unanswered).summary()
        #expect(waited.count == 3 && waited.max == ms(6000) && isNear(waited.min, ms(5100)))
        var closed = recording(isPaced: false)
        endWindow(&closed, at: ms(2000))
        closed.unanswered(intendedAt: ms(900), units: 1)
        #expect(closed.figures.unanswered?.summary().max == ms(1100))
    }

    @Test func `A window has its own octets, each way, and its own length`() {
        var meter = recording(isPaced: false, bytesSent: 1000, bytesReceived: 300)
        meter.startLoopTurn(at: 1_002_500_000)
        meter.endWindow(bytesSent: 1700, bytesReceived: 900)
        #expect(meter.figures.bytesSent == 700 && meter.figures.bytesReceived == 600)
        #expect(meter.figures.nanoseconds == 2_500_000)
        #expect(!meter.isRecording)
    }

    @Test func `A turn has all messages and octets from its start to its end, and the next one begins with none`() {
        var meter = Meter(now: 0, isPaced: false)
        func turn(from sent: UInt64, _ received: UInt64) -> TurnFigures {
            meter.startTurn(bytesSent: sent, bytesReceived: received)
            meter.completed(intendedAt: 0, sentAt: 0)
            meter.startWindow(bytesSent: sent + 10, bytesReceived: received + 5)
            for _ in 0..<3 { meter.completed(intendedAt: 0, sentAt: 0) }
            meter.endWindow(bytesSent: sent + 40, bytesReceived: received + 25)
            meter.completed(intendedAt: 0, sentAt: 0)
            return meter.endTurn(bytesSent: sent + 50, bytesReceived: received + 30)
        }
        for turn in [turn(from: 100, 7), turn(from: 1000, 500)] {
            #expect(turn.messages == 5 && turn.bytesSent == 50 && turn.bytesReceived == 30)
            #expect(turn.window.messages == 3 && turn.window.bytesSent == 30 && turn.window.bytesReceived == 20)
            #expect(turn.window.latencies.response.count == 3)
        }
        #expect(meter.messages == 10)
    }

    @Test func `Within a long turn the clock is read every so many messages, and anew in each turn`() {
        var meter = Meter(now: 0, isPaced: false)
        func ticks() -> [Int] { (1...70).filter { _ in meter.tick() } }
        #expect(ticks() == [32, 64])
        meter.startLoopTurn(at: 1)
        #expect(ticks() == [32, 64])
        meter.advance(to: 77)
        #expect(meter.time == 77)
    }
}
