import RennbahnBytes
import RennbahnTestKit
import RennbahnWAMP
import Testing

@Suite("Values") struct ValueTests {
    @Test("JSON is read and written without loss")
    func json() throws {
        for source in [
            "null", "true", "[]", "{}", "9223372036854775807", "18446744073709551615", "-9223372036854775808", "1.0",
            "0.1", "-0.0", "1e+300", "\"\"", #""\u0000AAEC""#, #"{"b":1,"a":[1,2.5,{"c":null}]}"#, #""é😀\n""#,
        ] {
            #expect(text(encode(try WAMPTests.json(source), .json)) == source)
        }
        #expect(try WAMPTests.json(" [1 , 2] ") == [1, 2])
        #expect(try WAMPTests.json("1.0") == .double(1))
        #expect(try WAMPTests.json("1") == .integer(1))
        #expect(text(encode(.double(.nan), .json)) == "null")
    }

    @Test("Malformed values are refused", arguments: Serializer.allCases)
    func malformed(serializer: Serializer) {
        let sources: [[UInt8]] =
            serializer == .json
            ? ["", "[", "1 2", "nul", "[1,]", "\u{0}"].map(utf8)
            : ["", "92", "0101", "c1", "a2ff", "ddffffffff", "dfffffffff01"].map(hex)
        for source in sources {
            #expect(throws: WAMPViolation.self, "\(source)") { try decode(source, serializer) }
        }
    }

    @Test("MsgPack goes as deep as msgpack-c does")
    func depth() throws {
        func nested(_ levels: Int) -> [UInt8] { [UInt8](repeating: 0x91, count: levels) + [1] }
        #expect(try decode(nested(30), .msgpack)[0] != nil)
        #expect(throws: WAMPViolation.nestedTooDeeply(at: 0)) { try decode(nested(60), .msgpack) }
        #expect(throws: WAMPViolation.nestedTooDeeply(at: 0)) { try decode(nested(ScanLimit.depth), .msgpack) }
        for levels in [ScanLimit.depth + 1, 100_000] {
            #expect(throws: WAMPViolation.nestedTooDeeply(at: ScanLimit.depth)) { try decode(nested(levels), .msgpack) }
        }
    }

    @Test("Accessors answer for their own type alone")
    func accessors() throws {
        let value: WAMPValue = ["n": 5, "s": "x", "d": 2.5, "l": [true, nil], "s2": "a"]
        #expect(value["n"]?.integerValue == 5 && value["n"]?.naturalValue == 5 && value["d"]?.naturalValue == nil)
        #expect(value["s"]?.stringValue == "x" && value["s"]?.integerValue == nil)
        #expect(value["l"]?[0] == true && value["l"]?[1]?.isNull == true && value["l"]?[2] == nil)
        #expect(value["none"] == nil && WAMPValue.null["n"] == nil)
        #expect(WAMPValue.integer(-1).naturalValue == nil && WAMPValue(UInt64.max).naturalValue == .max)
        var dictionary: WAMPDictionary = ["a": 1, "a": 2]
        #expect(dictionary["a"] == 2)
        dictionary["b"] = 3
        dictionary["a"] = nil
        #expect(dictionary == ["b": 3])
    }

    @Test("HELLO details are read with their types")
    func helloDetails() throws {
        let details = try HelloDetails(
            WAMPTests.json(
                #"{"roles":{"caller":{"features":{}},"x_other":1,"callee":{}},"authmethods":["ticket","anonymous"],"#
                    + #""authid":"peter","agent":"a/1","more":1}"#))
        #expect(details.roles == [.caller, .callee])
        #expect(details.authMethods == ["ticket", "anonymous"])
        #expect(details.authID == "peter" && details.agent == "a/1")
        #expect(try HelloDetails(details.value) == details)
        let sparse = try HelloDetails(WAMPTests.json(#"{"roles":{"publisher":{}},"authid":null}"#))
        #expect(sparse == HelloDetails(roles: .publisher))
        for wrong in [
            "{}", #"{"roles":{}}"#, #"{"roles":[]}"#, #"{"roles":{"broker":{}}}"#, #"{"roles":{"caller":1}}"#,
            #"{"roles":{"caller":{}},"authid":5}"#, #"{"roles":{"caller":{}},"authmethods":"ticket"}"#,
            #"{"roles":{"caller":{}},"authmethods":[1]}"#, #"{"roles":{"caller":{}},"agent":{}}"#,
        ] {
            #expect(throws: WAMPViolation.wrongOption(.hello), "\(wrong)") { try HelloDetails(WAMPTests.json(wrong)) }
        }
        #expect(throws: WAMPViolation.wrongElement(.hello, index: 2)) { try HelloDetails([1]) }
    }

    @Test("Payloads are read and written as values", arguments: Serializer.allCases)
    func payloads(serializer: Serializer) throws {
        for values in [
            PayloadValues(), PayloadValues(arguments: [1, "x", .binary([1])]), PayloadValues(keywords: ["k": [nil]]),
            PayloadValues(arguments: [[:]], keywords: ["k": 1.5]),
        ] {
            var output = ByteBuffer()
            let payload = values.encode(serializer, into: &output)
            #expect(try PayloadValues(payload, output.span) == values)
        }
    }
}
