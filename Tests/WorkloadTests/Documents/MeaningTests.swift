import RennbahnWAMP
import Testing

@testable import RennbahnWorkload

/// When two values are the same to an application.
struct MeaningTests {
    @Test(
        arguments: [
            (["a": 1, "b": [2, 3]], ["b": [2, 3], "a": 1]),
            (1, 1.0), (1.0, 1), (0, .double(-0.0)),
            (WAMPValue(UInt64.max - 2047), .double(18_446_744_073_709_549_568)),
            ([["x": 0.1]], [["x": 0.1]]),
            (.binary([1, 2]), .binary([1, 2])),
            ([:], [:]),
        ] as [(WAMPValue, WAMPValue)])
    func `The order of keys and the form of a number mean nothing`(one: WAMPValue, other: WAMPValue) {
        #expect(one.means(other) && other.means(one))
    }

    @Test(
        arguments: [
            (["a": 1], ["a": 2]), (["a": 1], ["b": 1]), (["a": 1], ["a": 1, "b": 1]),
            ([1, 2], [2, 1]), ([1], [1, 1]), (1, 2.0), (1, 1.5), (1, true), (0, nil), ([], [:]),
            ("1", 1), (.integer(.max), .double(9_223_372_036_854_775_808)), (.string("é"), .string("e\u{301}")),
            (["é": 1], ["e\u{301}": 1]), (.binary([1]), .binary([2])), (.double(.nan), .double(1)),
            (1, .double(.infinity)),
        ] as [(WAMPValue, WAMPValue)])
    func `Anything else is another value`(one: WAMPValue, other: WAMPValue) {
        #expect(!one.means(other) && !other.means(one))
    }

    @Test func `A value with a key twice means none that has it once`() {
        let twice = WAMPValue.dictionary(WAMPDictionary([.init(key: "a", value: 1), .init(key: "a", value: 1)]))
        #expect(!twice.means(["a": 1, "b": 1]) && !twice.means(["a": 1]))
    }

    @Test func `Depth counts lists and dictionaries`() {
        #expect(WAMPValue.integer(1).depth == 0)
        #expect(([] as WAMPValue).depth == 1)
        #expect(([1, ["a": [:]]] as WAMPValue).depth == 3)
    }
}
