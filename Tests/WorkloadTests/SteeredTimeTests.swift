import Testing

@testable import RennbahnWorkload

/// A timetable that goes faster, slower or not at all for a while.
struct SteeredTimeTests {
    @Test func `Without a change the timetable's time is the clock's`() {
        let time = SteeredTime()
        #expect(time.timetable(at: 123_456_789_012_345_678) == 123_456_789_012_345_678)
        #expect(time.clock(at: 123_456_789_012_345_678) == 123_456_789_012_345_678)
    }

    @Test func `From a change on it goes so many times as fast`() {
        var time = SteeredTime()
        time.change(to: 2, at: 1000)
        #expect(time.timetable(at: 999) == 999 && time.timetable(at: 1000) == 1000 && time.timetable(at: 1100) == 1200)
        #expect(time.clock(at: 999) == 999 && time.clock(at: 1000) == 1000 && time.clock(at: 1200) == 1100)
        time.change(to: 0.5, at: 1100)
        #expect(time.timetable(at: 1300) == 1300 && time.clock(at: 1300) == 1300)
        #expect(time.clock(at: 1100) == 1050, "what was due before keeps its time")
    }

    @Test func `In a pause it stands, and what would have been due then is due that much later`() {
        var time = SteeredTime()
        time.change(to: 0, at: 1000)
        #expect(time.timetable(at: 1500) == 1000)
        #expect(time.clock(at: 999) == 999 && time.clock(at: 1000) == nil && time.clock(at: 1010) == nil)
        time.change(to: 1, at: 1500)
        #expect(time.clock(at: 999) == 999 && time.clock(at: 1000) == 1500 && time.clock(at: 1010) == 1510)
        #expect(time.timetable(at: 1510) == 1010)
    }

    @Test func `A change that is told late is no earlier than the last`() {
        var time = SteeredTime()
        time.change(to: 0, at: 1000)
        time.change(to: 1, at: 900)
        #expect(time.clock(at: 1010) == 1010)
    }
}
