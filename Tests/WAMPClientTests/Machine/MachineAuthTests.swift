import RennbahnAuthentication
import RennbahnBytes
import RennbahnCrypto
import RennbahnWAMP
import Testing

@testable import WAMPClient

/// A session whose router asks for proof.
struct MachineAuthTests {
    private func machine(_ credentials: [WAMPCredential]) throws -> Machine {
        try Machine(credentials.map(\.credential))
    }

    private static let ticket = WAMPCredential.ticket("open sesame", authID: "joe")
    private static let scram = WAMPCredential.scram(password: "pencil", authID: "joe")

    private static let failed = ClientEffect.sent(
        #"[3,{"message":"the client does not go on with this authentication"},"wamp.error.authentication_failed"]"#)

    @Test func `HELLO offers what there is`() throws {
        var machine = try machine([MachineAuthTests.ticket, .anonymous()])
        let hello = try #require(machine.connect().first?.json)
        #expect(hello.hasSuffix(#""authmethods":["ticket","anonymous"],"authid":"joe"}]"#))
    }

    @Test func `CHALLENGE is answered, and the timer goes on until WELCOME`() throws {
        var machine = try machine([MachineAuthTests.ticket])
        _ = machine.connect()
        #expect(machine.receive(#"[4,"ticket",{}]"#) == [.sent(#"[5,"open sesame",{}]"#)])
        #expect(machine.session.phase == .joining)
        #expect(
            machine.receive("[2,99,{}]") == [
                .stopTimer(.opening), .complete(.join, .success(.joined(session: 99))),
            ])
    }

    @Test func `A ticket that is refused is an ABORT like any other`() throws {
        var machine = try machine([MachineAuthTests.ticket])
        _ = machine.connect()
        _ = machine.receive(#"[4,"ticket",{}]"#)
        #expect(
            machine.receive(#"[3,{"message":"no"},"wamp.error.not_authorized"]"#) == [
                .failed(.join, WAMPError(.aborted, uri: "wamp.error.not_authorized", message: "no")), .close(.normal),
            ])
    }

    @Test(arguments: [
        #"[4,"wampcra",{"challenge":"c"}]"#, #"[4,"",{}]"#, #"[4,"anonymous",{}]"#, #"[4,"scram",{}]"#,
    ])
    func `A challenge that cannot be answered ends the session with an error of its own`(challenge: String) throws {
        var machine = try machine([MachineAuthTests.ticket, MachineAuthTests.scram, .anonymous()])
        _ = machine.connect()
        let effects = machine.receive(challenge)
        #expect(effects.first == MachineAuthTests.failed && effects.last == .close(.normal))
        #expect(machine.session.end?.code == .authenticationFailed)
    }

    @Test func `A second challenge is not answered`() throws {
        var machine = try machine([MachineAuthTests.ticket])
        _ = machine.connect()
        _ = machine.receive(#"[4,"ticket",{}]"#)
        #expect(machine.receive(#"[4,"ticket",{}]"#).first == MachineAuthTests.failed)
    }

    @Test(arguments: [true, false])
    func `A router that does not know the password is refused at its WELCOME`(knows: Bool) throws {
        var machine = try machine([MachineAuthTests.scram])
        _ = machine.connect()
        let nonce = "AAECAwQFBgcICQoLDA0OD/8="
        let proof = machine.receive(
            #"[4,"scram",{"nonce":"\#(nonce)","kdf":"pbkdf2","salt":"AQID","iterations":4096}]"#)
        #expect(proof.first?.json?.wholeMatch(of: /\[5,"[A-Za-z0-9+\/]{43}=",\{\}\]/) != nil)
        let salted = try #require(
            SHA256.derive(
                from: Array((knows ? "pencil" : "pencils").utf8), salt: [1, 2, 3], iterations: 4096, count: 32))
        let key = SHA256.hmac(key: salted, Array("Server Key".utf8))
        let message = "n=joe,r=AAECAwQFBgcICQoLDA0ODw==,r=\(nonce),s=AQID,i=4096,c=,r=\(nonce)"
        let signature = Base64.encode(SHA256.hmac(key: key, Array(message.utf8)))
        let effects = machine.receive(#"[2,99,{"authextra":{"scram_server_signature":"\#(signature)"}}]"#)
        if knows {
            #expect(machine.session.phase == .established(session: 99))
        } else {
            #expect(effects.first == MachineAuthTests.failed && effects.last == .close(.normal))
            #expect(machine.session.end?.code == .authenticationFailed)
        }
    }

    @Test func `Credentials show no secret, and bad ones are the caller's mistake`() async {
        var configuration = WAMPClientConfiguration(url: "ws://127.0.0.1:9/", realm: "realm1")
        configuration.credentials = [MachineAuthTests.ticket]
        var text = "\(configuration) \(String(reflecting: configuration))"
        dump(configuration, to: &text)
        #expect(text.contains("ticket as joe") && !text.contains("sesame"))
        for credentials in [
            [MachineAuthTests.ticket, .wampcra(secret: "s", authID: "ann")], [.cryptosign(privateKey: [1, 2, 3])],
            [MachineAuthTests.ticket, MachineAuthTests.ticket],
        ] {
            configuration.credentials = credentials
            let error = await #expect(throws: WAMPError.self) { try await WAMPSession.connect(configuration) }
            #expect(error?.code == .usage)
        }
    }
}
