import RennbahnBytes
import RennbahnTestKit
import RennbahnWAMP
import Testing

@Suite("Transcoding of payloads") struct TranscoderTests {
    func toMsgPack(_ json: String, elements: UInt8 = 1) throws -> [UInt8] {
        try transcoded(utf8(json), elements: elements, from: .json, to: .msgpack)
    }

    func toJSON(_ msgpack: [UInt8], elements: UInt8 = 1) throws -> String {
        text(try transcoded(msgpack, elements: elements, from: .msgpack, to: .json))
    }

    /// A value that both serializers can say.
    static func generate(_ random: inout SeededGenerator, depth: Int = 0) -> WAMPValue {
        func string() -> String {
            let parts = [
                "a", "\"", "\\", "/", "\n", "\u{1}", "é", "漢", "😀", "\u{7f}", String(repeating: "long ", count: 60),
            ]
            return (0..<random.below(5)).map { _ in parts[random.below(parts.count)] }.joined()
        }
        switch random.below(depth > 4 ? 8 : 10) {
        case 0: return [.null, .bool(true), .bool(false)][random.below(3)]
        case 1: return .integer(Int64(truncatingIfNeeded: random.next()) >> Int64(random.below(64)))
        case 2: return WAMPValue(random.next() >> UInt64(random.below(64)))
        case 3:
            let value = Double(bitPattern: random.next())
            return .double(value.isFinite ? value : 0.5)
        case 4: return .double(Double(random.below(2000) - 1000))
        case 5, 6: return .string(string())
        case 7: return .binary((0..<random.below(400)).map { _ in UInt8(truncatingIfNeeded: random.next()) })
        case 8: return .list((0..<random.below(25)).map { _ in generate(&random, depth: depth + 2) })
        default:
            return .dictionary(
                WAMPDictionary(
                    (0..<random.below(20)).map { _ in
                        WAMPDictionary.Pair(key: string(), value: generate(&random, depth: depth + 2))
                    }))
        }
    }

    @Test("Values go round trip both ways, and come out as msgpack-c packs them", arguments: [41, 42, 43] as [UInt64])
    func roundTrip(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<400 {
            let value = WAMPValue.list([TranscoderTests.generate(&random), TranscoderTests.generate(&random)])
            let json = encode(value, .json)
            let msgpack = encode(value, .msgpack)
            #expect(try transcoded(json, elements: 1, from: .json, to: .msgpack) == msgpack, "seed \(seed)")
            #expect(try transcoded(msgpack, elements: 1, from: .msgpack, to: .json) == json, "seed \(seed)")
            #expect(try decode(json, .json) == value)
            #expect(try decode(msgpack, .msgpack) == value)
        }
    }

    @Test("Integers are exact over Int64 and UInt64, beyond that the nearest double")
    func integers() throws {
        for (json, packed) in [
            ("[0]", "9100"), ("[-0]", "9100"), ("[127]", "917f"), ("[128]", "91cc80"), ("[-32]", "91e0"),
            ("[-33]", "91d0df"),
            ("[-129]", "91d1ff7f"), ("[65536]", "91ce00010000"), ("[9007199254740993]", "91cf0020000000000001"),
            ("[9223372036854775807]", "91cf7fffffffffffffff"), ("[-9223372036854775808]", "91d38000000000000000"),
            ("[18446744073709551615]", "91cfffffffffffffffff"), ("[18446744073709551616]", "91cb43f0000000000000"),
            ("[-9223372036854775809]", "91cbc3e0000000000000"),
        ] {
            #expect(try toMsgPack(json) == hex(packed), "\(json)")
        }
        #expect(try toJSON(hex("91cfffffffffffffffff")) == "[18446744073709551615]")
        #expect(try toJSON(hex("91d38000000000000000")) == "[-9223372036854775808]")
        #expect(try toJSON(hex("92d0ffd200000007")) == "[-1,7]")
    }

    @Test("Floats stay floats with their value")
    func floats() throws {
        for (json, packed) in [
            ("[1.0]", "91cb3ff0000000000000"), ("[1E0]", "91cb3ff0000000000000"), ("[-0.0]", "91cb8000000000000000"),
            ("[0.1]", "91cb3fb999999999999a"), ("[5e-324]", "91cb0000000000000001"),
            ("[1.7976931348623157e308]", "91cb7fefffffffffffff"),
        ] {
            #expect(try toMsgPack(json) == hex(packed), "\(json)")
        }
        #expect(try toJSON(hex("91cb3ff0000000000000")) == "[1.0]")
        #expect(try toJSON(hex("91cb8000000000000000")) == "[-0.0]")
        #expect(try toJSON(hex("91ca3fc00000")) == "[1.5]")
        #expect(try toJSON(hex("91ca3dcccccd")) == "[0.10000000149011612]")
        #expect(try toJSON(hex("93cb7ff8000000000000cb7ff0000000000000caff800000")) == "[null,null,null]")
    }

