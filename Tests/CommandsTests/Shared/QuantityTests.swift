import ArgumentParser
import Testing

@testable import RennbahnCommands

/// Numbers of the command line, with units and without.
struct QuantityTests {
    @Test(arguments: [
        ("0", 0), ("100", 100), ("+7", 7), ("10k", 10_000), ("10K", 10_000), ("1.5M", 1_500_000), ("4.35k", 4350),
        ("2G", 2_000_000_000),
        ("1e3", 1000), ("1.5e1k", 15_000), ("0.001k", 1), (".5k", 500), ("9223372036854775807", Int.max), ("5.", 5),
        ("00000000000000000007", 7),
    ])
    func `A count is a number with or without a factor`(text: String, number: Int) throws {
        #expect(try Quantity.count(text) == number)
    }

    @Test(
        arguments: [
            ("500", 500), ("500ms", 500), ("10s", 10_000), ("2m", 120_000), ("2min", 120_000), ("1h", 3_600_000),
            ("1.5s", 1500),
            ("500us", nil), ("3000us", 3), ("0.5", nil), ("1000000ns", 1),
        ] as [(String, Int?)])
    func `Milliseconds are those of any unit of time that comes out whole`(text: String, number: Int?) {
        #expect((try? Quantity.milliseconds(text)) == number)
    }

    @Test(
        arguments: [
            ("5", 5), ("0.15", 0.15), ("500ms", 0.5), ("10s", 10), ("2m", 120), ("250us", 0.00025), ("0", 0),
        ] as [(String, Double)])
    func `Seconds are what a bare number is, and may have parts`(text: String, number: Double) throws {
        #expect(try Quantity.seconds(text) == number)
        #expect(try Quantity.fineMilliseconds(text) == (text.last?.isNumber == true ? number : number * 1000))
    }

    @Test(
        arguments: [
            ("1024", 1024), ("10B", 10), ("64KiB", 65_536), ("2MiB", 2_097_152), ("1GiB", 1 << 30), ("64kB", 64_000),
            ("64KB", 64_000),
            ("1.5MiB", 1_572_864), ("2MB", 2_000_000), ("0.5B", nil), ("64k", nil),
        ] as [(String, Int?)])
    func `A size knows thousands from powers of two`(text: String, number: Int?) {
        #expect((try? Quantity.bytes(text)) == number)
    }

