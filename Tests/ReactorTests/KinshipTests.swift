import Testing

@testable import RennbahnReactor

struct KinshipTests {
    @Test func `Children, theirs, and members of the group are relatives; others and parents are not`() {
        let kin = Kinship(
            parents: [1: 0, 10: 1, 11: 10, 12: 11, 20: 1, 21: 20, 30: 1],
            groups: [1: 1, 10: 10, 11: 11, 12: 12, 20: 20, 21: 10, 30: 30])
        #expect(kin.relatives(of: [10]) == [11, 12, 21])
        #expect(kin.relatives(of: [11, 20]) == [12, 21])
        #expect(kin.relatives(of: [99]) == [])
    }

    @Test func `A table that is of several moments and goes round in circles is no trouble`() {
        let kin = Kinship(parents: [1: 2, 2: 1, 3: 1], groups: [1: 1, 2: 2, 3: 3])
        #expect(kin.relatives(of: [9]) == [])
        #expect(kin.relatives(of: [3]) == [])
    }
}
