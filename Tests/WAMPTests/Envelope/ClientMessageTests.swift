import RennbahnBytes
import RennbahnTestKit
import RennbahnWAMP
import Testing

@Suite("Messages of clients") struct ClientMessageTests {
    struct Sample: Sendable, CustomTestStringConvertible {
        var json: String
        var message: ClientMessage
        var uri = ""
        var elements: UInt8 = 0
        var payload = ""
        var testDescription: String { json }
    }

    static let samples: [Sample] = [
        Sample(json: #"[1,"realm1",{"roles":{"caller":{}}}]"#, message: .hello, uri: "realm1"),
        Sample(json: #"[1,null,{"roles":{"caller":{}}}]"#, message: .hello),
        Sample(json: #"[3,{"message":"tired"},"wamp.close.normal"]"#, message: .abort, uri: "wamp.close.normal"),
        Sample(json: #"[3,{},"a.b",[1],{"x":2}]"#, message: .abort, uri: "a.b", elements: 2, payload: #"[1],{"x":2}"#),
        Sample(json: #"[5,"gir1mSx+deCDUV7FgLvs=",{}]"#, message: .authenticate, uri: "gir1mSx+deCDUV7FgLvs="),
        Sample(json: #"[6,{},"wamp.close.normal"]"#, message: .goodbye, uri: "wamp.close.normal"),
        Sample(json: #"[8,68,7,{},"com.e"]"#, message: .invocationError(request: 7), uri: "com.e"),
        Sample(
            json: #"[8,68,7,{},"com.e",["no"],{"why":"x"}]"#, message: .invocationError(request: 7), uri: "com.e",
            elements: 2, payload: #"["no"],{"why":"x"}"#),
        Sample(json: #"[16,1,{},"t"]"#, message: .publish(request: 1, options: PublishOptions()), uri: "t"),
        Sample(
            json: #"[16,9007199254740992,{"acknowledge":true,"exclude_me":false},"t.é",[]]"#,
            message: .publish(
                request: 9_007_199_254_740_992, options: PublishOptions(acknowledge: true, excludeMe: false)),
            uri: "t.é", elements: 1, payload: "[]"),
        Sample(
            json: #"[16,300,{"acknowledge":false},"t",[1,"zwei",[3.5]],{"k":{"l":null}}]"#,
            message: .publish(request: 300, options: PublishOptions()), uri: "t", elements: 2,
            payload: #"[1,"zwei",[3.5]],{"k":{"l":null}}"#),
        Sample(json: #"[32,2,{},"t"]"#, message: .subscribe(request: 2, options: MatchOptions()), uri: "t"),
        Sample(
            json: #"[32,2,{"match":"prefix"},"t"]"#,
            message: .subscribe(request: 2, options: MatchOptions(match: .prefix)), uri: "t"),
        Sample(json: "[34,3,70000]", message: .unsubscribe(request: 3, subscription: 70000)),
        Sample(json: #"[34,3,4,{"forward_for":[]}]"#, message: .unsubscribe(request: 3, subscription: 4)),
        Sample(json: #"[48,5,{},"p"]"#, message: .call(request: 5), uri: "p"),
        Sample(
            json: #"[48,5,{"timeout":0,"receive_progress":true,"disclose_me":false},"p",[1]]"#,
            message: .call(request: 5), uri: "p", elements: 1, payload: "[1]"),
        Sample(json: "[49,5,{}]", message: .cancel(request: 5, mode: .killNoWait)),
        Sample(json: #"[49,5,{"mode":"skip"}]"#, message: .cancel(request: 5, mode: .skip)),
        Sample(json: #"[49,5,{"mode":"kill"}]"#, message: .cancel(request: 5, mode: .kill)),
        Sample(json: #"[49,5,{"mode":"killnowait"}]"#, message: .cancel(request: 5, mode: .killNoWait)),
        Sample(
            json: #"[64,6,{"match":"wildcard","invoke":"roundrobin"},"a..b"]"#,
            message: .register(request: 6, options: RegisterOptions(match: .wildcard, invoke: .roundRobin)),
            uri: "a..b"),
        Sample(json: "[66,7,8]", message: .unregister(request: 7, registration: 8)),
        Sample(json: "[66,7,8,{}]", message: .unregister(request: 7, registration: 8)),
        Sample(json: "[70,9,{}]", message: .yield(request: 9)),
        Sample(
            json: #"[70,9,{"progress":true},[],{"a":1}]"#, message: .yield(request: 9), elements: 2,
            payload: #"[],{"a":1}"#),
    ]

    @Test("Every type is read in both serializers", arguments: samples, Serializer.allCases)
    func everyType(sample: Sample, serializer: Serializer) throws {
        let bytes = try message(sample.json, serializer)
        let scanned = try scanClient(bytes, serializer)
        #expect(scanned.message == sample.message)
        #expect(text(bytes.slice(scanned.uri.range)) == sample.uri)
        #expect(scanned.payload == Payload(serializer: serializer, elements: sample.elements))
        let payload = bytes.slice(scanned.payloadRange)
        let plain =
            serializer == .json
            ? payload : try transcoded(payload, elements: sample.elements, from: .msgpack, to: .json)
        #expect(text(plain) == sample.payload)
    }

    @Test("Options and details are found where they stand", arguments: Serializer.allCases)
    func optionsRange(serializer: Serializer) throws {
        let bytes = try message(#"[16,1,{"acknowledge":true,"_custom":[1]},"t",[2]]"#, serializer)
        let scanned = try scanClient(bytes, serializer)
        let options = try decode(bytes.slice(scanned.options), serializer)
        #expect(options == ["acknowledge": true, "_custom": [1]])
        let bare = try scanClient(try message("[34,1,2]", serializer), serializer)
        #expect(bare.options.isEmpty)
    }

    @Test("White space may stand between all elements, and belongs to no payload")
    func whiteSpace() throws {
        let source =
            " \t\r\n[ 16 , 7 ,\n{ \"acknowledge\" : true , \"x\" : [ ] } , \"t\" , [ 1 , 2 ] , { \"a\" : 1 } ] \n"
        let bytes = utf8(source)
        let scanned = try scanClient(bytes, .json)
        #expect(scanned.message == .publish(request: 7, options: PublishOptions(acknowledge: true)))
        #expect(text(bytes.slice(scanned.payloadRange)) == "[ 1 , 2 ] , { \"a\" : 1 }")
    }

    @Test("An escaped URI is marked and reads as what it means")
    func escapedURI() throws {
        let bytes = utf8(#"[32,1,{},"com.caf\u00e9.\ud83d\ude00\/\"\\"]"#)
        let scanned = try scanClient(bytes, .json)
        #expect(scanned.uri.escaped)
        #expect(scanned.uri.string(in: bytes.span) == "com.café.😀/\"\\")
        #expect(try !scanClient(utf8(#"[32,1,{},"com.plain"]"#), .json).uri.escaped)
    }

    @Test("Escaped option keys and values mean the same as plain ones")
    func escapedOptions() throws {
        let publish = try scanClient(utf8(#"[16,1,{"\u0061cknowledge":true},"t"]"#), .json)
        #expect(publish.message == .publish(request: 1, options: PublishOptions(acknowledge: true)))
        let subscribe = try scanClient(utf8(#"[32,1,{"m\u0061tch":"pr\u0065fix"},"t"]"#), .json)
        #expect(subscribe.message == .subscribe(request: 1, options: MatchOptions(match: .prefix)))
        #expect(clientViolation(#"[16,1,{"\u0061cknowledge":1},"t"]"#) == .wrongOption(.publish))
        let long = String(repeating: #"\u0061"#, count: 40)
        #expect(clientViolation("[16,1,{\"\(long)\":1},\"t\"]") == nil)
    }

    @Test("Of a key that occurs twice the last counts", arguments: Serializer.allCases)
    func duplicateKeys(serializer: Serializer) throws {
        let bytes = try message(#"[16,1,{"acknowledge":true,"acknowledge":false},"t"]"#, serializer)
        #expect(try scanClient(bytes, serializer).message == .publish(request: 1, options: PublishOptions()))
    }

    @Test("A binary or a string may stand for Args when the options announce it", arguments: Serializer.allCases)
    func payloadTransparency(serializer: Serializer) throws {
        for options in [#"{"enc_algo":"cryptobox"}"#, #"{"ppt_scheme":"x_own"}"#] {
            let bytes = try message(#"[16,1,\#(options),"t","\u0000AAEC"]"#, serializer)
            let scanned = try scanClient(bytes, serializer)
            #expect(scanned.payload.elements == 1)
            let values = try PayloadValues(scanned.payload, bytes.slice(scanned.payloadRange).span)
            #expect(values.arguments == [.binary([0, 1, 2])])
            let tooLong = try message(#"[16,1,\#(options),"t","\u0000AAEC",{}]"#, serializer)
            #expect(clientViolation(tooLong, serializer) == .wrongLength(.publish))
        }
        let unannounced = try message(#"[16,1,{},"t","\u0000AAEC"]"#, serializer)
        #expect(clientViolation(unannounced, serializer) == .wrongElement(.publish, index: 4))
    }

    @Test("Ids may be packed in any integer format of MsgPack")
    func integerFormats() throws {
        for id in [
            "07", "cc07", "cd0007", "ce00000007", "cf0000000000000007", "d007", "d10007", "d200000007",
            "d30000000000000007",
        ] {
            let bytes = hex("9410" + id + "80a174")
            #expect(try scanClient(bytes, .msgpack).message == .publish(request: 7, options: PublishOptions()))
        }
    }
}