    @Test("Binaries are base64 behind U+0000, both ways")
    func binaries() throws {
        #expect(
            try toMsgPack(#"["\u0000EOP/kFMHXFJvX8BtT+N82w=="]"#) == hex("91c41010e3ff9053075c526f5fc06d4fe37cdb"))
        #expect(try toMsgPack(#"["\u0000EOP\/kFMHXFJvX8BtT+N82w=="]"#) == hex("91c41010e3ff9053075c526f5fc06d4fe37cdb"))
        #expect(try toMsgPack(#"["\u0000"]"#) == hex("91c400"))
        #expect(try toJSON(hex("91c400")) == #"["\u0000"]"#)
        #expect(try toJSON(hex("91c41010e3ff9053075c526f5fc06d4fe37cdb")) == #"["\u0000EOP/kFMHXFJvX8BtT+N82w=="]"#)
        // As a key, a string from U+0000 on is a string.
        #expect(try toMsgPack(#"{"\u0000AA":1}"#) == hex("81a300414101"))
        for size in [255, 256, 65535, 65536] {
            let value = WAMPValue.list([.binary([UInt8](repeating: 7, count: size)), "x"])
            #expect(try toMsgPack(text(encode(value, .json))) == encode(value, .msgpack))
        }
    }

    @Test("Escapes are resolved, half pairs become U+FFFD")
    func escapes() throws {
        #expect(
            try toMsgPack(#"["\"\\\/\b\f\n\r\t\u0041\u00e9\u20ac\ud83d\ude00"]"#)
                == encode(["\"\\/\u{8}\u{c}\n\r\tAé€😀"], .msgpack))
        #expect(
            try toMsgPack(#"["\ud83dx","\ude00","\ud83d\ud83d\ude00","\ud83d"]"#)
                == encode(["\u{fffd}x", "\u{fffd}", "\u{fffd}😀", "\u{fffd}"], .msgpack))
        #expect(try toJSON(encode(["\u{1f}a\u{7f}/"], .msgpack)) == "[\"\\u001fa\u{7f}/\"]")
    }

    @Test("Order, both elements and white space")
    func structure() throws {
        let packed = try toMsgPack(" [ 1 , { \"b\" : 1 , \"a\" : [ ] } ] , { \"z\" : 1 , \"y\" : 2 } ", elements: 2)
        #expect(packed == hex("92" + "01" + "82a16201a16190" + "82a17a01a17902"))
        #expect(try toJSON(packed, elements: 2) == #"[1,{"b":1,"a":[]}],{"z":1,"y":2}"#)
        #expect(try transcoded([], elements: 0, from: .json, to: .msgpack) == [])
        #expect(try transcoded([], elements: 0, from: .msgpack, to: .json) == [])
    }

    @Test("Integer keys become their digits")
    func integerKeys() throws {
        #expect(
            try toJSON(hex("8301a161d0ffa162cfffffffffffffffffa163"))
                == #"{"1":"a","-1":"b","18446744073709551615":"c"}"#)
    }

    @Test("What has no counterpart is refused")
    func refusals() {
        for packed in [
            "91d40100", "91c70100ff", "81c001", "81c201", "81cb3ff000000000000001", "819001", "91a100", "91a20061",
            "81c4006101",
        ] {
            #expect(throws: WAMPViolation.self) { try toJSON(hex(packed)) }
        }
        for json in [#"["\u0000AA"]"#, #"["\u0000A*=="]"#, #"["\u0000\n"]"#] {
            #expect(throws: WAMPViolation.notConvertible(at: 1)) { try toMsgPack(json) }
        }
    }

    @Test("Containers of every size of head")
    func sizes() throws {
        for count in [0, 15, 16, 65535, 65536] {
            let list = WAMPValue.list([.list([WAMPValue](repeating: 1, count: count)), "end"])
            #expect(try toMsgPack(text(encode(list, .json))) == encode(list, .msgpack))
            #expect(try toJSON(encode(list, .msgpack)) == text(encode(list, .json)))
        }
        let pairs = (0..<70000).map { WAMPDictionary.Pair(key: "k\($0)", value: .integer(Int64($0))) }
        let dictionary = WAMPValue.dictionary(WAMPDictionary(pairs))
        #expect(try toMsgPack(text(encode(dictionary, .json))) == encode(dictionary, .msgpack))
    }

    @Test("As deep as a scan allows, and no deeper")
    func depth() throws {
        let levels = ScanLimit.depth - 1
        let json = String(repeating: "[", count: levels) + String(repeating: "]", count: levels)
        let packed = try toMsgPack(json)
        #expect(try toJSON(packed) == json)
        #expect(throws: WAMPViolation.nestedTooDeeply(at: levels)) { try toMsgPack("[\(json)]") }
        #expect(throws: WAMPViolation.nestedTooDeeply(at: levels)) { try toJSON([0x91] + packed) }
    }
}
