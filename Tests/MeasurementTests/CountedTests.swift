import RennbahnMeasurement
import Testing

struct CountedTests {
    @Test func `One is in the singular, and every other number in the plural`() {
        #expect(
            [0, 1, 2, 11, 21, 101].map { $0.of("client") } == [
                "0 clients", "1 client", "2 clients", "11 clients", "21 clients", "101 clients",
            ])
        #expect(
            UInt64(1).of("reply", "replies") == "1 reply"
                && UInt64.max.of("reply", "replies") == "18446744073709551615 replies")
        #expect((-1).of("page") == "-1 pages")
    }
}
