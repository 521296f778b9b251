import Testing

@testable import RennbahnTransport

@Suite("Input of connections that are not read, counted")
struct PausedInputCountTests {
    @Test("each connection counts once, with what it has now, and not at all when it is read again")
    func counts() {
        var input = PausedInput()
        #expect(input.octets == 0 && input.largest == nil)
        input.note(3, 5000)
        input.note(9, 7000)
        input.note(3, 8000)
        #expect(input.octets == 15_000 && input.largest == 3)
        input.forget(3)
        input.forget(3)
        input.forget(4)
        #expect(input.octets == 7000 && input.largest == 9)
        input.forget(9)
        #expect(input.octets == 0 && input.largest == nil)
    }

    @Test("of those with as much the first slot is named")
    func ties() {
        var input = PausedInput()
        for slot in [7, 2, 5] { input.note(slot, 6000) }
        #expect(input.largest == 2)
    }
}