    @Test func `Percentages, rates and microseconds`() throws {
        #expect(try Quantity.percent("10%") == 10 && Quantity.percent("2.5") == 2.5)
        #expect(
            try Quantity.rate("5000/s") == 5000 && Quantity.rate("1.5M/s") == 1_500_000 && Quantity.rate("0.5") == 0.5)
        #expect(try Quantity.microseconds("50") == 50 && Quantity.microseconds("1ms") == 1000)
        #expect(try Quantity.microseconds("5\u{B5}s") == 5 && Quantity.microseconds("5\u{3BC}s") == 5)
    }

    private static let transforms: [(String, @Sendable (String) throws -> Double)] = [
        ("count", { Double(try Quantity.count($0)) }), ("bytes", { Double(try Quantity.bytes($0)) }),
        ("rate", Quantity.rate),
        ("seconds", Quantity.seconds), ("milliseconds", { Double(try Quantity.milliseconds($0)) }),
        ("fineMilliseconds", Quantity.fineMilliseconds), ("microseconds", { Double(try Quantity.microseconds($0)) }),
        ("percent", Quantity.percent),
    ]

    @Test(arguments: [
        "", " ", "-1", "-1k", "nan", "NaN", "inf", "infinity", "1e400", "1e-400", "0x10", "0x1p3", "1_000", "1,5",
        "1.2.3", "k", "ms",
        ".", "e3", "10 k", "10kk", "١٢", "１２", "10\u{0}", "5parsecs", "10º",
        "99999999999999999999999999999999999999999999", "340282366920938463463374607431768211456", "1e39", "10e", "++1",
    ])
    func `What is no number, negative or beyond all bounds is refused, whatever is measured`(text: String) {
        for (name, transform) in Self.transforms {
            #expect(throws: ValidationError.self, "\(name)") { try transform(text) }
        }
    }

    @Test func `A unit of something else is refused`() {
        for text in ["10s", "10KiB", "10%"] { #expect(throws: ValidationError.self) { try Quantity.count(text) } }
        for text in ["10k", "10KiB", "10%", "10M"] {
            #expect(throws: ValidationError.self) { try Quantity.seconds(text) }
        }
        for text in ["10s", "10%", "10m"] { #expect(throws: ValidationError.self) { try Quantity.bytes(text) } }
        for text in ["9223372036854775808", "9223372036854775808k"] {
            #expect(throws: ValidationError.self) { try Quantity.count(text) }
        }
    }

    @Test func `An error says what is understood, and what a bare number is`() {
        func message(_ body: () throws -> Any) -> String {
            do {
                return "\(try body())"
            } catch {
                return "\(error)"
            }
        }
        #expect(message { try Quantity.count("many") } == "expected a number such as 100, 10k or 1.5M")
        #expect(message { try Quantity.seconds("5k") }.hasSuffix("a bare number is seconds"))
        #expect(message { try Quantity.milliseconds("0.5") } == "is no whole number of milliseconds")
        #expect(message { try Quantity.count("9223372036854775808") } == "is out of range")
    }

    /// Numbers that name something instead of counting it have no units: seeds, processes, processors, permissions, tiers. The
    /// payload of `load` may be a name, too, and `PayloadOptionTests` looks at it.
    @Test func `Every numeric option of every command understands units`() throws {
        let numeric: [String: [String]] = [
            "router": [
                "--shards=1k", "--max-connections=10k", "--max-message-size=1MiB", "--max-queued-output=16MiB",
                "--open-handshake-timeout=2s", "--stall-timeout=5s", "--busy-poll=1ms", "--burn-percent=5%",
                "--backlog=1k",
                "--user-timeout=2s",
            ],
            "load": [
                "--clients=1k", "--publishers=1k", "--subscribers=1k", "--topics=1k", "--slow=1k", "--stuck=1k",
                "--slow-interval=1s",
                "--callers=1k", "--callees=1k", "--rate=10k/s", "--depth=1k", "--warmup=500ms", "--duration=2m",
                "--ramp=4k", "--drain-timeout=5s", "--connect-timeout=1m", "--shards=1k",
            ],
            "bench": [
                "--clients=1k", "--shards=1k", "--starts=1k", "--budget=2m",
            ],
            "serializers": ["--clients=1k", "--depth=1k", "--starts=1k", "--budget=2m"],
            "gate": [
                "--clients=1k", "--tolerance=3%", "--budget=6m", "--pairs=1k", "--warmup=150ms", "--duration=360ms",
                "--turn=30ms",
                "--burn-percent=5%",
            ],
            "history": ["--columns=1k"], "exchange": ["--payload=1KiB", "--messages=1k"],
            "echo-client": ["--patience=1m"], "stages": ["--budget=1s"],
        ]
        let needed = [
            "exchange": ["--address", "a", "--work", "w", "--serializer", "json", "--messages", "1"],
            "echo-client": ["--url", "u"], "stages": ["--input", "i"],
        ]
        for (name, given) in numeric {
            let type = try #require(commands[name])
            for option in given {
                #expect(throws: Never.self, "\(name) \(option)") {
                    try type.parse(needed[name, default: []] + [option])
                }
                let wrong = String(option.prefix { $0 != "=" }) + "=1x"
                #expect(throws: (any Error).self, "\(name) \(wrong)") {
                    try type.parse(needed[name, default: []] + [wrong])
                }
            }
        }
    }
}
