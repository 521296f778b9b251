import RennbahnBytes
import RennbahnTestKit
import RennbahnWAMP
import Testing

@Suite("What is refused") struct ViolationTests {
    @Test("Only a list with something in it is a message")
    func notAMessage() throws {
        for source in ["{}", "1", "\"x\"", "null", "[]", " [ ] "] {
            #expect(clientViolation(source) == .notAMessage, "\(source)")
        }
        for source in ["80", "01", "a178", "c0", "90"] {
            #expect(clientViolation(hex(source), .msgpack) == .notAMessage, "\(source)")
        }
        for source in ["", " ", "]", "x", "\u{0}"] {
            #expect(clientViolation(source) == .malformed(at: source == " " ? 1 : 0), "\(source)")
        }
        #expect(clientViolation([], .msgpack) == .malformed(at: 0))
    }

    @Test("The type code must be one of the specification", arguments: Serializer.allCases)
    func unknownType(serializer: Serializer) throws {
        for type in ["0", "7", "37", "255", "337", "18446744073709551615", "-1", "16.0", "\"16\"", "null", "[16]"] {
            let bytes = try message("[\(type),1,{},\"u\"]", serializer)
            #expect(clientViolation(bytes, serializer) == .unknownType, "\(type)")
        }
    }

    @Test("Routers' messages are refused, by name", arguments: Serializer.allCases)
    func direction(serializer: Serializer) throws {
        for code in MessageCode.allCases where code.sender == .router {
            let bytes = try message("[\(code.rawValue),1,2,{}]", serializer)
            #expect(clientViolation(bytes, serializer) == .wrongDirection(code))
        }
        for type in [16, 48, 32, 70] {
            let bytes = try message(#"[8,\#(type),1,{},"e"]"#, serializer)
            #expect(clientViolation(bytes, serializer) == .wrongRequestType)
        }
    }

    /// Whole messages of their longest form, with the shortest length that is allowed.
    static let longest: [(String, MessageCode, Int)] = [
        (#"[1,"r",{}]"#, .hello, 3), (#"[3,{},"r",[],{}]"#, .abort, 3), (#"[5,"s",{}]"#, .authenticate, 3),
        (#"[6,{},"r"]"#, .goodbye, 3), (#"[8,68,1,{},"e",[],{}]"#, .error, 5),
        (#"[16,1,{},"t",[],{}]"#, .publish, 4), (#"[32,1,{},"t"]"#, .subscribe, 4),
        ("[34,1,2,{}]", .unsubscribe, 3), (#"[48,1,{},"p",[],{}]"#, .call, 4), ("[49,1,{}]", .cancel, 3),
        (#"[64,1,{},"p"]"#, .register, 4), ("[66,1,2,{}]", .unregister, 3), ("[70,1,{},[],{}]", .yield, 3),
    ]

    @Test("Too short and too long messages are told by their type", arguments: Serializer.allCases)
    func lengths(serializer: Serializer) throws {
        for (source, code, shortest) in ViolationTests.longest {
            let elements = try #require(try json(source).listValue)
            for count in 1..<elements.count {
                let bytes = encode(.list(Array(elements[0..<count])), serializer)
                #expect(clientViolation(bytes, serializer) == (count < shortest ? .wrongLength(code) : nil))
            }
            #expect(clientViolation(encode(.list(elements + [1]), serializer), serializer) == .wrongLength(code))
        }
    }

    @Test("An element of the wrong type is told by its place", arguments: Serializer.allCases)
    func elements(serializer: Serializer) throws {
        for (source, code, _) in ViolationTests.longest {
            let elements = try #require(try json(source).listValue)
            for index in 1..<elements.count {
                var wrong = elements
                wrong[index] = true
                #expect(
                    clientViolation(encode(.list(wrong), serializer), serializer)
                        == .wrongElement(code, index: index))
            }
        }
    }

    @Test("Ids are integers from 1 to 2^53", arguments: Serializer.allCases)
    func ids(serializer: Serializer) throws {
        for id in ["0", "-1", "9007199254740993", "18446744073709551615", "1.0", "1e3", "\"1\"", "null", "1e400"] {
            let bytes = try message("[34,\(id),1]", serializer)
            #expect(clientViolation(bytes, serializer) == .wrongElement(.unsubscribe, index: 1), "\(id)")
            let second = try message("[34,1,\(id)]", serializer)
            #expect(clientViolation(second, serializer) == .wrongElement(.unsubscribe, index: 2), "\(id)")
        }
        for id in ["1", "9007199254740992"] {
            #expect(clientViolation(try message("[34,\(id),\(id)]", serializer), serializer) == nil)
        }
        #expect(clientViolation("[34,01,1]") == .malformed(at: 4))
    }

    @Test("Nothing may follow the message")
    func trailing() throws {
        #expect(clientViolation("[34,1,2]x") == .malformed(at: 8))
        #expect(clientViolation("[34,1,2][34,1,2]") == .malformed(at: 8))
        #expect(clientViolation("[34,1,2]\u{0}") == .malformed(at: 8))
        #expect(clientViolation(hex("9322010200"), .msgpack) == .malformed(at: 4))
    }

    @Test("Text that is not UTF-8 is told apart")
    func invalidUTF8() {
        for bad in [[0x80], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xe2, 0x82], [0xff]]
            as [[UInt8]]
        {
            let json = utf8("[16,1,{},\"t\",[\"padding ") + bad + utf8("\"]]")
            #expect(clientViolation(json) == .invalidUTF8(at: 23), "\(bad)")
            let msgpack = hex("951001" + "80a174" + "91") + [0xa0 | UInt8(bad.count + 1), 0x61] + bad
            #expect(clientViolation(msgpack, .msgpack) == .invalidUTF8(at: 9), "\(bad)")
        }
    }

    @Test("A sequence of MsgPack text may not go on behind its string")
    func sequenceBeyondString() {
        // The first string ends in the middle of U+20AC; what completes it stands in the head of nothing.
        #expect(clientViolation(hex("951001" + "80a174" + "92a2e282" + "ac"), .msgpack) != nil)
        #expect(clientViolation(hex("951001" + "80a174" + "91a3e282ac"), .msgpack) == nil)
    }

    @Test("Malformed JSON anywhere is refused")
    func malformedJSON() {
        for payload in [
            "[01]", "[1.]", "[.5]", "[+1]", "[-]", "[1e]", "[1e+]", "[1,]", "[,1]", "[1 2]", "[tru]", "[True]", "[nul]",
            "[\"\\x\"]", "[\"\\u12g4\"]", "[\"\\u123g\"]", "[\"\u{1}\"]", "[\"tab\t\"]", "[\"open]", "[1", "[1}",
            "[],{\"a\"}",
            "[],{\"a\":}",
            "[],{a:1}", "[],{\"a\":1,}", "[],{1:2}", "[NaN]", "[Infinity]", "['a']", "[/* */1]", "[\"a\"\"b\"]", "[[]",
        ] {
            let violation = clientViolation("[16,1,{},\"t\",\(payload)]")
            if case .malformed = violation {} else { Issue.record("\(payload) gave \(String(describing: violation))") }
        }
    }
}
