import RennbahnBytes
import RennbahnTestKit
import RennbahnWAMP
import Testing

@Suite("Messages of routers") struct RouterMessageTests {
    struct Sample: Sendable, CustomTestStringConvertible {
        var json: String
        var message: RouterMessage
        var uri = ""
        var elements: UInt8 = 0
        var testDescription: String { json }
    }

    static let samples: [Sample] = [
        Sample(json: #"[2,9129137332,{"roles":{"broker":{}}}]"#, message: .welcome(session: 9_129_137_332)),
        Sample(json: #"[3,{},"wamp.error.no_such_realm"]"#, message: .abort, uri: "wamp.error.no_such_realm"),
        Sample(json: #"[4,"wampcra",{"challenge":"{}"}]"#, message: .challenge, uri: "wampcra"),
        Sample(json: #"[6,{},"wamp.close.goodbye_and_out"]"#, message: .goodbye, uri: "wamp.close.goodbye_and_out"),
        Sample(json: #"[8,16,3,{},"e.x"]"#, message: .error(code: .publish, request: 3), uri: "e.x"),
        Sample(json: #"[8,32,3,{},"e.x"]"#, message: .error(code: .subscribe, request: 3), uri: "e.x"),
        Sample(json: #"[8,34,3,{},"e.x"]"#, message: .error(code: .unsubscribe, request: 3), uri: "e.x"),
        Sample(json: #"[8,48,3,{},"e.x",[1]]"#, message: .error(code: .call, request: 3), uri: "e.x", elements: 1),
        Sample(json: #"[8,64,3,{},"e.x"]"#, message: .error(code: .register, request: 3), uri: "e.x"),
        Sample(json: #"[8,66,3,{},"e.x"]"#, message: .error(code: .unregister, request: 3), uri: "e.x"),
        Sample(json: "[17,1,2]", message: .published(request: 1, publication: 2)),
        Sample(json: "[33,1,2]", message: .subscribed(request: 1, subscription: 2)),
        Sample(json: "[35,1]", message: .unsubscribed(request: 1)),
        Sample(json: #"[35,0,{"subscription":7}]"#, message: .unsubscribed(request: 0)),
        Sample(json: "[36,1,2,{}]", message: .event(subscription: 1, publication: 2)),
        Sample(
            json: #"[36,1,2,{"publisher":5,"retained":true},["x"],{"y":1}]"#,
            message: .event(subscription: 1, publication: 2), elements: 2),
        Sample(json: "[50,1,{},[2]]", message: .result(request: 1), elements: 1),
        Sample(json: "[65,1,2]", message: .registered(request: 1, registration: 2)),
        Sample(json: "[67,1]", message: .unregistered(request: 1)),
        Sample(json: "[67,0,{}]", message: .unregistered(request: 0)),
        Sample(json: "[68,1,2,{}]", message: .invocation(request: 1, registration: 2)),
        Sample(json: #"[69,1,{"mode":"killnowait"}]"#, message: .interrupt(request: 1)),
    ]

    @Test("Every type is read in both serializers", arguments: samples, Serializer.allCases)
    func everyType(sample: Sample, serializer: Serializer) throws {
        let bytes = try message(sample.json, serializer)
        let scanned = try scanRouter(bytes, serializer)
        #expect(scanned.message == sample.message)
        #expect(text(bytes.slice(scanned.uri.range)) == sample.uri)
        #expect(scanned.payload == Payload(serializer: serializer, elements: sample.elements))
    }

    /// What routers write without blanks is read at once where it is as usual, and element by element otherwise.
    @Test("A blank between the elements changes nothing", arguments: samples)
    func blank(sample: Sample) throws {
        let bytes = utf8("[ " + sample.json.dropFirst())
        let scanned = try scanRouter(bytes, .json)
        #expect(scanned.message == sample.message)
        #expect(text(bytes.slice(scanned.uri.range)) == sample.uri)
    }

    @Test("Clients' messages are refused, by name", arguments: Serializer.allCases)
    func direction(serializer: Serializer) throws {
        for code in MessageCode.allCases where code.sender == .client {
            let bytes = try message("[\(code.rawValue),1,{},\"u\"]", serializer)
            #expect(routerViolation(bytes, serializer) == .wrongDirection(code))
        }
    }

    @Test("ERROR must name a request that can fail")
    func requestType() {
        for type in [68, 70, 1, 49, 8, 999] {
            #expect(routerViolation(utf8(#"[8,\#(type),3,{},"e"]"#)) == .wrongRequestType)
        }
    }

    @Test("A revocation needs its details, a plain answer must have none")
    func revocation() {
        #expect(routerViolation(utf8("[35,0]")) == .wrongLength(.unsubscribed))
        #expect(routerViolation(utf8("[35,1,{}]")) == .wrongLength(.unsubscribed))
        #expect(routerViolation(utf8("[67,0,1]")) == .wrongElement(.unregistered, index: 2))
    }
}
