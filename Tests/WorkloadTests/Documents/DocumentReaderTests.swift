import RennbahnBytes
import RennbahnWAMP
import Testing

@testable import RennbahnWorkload

/// What becomes of files.
struct DocumentReaderTests {
    private func documents(_ text: String, in file: String = "a.json") throws -> [WAMPValue] {
        try DocumentSet(name: "set", files: [(file, Array(text.utf8))]).variants
    }

    private func fault(_ octets: [UInt8], in file: String = "a.json") -> String? {
        do throws(DocumentFault) {
            _ = try DocumentSet(name: "set", files: [(file, octets)])
            return nil
        } catch {
            return error.description
        }
    }

    private func fault(_ text: String, in file: String = "a.json") -> String? { fault(Array(text.utf8), in: file) }

    private func nested(_ depth: Int) -> String {
        String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }

    @Test func `A file is a document, or a list of several`() throws {
        #expect(try documents(#" {"b": 1, "a": [1.5, null]} "#) == [["b": 1, "a": [1.5, nil]]])
        #expect(try documents(#"[{"a":1},{"a":2},{}]"#) == [["a": 1], ["a": 2], [:]])
        #expect(try documents("[1,2,3]") == [[1, 2, 3]])
        #expect(try documents(#"[{"a":1}]"#) == [[["a": 1]]])
        #expect(try documents(#"[{"a":1},2]"#) == [[["a": 1], 2]])
        #expect(try documents(#""text""#) == ["text"])
        #expect(try documents("[]") == [[]])
    }

    @Test func `A file of JSON Lines has a document in each line`() throws {
        #expect(try documents("{\"a\":1}\r\n\n [1,2]\n3", in: "a.jsonl") == [["a": 1], [1, 2], 3])
        #expect(fault("{}\n\n{\"a\":\n}", in: "a.jsonl") == "a.jsonl:3:6: the JSON ends too early")
        #expect(fault("{}\n{\"a\":1,\"a\":2}", in: "a.jsonl") == "a.jsonl:2: the key \"a\" occurs twice in one object")
    }

    @Test func `Files follow one another`() throws {
        let set = try DocumentSet(name: "set", files: [("b.json", Array("1".utf8)), ("a.jsonl", Array("2\n3".utf8))])
        #expect(set.variants == [1, 2, 3] && set.name == "set" && set.kind == nil)
    }

    @Test(arguments: ["", "  \n\t\r\n"]) func `A file with nothing in it is told`(text: String) {
        #expect(fault(text) == "a.json: is empty")
        #expect(fault(text, in: "a.jsonl") == "a.jsonl: is empty")
    }

    @Test(arguments: [
        ("{\"a\": 1,\n \"ü\": tru}", "a.json:2:7: not JSON"),
        ("{\"a\": 1} 2", "a.json:1:10: not JSON"),
        ("{\"a\": [1, 2", "a.json:1:12: the JSON ends too early"),
        ("\u{feff}{}", "a.json:1:1: not JSON"),
        ("{a: 1}", "a.json:1:2: not JSON"),
        (
            #"["\u0000no base64"]"#,
            #"a.json:1:2: a string that begins with \u0000 is octets in Base64, and this is not"#
        ),
    ])
    func `What is no JSON is told with its place`(text: String, told: String) {
        #expect(fault(text) == told)
    }

    @Test func `Octets that are not UTF-8 are told with their place`() {
        #expect(fault(Array("{\"a\":\n\"".utf8) + [0xff] + Array("\"}".utf8)) == "a.json:2:2: not UTF-8")
    }

    @Test(arguments: [
        ("18446744073709551616", "a whole number of more than 64 bits, which no serializer keeps"),
        ("-9223372036854775809", "a whole number of more than 64 bits, which no serializer keeps"),
        ("1e309", "a number too large for double precision"),
        ("-1e309", "a number too large for double precision"),
        ("0.001e-400", "a number too small for double precision"),
    ])
    func `A number that would read as another one is refused`(number: String, why: String) {
        #expect(fault("{\"s\": \"\\\\\\\" 1e999\",\n\"n\": [1, \(number)]}") == "a.json:2:10: \(why)")
    }

    @Test func `A number that is kept is taken, a fraction as the nearest double`() throws {
        #expect(
            try documents(
                "[18446744073709551615, -9223372036854775808, 0e-999, 0.0, 1e308, 0.1, 3.14159265358979323846]")
                == [[.unsigned(.max), .integer(.min), 0.0, 0.0, 1e308, 0.1, .double(.pi)]])
    }

    @Test func `Escapes are what they stand for`() throws {
        #expect(try documents(#"["\u00e9\n\"\\\/ 😀", "\u0000AQI="]"#) == [["é\n\"\\/ 😀", .binary([1, 2])]])
    }

    @Test func `A key that occurs twice is told with the path to its object`() {
        #expect(
            fault(#"{"a":{"b":[1,{"c":1,"d":2,"c":1}]}}"#)
                == "a.json: the key \"c\" occurs twice in one object at /a/b/1")
        #expect(fault(#"[{"a":1},{"a":1,"a":1}]"#) == "a.json: the key \"a\" occurs twice in one object at /1")
        #expect(fault(#"{"a":1,"\u0061":1}"#) == "a.json: the key \"a\" occurs twice in one object")
        #expect(fault("{\"é\":1,\"e\u{301}\":1}") == nil)
    }

    @Test func `Documents are nested so deeply that they can be compared in both serializers, and no deeper`() throws {
        let deepest = try documents(nested(30))
        for serializer in Serializer.allCases {
            let continuations = Continuations(
                DocumentSet(name: "deep", variants: deepest), serializer: serializer, closing: "]")
            let values = try arguments(continuations, serializer)
            #expect(values == [""] + deepest)
        }
        #expect(fault(nested(31)) == "a.json: is nested deeper than 30 levels")
        #expect(fault("[{},{\"a\":\(nested(30))}]") == "a.json: is nested deeper than 30 levels at /1")
        #expect(fault(nested(200)) == "a.json:1:129: is nested deeper than 30 levels")
    }

    /// Of a message whose stamped text is empty.
    private func arguments(_ continuations: borrowing Continuations, _ serializer: Serializer) throws -> [WAMPValue] {
        var buffer = ByteBuffer()
        switch serializer {
        case .json: buffer.append("[\"")
        case .msgpack: for octet in [0x92, 0xa0] as [UInt8] { buffer.append(octet) }
        }
        continuations.append(of: Stamp(sender: 0, sequence: 0, sentAt: 0), to: &buffer)
        return try PayloadValues(Payload(serializer: serializer, elements: 1), buffer.span).arguments
    }
}
