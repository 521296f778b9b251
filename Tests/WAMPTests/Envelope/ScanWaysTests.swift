import RennbahnBytes
import RennbahnTestKit
import RennbahnWAMP
import Testing

/// The usual form of a message is read in one go, any other by the grammar: one message in two forms is found to be the
/// same.
@Suite("The short way of the scan and the grammar's") struct ScanWaysTests {
    /// The same message in a form that is not the usual one, and how much further its parts stand there.
    static func unusual(_ bytes: [UInt8], _ serializer: Serializer) -> (bytes: [UInt8], shift: Int)? {
        switch serializer {
        case .json: return ([0x20] + bytes, 1)
        case .msgpack:
            guard let first = bytes.first, first & 0xf0 == 0x90 else { return nil }
            return ([0xdc, 0, first & 0x0f] + bytes[1...], 2)
        }
    }

    static func moved(_ range: Range<Int>, _ shift: Int) -> Range<Int> {
        range == 0..<0 ? range : range.lowerBound + shift..<range.upperBound + shift
    }

    static func moved(_ violation: WAMPViolation, _ shift: Int) -> WAMPViolation {
        switch violation {
        case .malformed(let index): .malformed(at: index + shift)
        case .invalidUTF8(let index): .invalidUTF8(at: index + shift)
        case .nestedTooDeeply(let index): .nestedTooDeeply(at: index + shift)
        case .notConvertible(let index): .notConvertible(at: index + shift)
        case .notAMessage, .unknownType, .wrongLength, .wrongElement, .wrongOption, .wrongDirection,
            .wrongRequestType:
            violation
        }
    }

    /// What `scan` finds, as text, with its parts moved by `shift`.
    static func found<Message: MessageWithParts>(
        _ bytes: [UInt8], _ serializer: Serializer, _ shift: Int,
        by scan: ([UInt8], Serializer) throws(WAMPViolation) -> Message
    ) -> Result<String, WAMPViolation> {
        do throws(WAMPViolation) {
            var scanned = try scan(bytes, serializer)
            scanned.uri.range = moved(scanned.uri.range, shift)
            scanned.options = moved(scanned.options, shift)
            scanned.payloadRange = moved(scanned.payloadRange, shift)
            return .success("\(scanned)")
        } catch {
            return .failure(moved(error, shift))
        }
    }

    static let extra = [
        #"[16,9007199254740992,{},"com.example.topic",["0123456789012345678901234567890123456789"]]"#,
        #"[16,12345678,{},"t",[]]"#, #"[16,123456789,{"acknowledge":true,"exclude":[1,2]},"t",[],{}]"#,
        #"[36,5512315355,4429313566,{},[1.5,true]]"#, #"[36,1,2,{"topic":"a.b"},[],{"k":[]}]"#,
        #"[68,1,9007199254740991,{"procedure":"p"},[{"a":{"b":[[]]}}]]"#, #"[50,4711,{},["x"],{}]"#,
        #"[50,4711,{"progress":true}]"#, #"[48,70000,{"timeout":5},"proc",[null]]"#, #"[70,200,{},[-1],{"é":1}]"#,
        #"[16,1,{"ppt_scheme":"x_a"},"t","\u0000AAEC"]"#,
    ]

    @Test(
        "Both find the same in good and in mutated messages", arguments: Serializer.allCases, [41, 42, 43] as [UInt64])
    func agreement(serializer: Serializer, seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let texts =
            ScanWaysTests.extra + ClientMessageTests.samples.map(\.json) + RouterMessageTests.samples.map(\.json)
        let sources = try texts.map { try message($0, serializer) }
        var accepted = 0
        for round in 0..<12_000 {
            var bytes = sources[round % sources.count]
            if round >= sources.count {
                for _ in 0...random.below(2) where !bytes.isEmpty {
                    let index = random.below(bytes.count)
                    switch random.below(4) {
                    case 0: bytes[index] = UInt8(truncatingIfNeeded: random.next())
                    case 1: bytes.remove(at: index)
                    case 2: bytes[index] ^= 1 << UInt8(random.below(8))
                    default: bytes.insert(bytes[random.below(bytes.count)], at: index)
                    }
                }
            }
            guard let other = ScanWaysTests.unusual(bytes, serializer) else { continue }
            let client = ScanWaysTests.found(bytes, serializer, other.shift, by: scanClient)
            let clientAgain = ScanWaysTests.found(other.bytes, serializer, 0, by: scanClient)
            #expect(client == clientAgain, "seed \(seed): \(bytes)")
            let router = ScanWaysTests.found(bytes, serializer, other.shift, by: scanRouter)
            let routerAgain = ScanWaysTests.found(other.bytes, serializer, 0, by: scanRouter)
            #expect(router == routerAgain, "seed \(seed): \(bytes)")
            if case .success = client { accepted += 1 }
            if case .success = router { accepted += 1 }
        }
        #expect(accepted > 500)
    }

