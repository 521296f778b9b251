import RennbahnMeasurement
import Testing

@testable import RennbahnLoadGenerator

struct MeterTests {
    /// A meter whose window began at 1000 µs.
    private func recording() -> Meter {
        var meter = Meter(now: 0)
        meter.startLoopTurn(at: 1_000_000)
        meter.startWindow(bytesSent: 1000, bytesReceived: 300)
        return meter
    }

    @Test func `A message counts for the window that it is completed in, and in any case for the progress`() {
        var meter = Meter(now: 0)
        func complete(_ count: Int, at time: UInt64) {
            meter.startLoopTurn(at: time)
            for _ in 0..<count { meter.completed(intendedAt: 0, sentAt: 0, isPaced: true) }
        }
        complete(3, at: 10)
        meter.startWindow(bytesSent: 0, bytesReceived: 0)
        complete(5, at: 20)
        meter.endWindow(bytesSent: 0, bytesReceived: 0)
        complete(2, at: 30)
        let latencies = meter.figures.latencies
        #expect(meter.figures.messages == 5 && meter.messages == 10)
        #expect(latencies.response.count == 5 && latencies.service.count == 5)
    }

    @Test func `An operation and a completed publication count for the window that they happen in`() {
        var meter = Meter(now: 0)
        func both() {
            meter.sent(intendedAt: 0, isPaced: true)
            meter.completedPublication(intendedAt: 0)
        }
        both()
        meter.startWindow(bytesSent: 0, bytesReceived: 0)
        for _ in 0..<4 { both() }
        meter.endWindow(bytesSent: 0, bytesReceived: 0)
        both()
        #expect(meter.figures.operations == 4 && meter.figures.latencies.lag.count == 4)
        #expect(meter.figures.latencies.lastSubscriber.count == 4)
    }

    @Test func `Response counts from the intended time, service from the actual one, and lag lies between them`() {
        var meter = recording()
        meter.startLoopTurn(at: 9_000_000)
        meter.sent(intendedAt: 2_000_000, isPaced: true)
        meter.completed(intendedAt: 3_000_000, sentAt: 5_000_000, isPaced: true)
        meter.completedPublication(intendedAt: 8_000_000)
        let latencies = meter.figures.latencies
        #expect(latencies.lag.summary().max == 7_000_000)
        #expect(latencies.response.summary().max == 6_000_000)
        #expect(latencies.service.summary().max == 4_000_000)
        #expect(latencies.lastSubscriber.summary().max == 1_000_000)
    }

    @Test func `A closed loop has a response and nothing else: it sends when it means to`() {
        var meter = recording()
        meter.sent(intendedAt: 0, isPaced: false)
        meter.completed(intendedAt: 0, sentAt: 0, isPaced: false)
        let latencies = meter.figures.latencies
        #expect(latencies.response.count == 1 && latencies.service.count == 0 && latencies.lag.count == 0)
        #expect(meter.figures.operations == 1)
    }

    @Test func `A window has its own octets, each way, and its own length`() {
        var meter = recording()
        meter.startLoopTurn(at: 3_500_000)
        meter.endWindow(bytesSent: 1700, bytesReceived: 900)
        #expect(meter.figures.bytesSent == 700 && meter.figures.bytesReceived == 600)
        #expect(meter.figures.nanoseconds == 2_500_000)
        #expect(!meter.isRecording)
    }

    @Test func `A turn has all messages and octets from its start to its end, and the next one begins with none`() {
        var meter = Meter(now: 0)
        func turn(from sent: UInt64, _ received: UInt64) -> TurnFigures {
            meter.startTurn(bytesSent: sent, bytesReceived: received)
            meter.completed(intendedAt: 0, sentAt: 0, isPaced: false)
            meter.startWindow(bytesSent: sent + 10, bytesReceived: received + 5)
            for _ in 0..<3 { meter.completed(intendedAt: 0, sentAt: 0, isPaced: false) }
            meter.endWindow(bytesSent: sent + 40, bytesReceived: received + 25)
            meter.completed(intendedAt: 0, sentAt: 0, isPaced: false)
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
        var meter = Meter(now: 0)
        func ticks() -> [Int] { (1...70).filter { _ in meter.tick() } }
        #expect(ticks() == [32, 64])
        meter.startLoopTurn(at: 1)
        #expect(ticks() == [32, 64])
        meter.advance(to: 77)
        #expect(meter.time == 77)
    }
}
