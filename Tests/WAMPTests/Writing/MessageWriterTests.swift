import RennbahnBytes
import RennbahnTestKit
import RennbahnWAMP
import Testing

@Suite("Messages written") struct MessageWriterTests {
    static let json = Payload(serializer: .json, elements: 2)

    /// `["x",1],{"k":null}` in either serializer.
    static func payload(_ serializer: Serializer) throws -> (Payload, [UInt8]) {
        let values = PayloadValues(arguments: ["x", 1], keywords: ["k": nil])
        var output = ByteBuffer()
        let payload = values.encode(serializer, into: &output)
        #expect(payload == Payload(serializer: serializer, elements: 2))
        return (payload, output.span.copied())
    }

    /// Compares a message with JSON text: byte by byte, or what msgpack-c packs of the same value.
    func expect(_ bytes: [UInt8], _ json: String, _ serializer: Serializer) throws {
        #expect(bytes == (try message(json, serializer)), "\(json)")
    }

    @Test("A router's messages are what the specification lays out", arguments: Serializer.allCases)
    func router(serializer: Serializer) throws {
        let (payload, bytes) = try MessageWriterTests.payload(serializer)
        let rest = #"["x",1],{"k":null}]"#
        let error = utf8("com.e")
        try expect(
            written {
                MessageWriter.welcome(serializer, session: 9_007_199_254_740_992, details: ["a": [1]], into: &$0)
            },
            #"[2,9007199254740992,{"a":[1]}]"#, serializer)
        try expect(
            written { MessageWriter.challenge(serializer, method: utf8("ticket").span, extra: [:], into: &$0) },
            #"[4,"ticket",{}]"#, serializer)
        try expect(
            written { MessageWriter.error(serializer, code: .publish, request: 7, error: "wamp.error.x", into: &$0) },
            #"[8,16,7,{},"wamp.error.x"]"#, serializer)
        try expect(
            written {
                MessageWriter.error(
                    serializer, code: .call, request: 7, error: error.span, payload: payload, bytes.span, into: &$0)
            }, #"[8,48,7,{},"com.e","# + rest, serializer)
        try expect(
            written {
                MessageWriter.callError(
                    serializer, request: 300, error: error.span, payload: payload, bytes.span, into: &$0)
            }, #"[8,48,300,{},"com.e","# + rest, serializer)
        try expect(
            written { MessageWriter.published(serializer, request: 1, publication: 70000, into: &$0) },
            "[17,1,70000]", serializer)
        try expect(
            written { MessageWriter.subscribed(serializer, request: 1, subscription: 200, into: &$0) }, "[33,1,200]",
            serializer)
        try expect(
            written { MessageWriter.registered(serializer, request: 1, registration: 2, into: &$0) }, "[65,1,2]",
            serializer)
        try expect(written { MessageWriter.unsubscribed(serializer, request: 128, into: &$0) }, "[35,128]", serializer)
        try expect(written { MessageWriter.unregistered(serializer, request: 1, into: &$0) }, "[67,1]", serializer)
        try expect(
            written {
                MessageWriter.event(
                    serializer, subscription: 1, publication: 5_000_000_000, payload: payload, bytes.span, into: &$0)
            }, "[36,1,5000000000,{}," + rest, serializer)
        try expect(
            written {
                MessageWriter.invocation(
                    serializer, request: 1, registration: 2, payload: payload, bytes.span, into: &$0)
            }, "[68,1,2,{}," + rest, serializer)
        try expect(
            written { MessageWriter.result(serializer, request: 1, payload: payload, bytes.span, into: &$0) },
            "[50,1,{}," + rest, serializer)
    }

    @Test("Matched by a pattern, EVENT tells the topic and INVOCATION the procedure", arguments: Serializer.allCases)
    func patterns(serializer: Serializer) throws {
        let (payload, bytes) = try MessageWriterTests.payload(serializer)
        let uri = utf8("com.\"é\"")
        try expect(
            written {
                MessageWriter.event(
                    serializer, subscription: 1, publication: 2, topic: uri.span, payload: payload, bytes.span,
                    into: &$0)
            }, #"[36,1,2,{"topic":"com.\"é\""},["x",1],{"k":null}]"#, serializer)
        try expect(
            written {
                MessageWriter.invocation(
                    serializer, request: 1, registration: 2, procedure: uri.span, payload: .none(serializer), Span(),
                    into: &$0)
            }, #"[68,1,2,{"procedure":"com.\"é\""}]"#, serializer)
    }

    @Test("EVENT tells how many were left out, behind the topic where it tells that", arguments: Serializer.allCases)
    func dropped(serializer: Serializer) throws {
        let (payload, bytes) = try MessageWriterTests.payload(serializer)
        let uri = utf8("com.\"é\"")
        for (topic, details) in [
            ([], #"{"x_dropped":70000}"#), (uri, #"{"topic":"com.\"é\"","x_dropped":70000}"#),
        ] as [([UInt8], String)] {
            try expect(
                written {
                    MessageWriter.event(
                        serializer, subscription: 1, publication: 2, topic: topic.span, dropped: 70000,
                        payload: payload, bytes.span, into: &$0)
                }, #"[36,1,2,\#(details),["x",1],{"k":null}]"#, serializer)
            try expect(
                written {
                    MessageWriter.event(
                        serializer, subscription: 1, publication: 2, topic: topic.span, dropped: 70000,
                        payload: .none(serializer), Span(), into: &$0)
                }, #"[36,1,2,\#(details)]"#, serializer)
        }
    }

    @Test("A client's messages are what the specification lays out", arguments: Serializer.allCases)
    func client(serializer: Serializer) throws {
        let (payload, bytes) = try MessageWriterTests.payload(serializer)
        let rest = #"["x",1],{"k":null}]"#
        let uri = utf8("com.u")
        let none: [UInt8] = []
        let details = HelloDetails(roles: [.caller, .publisher], authMethods: ["anonymous"], agent: "a").value
        try expect(
            written { MessageWriter.hello(serializer, realm: uri.span, details: details, into: &$0) },
            #"[1,"com.u",{"agent":"a","roles":{"publisher":{},"caller":{}},"authmethods":["anonymous"]}]"#, serializer)
        try expect(
            written { MessageWriter.authenticate(serializer, signature: uri.span, extra: [:], into: &$0) },
            #"[5,"com.u",{}]"#, serializer)
        for (acknowledge, excludeMe, options) in [
            (false, true, "{}"), (true, true, #"{"acknowledge":true}"#), (false, false, #"{"exclude_me":false}"#),
            (true, false, #"{"acknowledge":true,"exclude_me":false}"#),
        ] {
            let bytes = written {
                MessageWriter.publish(
                    serializer, request: 4, acknowledge: acknowledge, excludeMe: excludeMe, topic: uri.span,
                    payload: payload, bytes.span, into: &$0)
            }
            try expect(bytes, #"[16,4,\#(options),"com.u","# + rest, serializer)
        }
        try expect(
            written { MessageWriter.subscribe(serializer, request: 4, topic: uri.span, into: &$0) },
            #"[32,4,{},"com.u"]"#, serializer)
        try expect(
            written { MessageWriter.register(serializer, request: 4, match: .prefix, procedure: uri.span, into: &$0) },
            #"[64,4,{"match":"prefix"},"com.u"]"#, serializer)
        try expect(
            written { MessageWriter.unsubscribe(serializer, request: 4, subscription: 5, into: &$0) }, "[34,4,5]",
            serializer)
        try expect(
            written { MessageWriter.unregister(serializer, request: 4, registration: 5, into: &$0) }, "[66,4,5]",
            serializer)
        try expect(
            written {
                MessageWriter.call(
                    serializer, request: 4, procedure: uri.span, payload: payload, bytes.span, into: &$0)
            }, #"[48,4,{},"com.u","# + rest, serializer)
        try expect(
            written { MessageWriter.cancel(serializer, request: 4, mode: .skip, into: &$0) },
            #"[49,4,{"mode":"skip"}]"#, serializer)
        try expect(
            written { MessageWriter.yield(serializer, request: 4, payload: .none(serializer), none.span, into: &$0) },
            "[70,4,{}]", serializer)
        try expect(
            written {
                MessageWriter.invocationError(
                    serializer, request: 4, error: uri.span, payload: payload, bytes.span, into: &$0)
            }, #"[8,68,4,{},"com.u","# + rest, serializer)
    }

    @Test("ABORT and GOODBYE have exactly three elements", arguments: Serializer.allCases)
    func farewells(serializer: Serializer) throws {
        try expect(
            written { MessageWriter.abort(serializer, reason: "wamp.error.x", message: "no \"realm\"", into: &$0) },
            #"[3,{"message":"no \"realm\""},"wamp.error.x"]"#, serializer)
        try expect(
            written { MessageWriter.abort(serializer, reason: "wamp.error.x", into: &$0) }, #"[3,{},"wamp.error.x"]"#,
            serializer)
        try expect(
            written { MessageWriter.goodbye(serializer, reason: "wamp.close.x", into: &$0) },
            #"[6,{},"wamp.close.x"]"#, serializer)
    }

    @Test("URIs are escaped in JSON and stand as they are in MsgPack")
    func escaping() throws {
        let topic = "a\"b\\c\u{1}\u{1f}\n\té😀"
        for serializer in Serializer.allCases {
            let bytes = written { MessageWriter.subscribe(serializer, request: 1, topic: utf8(topic).span, into: &$0) }
            let scanned = try scanClient(bytes, serializer)
            #expect(scanned.uri.string(in: bytes.span) == topic)
        }
    }
}
