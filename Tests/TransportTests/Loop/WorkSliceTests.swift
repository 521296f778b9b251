import RennbahnTransport
import Testing

struct WorkSliceTests {
    private static let few = WorkSlice.piecesBetweenLooks - 1

    @Test func `The clock is looked at after so many pieces, and again after as many`() {
        var slice = WorkSlice(nanoseconds: 100)
        let first = [Self.few, 1].map { slice.isLookDue(after: $0) }
        let isOver = slice.isOver(at: 1000)
        let second = [Self.few, 5].map { slice.isLookDue(after: $0) }
        #expect(first == [false, true] && !isOver && second == [false, true])
    }

    @Test func `The time is counted from the first look`() {
        var slice = WorkSlice(nanoseconds: 100)
        let answers = [5000, 5099, 5100].map { slice.isOver(at: $0) }
        #expect(answers == [false, false, true])
    }

    @Test func `Without any time it is over at the first look`() {
        var slice = WorkSlice(nanoseconds: 0)
        let isOver = slice.isOver(at: 5000)
        #expect(isOver)
    }

    @Test func `Where it was begun the time is counted from there`() {
        var slice = WorkSlice(nanoseconds: 100)
        slice.begin(at: 5000)
        let answers = [5099, 5100].map { slice.isOver(at: $0) }
        #expect(answers == [false, true])
    }
}
