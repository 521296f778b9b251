import Foundation
import RennbahnWeb
import Testing

@Suite struct HTTPDateTests {
    /// Foundation's calendar is the reference.
    private static func reference(_ seconds: UInt64) -> String {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(identifier: "GMT")
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        return formatter.string(from: Date(timeIntervalSince1970: Double(seconds)))
    }

    @Test func `dates are written as Foundation writes them, and read back`() {
        #expect(HTTPDate.text(784_111_777) == "Sun, 06 Nov 1994 08:49:37 GMT")
        // Some hours more than a month, so that every part changes, into the 22nd century, which begins without a leap day.
        var seconds: UInt64 = 0
        while seconds < 5_000_000_000 {
            let text = HTTPDate.text(seconds)
            #expect(text == HTTPDateTests.reference(seconds))
            #expect(HTTPDate.seconds(text) == seconds)
            seconds += 2_712_347
        }
        for day in UInt64(0)..<366 * 4 + 60 {
            let noon = 946_684_800 + day * 86_400 + 43_200
            #expect(HTTPDate.text(noon) == HTTPDateTests.reference(noon))
            #expect(HTTPDate.seconds(HTTPDate.text(noon)) == noon)
        }
        #expect(HTTPDate.text(.max) == "Fri, 31 Dec 9999 23:59:59 GMT")
    }

    @Test(arguments: [
        "", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994", "Sun, 06 Nov 1994 08:49:37 UTC",
        "Mon, 06 Nov 1994 08:49:37 GMT", "Sun, 31 Nov 1994 08:49:37 GMT", "Sun, 00 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 24:49:37 GMT", "Sun, 06 Nov 1994 08:60:37 GMT", "Sun, 06 Nov 1994 08:49 GMT",
        "Sun, 6 Nov 1994 08:49:37 GMT", "Wed, 31 Dec 1969 23:59:59 GMT", "Sun, 06 nov 1994 08:49:37 GMT",
        "Sun, +6 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT ", "Sun 06 Nov 1994 08:49:37 GMT",
    ])
    func `what is no date of this form is none`(text: String) {
        #expect(HTTPDate.seconds(text) == nil)
    }
}
