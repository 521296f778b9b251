import Testing

@testable import RennbahnMeasurement

struct ConditionLimitTests {
    @Test(arguments: [
        ("10", 10.0, "10"), ("10k", 10_000, "10k"), ("2.5M", 2_500_000, "2.5M"), ("1G", 1e9, "1G"),
        ("0.1%", 0.001, "0.1%"), ("7ns", 7, "7ns"), ("7us", 7000, "7µs"), ("7µs", 7000, "7µs"), ("7μs", 7000, "7µs"),
        ("10ms", 1e7, "10ms"), ("10s", 1e10, "10s"),
        ("3K", 3000, "3k"), ("3KB", 3000, "3kB"), ("2m", 120e9, "2min"), ("2min", 120e9, "2min"), ("1h", 3600e9, "1h"),
        ("5B", 5, "5B"),
        ("2KiB", 2048, "2KiB"), ("2MiB", 2_097_152, "2MiB"), ("1GiB", 1_073_741_824, "1GiB"), ("3kB", 3000, "3kB"),
        ("3MB", 3e6, "3MB"), ("3GB", 3e9, "3GB"), ("5000/s", 5000, "5000/s"), (" 10 ms ", 1e7, "10ms"),
        ("1e3", 1000, "1000"), ("1.5e-3s", 1_500_000, "0.0015s"), ("1E+2ms", 1e8, "100ms"), ("0", 0, "0"),
    ])
    func `A number with its unit is read and printed`(text: String, value: Double, printed: String) throws {
        let quantity = try ConditionLimit(parsing: text)
        #expect(abs(quantity.value - value) <= value * 1e-15)
        #expect(quantity.description == printed)
        #expect(try ConditionLimit(parsing: printed) == quantity)
    }

    @Test(arguments: [
        ("", 1, "expected a number"), ("ms", 1, "expected a number"), ("-1", 1, "expected a number"),
        ("+1", 1, "expected a number"), (".5", 1, "expected a number"), ("5.", 1, "expected a number"),
        ("nan", 1, "expected a number"), ("0x10", 2, "there is no unit x; there are k"),
        ("1 000", 3, "nothing may follow here"), ("10msec", 3, "there is no unit msec"),
        ("10 S", 4, "there is no unit S"),
        ("1e999", 1, "this number is too large"), ("1e308k", 1, "this number is too large"),
        ("10ms/m", 5, "nothing may follow here"), ("5,000", 2, "nothing may follow here"),
        ("1e", 2, "there is no unit e"),
    ])
    func `What is no quantity is told with its place`(text: String, column: Int, message: String) {
        let problem = #expect(throws: ConditionProblem.self) { try ConditionLimit(parsing: text) }
        #expect(problem?.column == column && problem?.message.hasPrefix(message) == true, "\(problem as Any)")
    }
}

extension ConditionLimit {
    /// Reads a text that is one quantity and nothing else.
    fileprivate init(parsing text: String) throws(ConditionProblem) {
        var scanner = ConditionScanner(text)
        self = try ConditionLimit(from: &scanner)
        try scanner.expectEnd()
    }
}
