import RennbahnWeb
import Testing

@Suite struct RetryAfterTests {
    private static let now: UInt64 = 784_111_777
    private static let year: UInt64 = 31_536_000

    @Test(
        arguments: [
            ("0", 0), ("7", 7), ("0120", 120), ("31536000", year), ("31536001", year), ("18446744073709551615", year),
            ("18446744073709551616", year), (String(repeating: "9", count: 5000), year),
            ("Sun, 06 Nov 1994 08:49:37 GMT", 0), ("Sun, 06 Nov 1994 08:50:37 GMT", 60),
            ("Sun, 06 Nov 1994 08:49:36 GMT", 0), ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
            ("Fri, 31 Dec 9999 23:59:59 GMT", year),
        ] as [(String, UInt64)])
    func `seconds and dates are seconds from now on, a year at most`(text: String, seconds: UInt64) {
        #expect(RetryAfter.seconds(text, now: RetryAfterTests.now) == seconds)
    }

    @Test(arguments: [
        "", " ", "-1", "+1", "1.5", "1 ", "soon", "7s", "0x7", "Sun Nov  6 08:49:37 1994", "\u{664}",
    ])
    func `what is neither is nothing`(text: String) {
        #expect(RetryAfter.seconds(text, now: RetryAfterTests.now) == nil)
    }

    @Test func `a clock at its end does no harm`() {
        #expect(RetryAfter.seconds("Sun, 06 Nov 1994 08:49:37 GMT", now: .max) == 0)
        #expect(RetryAfter.seconds("Sun, 06 Nov 1994 08:49:37 GMT", now: 0) == RetryAfterTests.year)
    }
}
