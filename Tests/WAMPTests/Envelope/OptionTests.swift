import RennbahnTestKit
import RennbahnWAMP
import Testing

@Suite("Options") struct OptionTests {
    /// Values of each type, and the names of the types that take them.
    static let values: [(json: String, types: Set<String>)] = [
        ("true", ["bool"]), ("false", ["bool"]), ("0", ["natural"]), ("1", ["natural", "id"]), ("-1", []), ("1.0", []),
        ("9007199254740993", ["natural"]), ("null", []), ("\"\"", ["text"]), ("\"exact\"", ["text", "match"]),
        ("\"prefix\"", ["text", "match"]), ("\"Exact\"", ["text"]), ("\"first\"", ["text", "invoke"]),
        ("\"single\"", ["text", "invoke"]), ("\"kill\"", ["text", "mode"]), ("\"x_any\"", ["text", "algorithm"]),
        ("\"mqtt\"", ["text", "algorithm"]), ("[]", ["ids", "texts", "hops"]), ("[1,2]", ["ids"]), ("[0]", []),
        ("[1,\"a\"]", []), ("[\"a\",\"b\"]", ["texts"]), ("[{}]", ["hops"]), ("[{},1]", []), ("{}", []),
        ("[true]", []), ("[null]", []),
    ]

    static let known: [(message: String, code: MessageCode, keys: [(String, String)])] = [
        (
            #"[16,1,OPTIONS,"t"]"#, .publish,
            [
                ("acknowledge", "bool"), ("exclude_me", "bool"), ("disclose_me", "bool"), ("retain", "bool"),
                ("exclude", "ids"), ("eligible", "ids"), ("exclude_authid", "texts"), ("exclude_authrole", "texts"),
                ("eligible_authid", "texts"), ("eligible_authrole", "texts"), ("forward_for", "hops"),
                ("enc_algo", "algorithm"), ("ppt_scheme", "text"), ("transaction_hash", "text"), ("rkey", "text"),
            ]
        ),
        (
            #"[32,1,OPTIONS,"t"]"#, .subscribe,
            [("match", "match"), ("get_retained", "bool"), ("forward_for", "hops"), ("nkey", "text")]
        ),
        (
            #"[64,1,OPTIONS,"p"]"#, .register,
            [
                ("match", "match"), ("invoke", "invoke"), ("disclose_caller", "bool"), ("concurrency", "natural"),
                ("force_reregister", "bool"), ("forward_timeout", "bool"),
            ]
        ),
        (
            #"[48,1,OPTIONS,"p"]"#, .call,
            [
                ("timeout", "natural"), ("receive_progress", "bool"), ("disclose_me", "bool"), ("progress", "bool"),
                ("runmode", "text"),
            ]
        ),
        ("[70,1,OPTIONS]", .yield, [("progress", "bool"), ("ppt_cipher", "text")]),
        ("[49,1,OPTIONS]", .cancel, [("mode", "mode")]),
        (#"[8,68,1,OPTIONS,"e"]"#, .error, [("enc_serializer", "text"), ("forward_for", "hops")]),
    ]

    @Test("A known key must have a value of its type", arguments: Serializer.allCases)
    func knownKeys(serializer: Serializer) throws {
        for (source, code, keys) in OptionTests.known {
            for (key, type) in keys {
                for (value, types) in OptionTests.values {
                    let options = "{\"other\":[{}],\"\(key)\":\(value),\"more\":null}"
                    let bytes = try message(source.replacing("OPTIONS", with: options), serializer)
                    let expected: WAMPViolation? = types.contains(type) ? nil : .wrongOption(code)
                    #expect(clientViolation(bytes, serializer) == expected, "\(code) \(options)")
                }
            }
        }
    }

    @Test("A PUBLISH that names receivers says so, whatever the list holds", arguments: Serializer.allCases)
    func restrictedReceivers(serializer: Serializer) throws {
        let lists = [("exclude", "[1]"), ("eligible", "[2]")].map { ($0.0, [$0.1, "[]"]) }
        let names = ["exclude_authid", "exclude_authrole", "eligible_authid", "eligible_authrole"].map {
            ($0, [#"["a"]"#, "[]"])
        }
        for (key, values) in lists + names {
            for value in values {
                let options = #"{"acknowledge":true,"\#(key)":\#(value),"exclude_me":false}"#
                let bytes = try message(#"[16,1,OPTIONS,"t"]"#.replacing("OPTIONS", with: options), serializer)
                let expected = PublishOptions(acknowledge: true, excludeMe: false, restrictsReceivers: true)
                #expect(try scanClient(bytes, serializer).message == .publish(request: 1, options: expected))
            }
        }
    }

    @Test("A list of receivers counts however its key is spelled, and whatever comes behind it")
    func escapedReceivers() throws {
        let options = [
            #"{"\u0065ligible":[1]}"#, #"{"\u0065\u006c\u0069\u0067\u0069\u0062\u006c\u0065":[1]}"#,
            #"{"exclude_\u0061uthrole":["a"]}"#, #"{"eligible":[1],"x":{"eligible":[]},"acknowledge":false}"#,
        ]
        for options in options {
            let scanned = try scanClient(Array(#"[16,1,\#(options),"t"]"#.utf8), .json)
            #expect(
                scanned.message == .publish(request: 1, options: PublishOptions(restrictsReceivers: true)), "\(options)"
            )
        }
    }

    @Test("A REGISTER says how its procedure is to be invoked", arguments: Serializer.allCases)
    func invocationPolicy(serializer: Serializer) throws {
        for policy in InvocationPolicy.allCases {
            let bytes = try message(#"[64,1,{"match":"prefix","invoke":"\#(policy.name)"},"p"]"#, serializer)
            let options = RegisterOptions(match: .prefix, invoke: policy)
            #expect(try scanClient(bytes, serializer).message == .register(request: 1, options: options))
        }
    }

    @Test("A SUBSCRIBE says what becomes of its events while it is slow", arguments: Serializer.allCases)
    func slowPolicy(serializer: Serializer) throws {
        for (options, slow) in [
            (#"{"match":"prefix"}"#, .queue), (#"{"match":"prefix","x_slow":"drop"}"#, .drop),
            (#"{"x_slow":"latest","match":"prefix"}"#, .latest),
            (#"{"match":"prefix","x_slow":1,"x_slow":"drop"}"#, .drop),
            (#"{"match":"prefix","x_slow":"drop","x_slow":"other"}"#, nil),
        ] as [(String, SlowPolicy?)] {
            let bytes = try message(#"[32,1,OPTIONS,"t"]"#.replacing("OPTIONS", with: options), serializer)
            let expected = MatchOptions(match: .prefix, slow: slow)
            #expect(
                try scanClient(bytes, serializer).message == .subscribe(request: 1, options: expected), "\(options)")
        }
    }

    @Test("Any other value of it is noted, and ends no session", arguments: Serializer.allCases)
    func unknownSlowPolicy(serializer: Serializer) throws {
        let long = String(repeating: "drop", count: 20)
        let names = ["\"queue\"", "\"Drop\"", "\"drop \"", "\"\"", "\"\(long)\""]
        for value in OptionTests.values.map(\.json) + names {
            let options = #"{"x_slow":VALUE}"#.replacing("VALUE", with: value)
            let bytes = try message(#"[32,1,OPTIONS,"t"]"#.replacing("OPTIONS", with: options), serializer)
            #expect(
                try scanClient(bytes, serializer).message == .subscribe(request: 1, options: MatchOptions(slow: nil)),
                "\(options)")
        }
    }

    @Test("It counts however it is spelled")
    func escapedSlowPolicy() throws {
        let long = String(repeating: #"\u0064"#, count: 40)
        for (options, slow) in [
            (#"{"x_slow":"\u0064rop"}"#, .drop), (#"{"\u0078_slow":"l\u0061test"}"#, .latest),
            (#"{"x_slow":"\#(long)"}"#, nil), (#"{"x_slow":"dr\u00f6p"}"#, nil),
        ] as [(String, SlowPolicy?)] {
            let scanned = try scanClient(Array(#"[32,1,\#(options),"t"]"#.utf8), .json)
            #expect(scanned.message == .subscribe(request: 1, options: MatchOptions(slow: slow)), "\(options)")
        }
    }

    @Test("Unknown keys, and keys that another message knows, are passed over", arguments: Serializer.allCases)
    func unknownKeys(serializer: Serializer) throws {
        for options in [#"{"acknowledge":1,"_x":{"match":5}}"#, #"{"":[[],{"a":[1.5,"x"]}]}"#] {
            let bytes = try message(#"[48,1,OPTIONS,"p"]"#.replacing("OPTIONS", with: options), serializer)
            #expect(try scanClient(bytes, serializer).message == .call(request: 1))
        }
    }

    @Test("Keys of options must be strings")
    func keyTypes() {
        #expect(clientViolation(hex("941001" + "810101" + "a174"), .msgpack) == .malformed(at: 4))
        #expect(clientViolation(#"[16,1,{1:1},"t"]"#) == .malformed(at: 7))
    }
}