    @Test("Ids of JSON are read at every length, whatever stands behind them")
    func digits() {
        for count in 1...22 {
            for first in ["0", "1", "7", "9"] {
                let digits = first + String("23456789012345678901234".prefix(count - 1))
                let isID = first != "0" && (UInt64(digits) ?? .max) <= ScanLimit.id
                for (head, tail) in [
                    ("[16,", ",{},\"t\"]"), ("[34,1,", "]"), ("[34,", ",1]"), ("[34,1, ", " ]"), ("[34,1,", ",{}]"),
                ] {
                    let source = head + digits + tail
                    let found = clientViolation(source)
                    #expect((found == nil) == isID, "\(source)")
                    if isID, head == "[16," {
                        #expect(
                            try! scanClient(utf8(source), .json).message
                                == .publish(request: RequestID(UInt64(digits)!), options: PublishOptions()))
                    }
                    for behind in [".", ".0", "e0", "E1", "x", ":", "/"] {
                        #expect(clientViolation(head + digits + behind + tail) != nil, "\(source)\(behind)")
                    }
                }
            }
        }
    }

    @Test("Numbers of a payload are checked at every length as the reference does")
    func numbers() {
        let digits = ["", "0", "7", "01", "1234567", "12345678", "123456789", "1234567890123456", "12345678901234567"]
        for whole in digits {
            for fraction in ["", "."] + digits.map({ "." + $0 }) {
                for exponent in ["", "e", "E+", "e-1", "e12345678", "E+123456789"] {
                    for sign in ["", "-"] {
                        for tail in ["]]", ",\"and more behind it\"]]"] {
                            let source = JSONScanTests.head + "[" + sign + whole + fraction + exponent + tail
                            let expected = JSONScanTests.accepts(utf8(source))
                            #expect((clientViolation(source) == nil) == expected, "\(source)")
                        }
                    }
                }
            }
        }
    }

    @Test("Literals are spelled out")
    func literals() {
        for good in ["true", "false", "null"] {
            for tail in ["]]", ",\"more\"]]"] {
                #expect(clientViolation(JSONScanTests.head + "[" + good + tail) == nil)
                for index in 0..<good.count {
                    var bytes = utf8(good)
                    for letter in utf8("tfnruelasTFN\"]x ") where letter != bytes[index] {
                        bytes[index] = letter
                        let source = utf8(JSONScanTests.head + "[") + bytes + utf8(tail)
                        #expect((clientViolation(source) == nil) == JSONScanTests.accepts(source), "\(text(source))")
                    }
                    let cut = JSONScanTests.head + "[" + good.prefix(index) + tail
                    #expect((clientViolation(cut) == nil) == JSONScanTests.accepts(utf8(cut)), "\(cut)")
                }
            }
        }
        for wrong in ["ftrue", "fnull", "nalse", "talse", "truee", "nulll", "falsee"] {
            #expect(clientViolation(JSONScanTests.head + "[" + wrong + "]]") != nil)
        }
    }
}

protocol MessageWithParts {
    var uri: TextRange { get set }
    var options: Range<Int> { get set }
    var payloadRange: Range<Int> { get set }
}

extension ScannedClientMessage: MessageWithParts {}
extension ScannedRouterMessage: MessageWithParts {}
