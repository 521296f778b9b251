import RennbahnBytes
import RennbahnTestKit
import RennbahnWAMP
import Testing

@Suite("URIs") struct URIRulesTests {
    func valid(_ uri: String, _ match: MatchPolicy = .exact, strict: Bool = false) -> Bool {
        URIRules.isValid(utf8(uri).span, strictness: strict ? .strict : .loose, match: match)
    }

    func reserved(_ uri: String) -> Bool { URIRules.isReserved(utf8(uri).span) }

    @Test("Which components may be empty depends on the match")
    func components() {
        for (uri, exact, prefix, wildcard) in [
            ("com.example.topic", true, true, true), ("a", true, true, true), ("", false, true, true),
            ("com.", false, true, true), ("com..x", false, false, true), (".com", false, false, true),
            (".", false, false, true), ("..", false, false, true), ("a..", false, false, true),
        ] {
            for strict in [false, true] {
                #expect(valid(uri, .exact, strict: strict) == exact, "\(uri)")
                #expect(valid(uri, .prefix, strict: strict) == prefix, "\(uri)")
                #expect(valid(uri, .wildcard, strict: strict) == wildcard, "\(uri)")
            }
        }
    }

    @Test("Loose components take all but white space and number signs")
    func loose() {
        for uri in ["com.Über.漢字", "a-b.C_D.!$%&", "x\u{7f}", "a.\u{200b}", "a.\u{feff}", "a.\u{2030}"] {
            #expect(valid(uri))
        }
        for uri in ["a b", "a#b", "#", " ", "a.b\n", "\ta", "a\u{0}", "a\u{1f}b"] {
            for match in MatchPolicy.allCases { #expect(!valid(uri, match), "\(uri)") }
        }
    }

    @Test("Every white space character of Unicode is refused, and no other")
    func unicode() {
        for value in (0x80 as UInt32)...0x3100 {
            guard let scalar = UnicodeScalar(value) else { continue }
            #expect(valid("a\(scalar)b") == !scalar.properties.isWhitespace, "U+\(String(value, radix: 16))")
        }
    }

    @Test("Strict components take small letters, digits and underscores")
    func strict() {
        for uri in ["com.example.a_1", "0", "_"] { #expect(valid(uri, strict: true)) }
        for uri in ["Com", "a-b", "ä", "a b", "a#", "a.B"] { #expect(!valid(uri, strict: true), "\(uri)") }
    }

    @Test("The first component wamp is reserved")
    func reservedPrefix() {
        for uri in ["wamp", "wamp.", "wamp.session.count"] { #expect(reserved(uri)) }
        for uri in ["", "wam", "wampx", "wampx.a", "com.wamp", "Wamp.x"] {
            #expect(!reserved(uri))
        }
    }
}

@Suite("The first string of a payload") struct PayloadStringsTests {
    func first(_ bytes: [UInt8], _ serializer: Serializer, elements: UInt8 = 1) -> String? {
        let payload = Payload(serializer: serializer, elements: elements)
        return PayloadStrings.firstString(in: bytes.span, payload: payload).map { text(bytes.slice($0)) }
    }

    @Test("It is found in JSON with any white space")
    func json() {
        #expect(first(utf8(#"["hello",1]"#), .json) == "hello")
        #expect(first(utf8(" [\n\t\"hällo wörld, longer\" ] , {}"), .json, elements: 2) == "hällo wörld, longer")
        #expect(first(utf8(#"[""]"#), .json) == "")
        for other in ["[]", "[1,\"x\"]", #"["a\n"]"#, "{}", "[[\"x\"]]", "[null]", "[\"open", ""] {
            #expect(first(utf8(other), .json) == nil, "\(other)")
        }
        #expect(first(utf8(#"["x"]"#), .json, elements: 0) == nil)
    }

    @Test("It is found in every str format of MsgPack")
    func msgpack() {
        for packed in [
            "91a3616263", "91d903616263", "91da0003616263", "91db00000003616263", "dc0001a3616263",
            "dd00000001a3616263",
        ] {
            #expect(first(hex(packed), .msgpack) == "abc")
        }
        for other in ["90", "9101", "91c40161", "91a2", "91a261", "80", "", "91dbffffffff61", "9191a161"] {
            #expect(first(hex(other), .msgpack) == nil, "\(other)")
        }
    }
}
