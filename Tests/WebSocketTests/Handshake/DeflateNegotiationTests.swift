import RennbahnWebSocket
import Testing

@Suite("Negotiation of permessage-deflate")
struct DeflateNegotiationTests {
    private func offers(_ text: String) throws -> [DeflateOffer] {
        DeflateOffer.offers(in: try #require(ExtensionOffer.parse([text])))
    }

    private func error(_ parameters: String) -> DeflateError? {
        do {
            guard let elements = ExtensionOffer.parse(["permessage-deflate; " + parameters]) else { return nil }
            _ = try DeflateOffer(elements[0])
            return nil
        } catch {
            return error
        }
    }

    private func answer(_ offer: String, _ policy: DeflatePolicy = DeflatePolicy()) throws -> String? {
        policy.accept(try offers(offer))?.header
    }

    private func check(_ response: String, _ policy: DeflatePolicy) throws(DeflateError) -> DeflateAgreement {
        try policy.check(response: ExtensionOffer.parse([response])![0])
    }

    @Test("Extension lists are read with quoted values, blanks and empty elements")
    func extensionLists() {
        let parsed = ExtensionOffer.parse([" ,foo ; a ;b=1;c = \"x\\y\" , bar,, ", "baz"])
        #expect(
            parsed == [
                ExtensionOffer(
                    name: "foo",
                    parameters: [.init(name: "a"), .init(name: "b", value: "1"), .init(name: "c", value: "xy")]),
                ExtensionOffer(name: "bar"), ExtensionOffer(name: "baz"),
            ])
        #expect(ExtensionOffer.parse([]) == [])
        for text in [
            ";", "a;", "a;b=", "a b", "a;b c", "a;=1", "a;b=\"", "a;b=\"\"", "a;b=\"x y\"", "a;b=\"x,y\"", "a;b=\"x\\",
            "a;b=\"x\"y", "a;;b", "a=b", "ä", "a;b=1=2",
        ] {
            #expect(ExtensionOffer.parse([text]) == nil, "\(text)")
        }
    }

    @Test("An offer is read with all its parameters")
    func offer() throws {
        #expect(try offers("foo; x=1, bar") == [])
        #expect(try offers("permessage-deflate") == [DeflateOffer()])
        var full = DeflateOffer()
        full.serverNoContextTakeover = true
        full.clientNoContextTakeover = true
        full.serverMaxWindowBits = 10
        full.clientMaxWindowBits = .bits(12)
        let text =
            "permessage-deflate; client_max_window_bits=\"12\"; server_max_window_bits=10; "
            + "client_no_context_takeover; server_no_context_takeover"
        #expect(try offers(text) == [full])
        #expect(try offers(full.text) == [full])
        let several = try offers("permessage-deflate; client_max_window_bits, x, permessage-deflate")
        #expect(several.map(\.clientMaxWindowBits) == [.anySize, .absent])
    }

    @Test("Malformed offers are told apart")
    func malformedOffers() {
        for bits in ["7", "16", "0", "08", "+9", "-9", "150", "x"] {
            #expect(error("server_max_window_bits=\(bits)") == .invalidWindowBits(bits))
            #expect(error("client_max_window_bits=\(bits)") == .invalidWindowBits(bits))
        }
        for bits in 8...15 {
            #expect(error("server_max_window_bits=\(bits); client_max_window_bits=\(bits)") == nil)
        }
        #expect(error("server_max_window_bits") == .missingValue("server_max_window_bits"))
        #expect(error("client_max_window_bits") == nil)
        #expect(error("foo") == .unknownParameter("foo"))
        #expect(error("server_no_context_takeover=1") == .unexpectedValue("server_no_context_takeover"))
        #expect(error("client_no_context_takeover=true") == .unexpectedValue("client_no_context_takeover"))
        for twice in ["server_no_context_takeover", "client_no_context_takeover", "client_max_window_bits"] {
            #expect(error("\(twice); \(twice)") == .duplicateParameter(twice))
        }
    }

    @Test("A server announces what it was asked for and what it applies")
    func serverAnswers() throws {
        #expect(try answer("permessage-deflate") == "permessage-deflate")
        #expect(
            try answer("permessage-deflate; server_no_context_takeover; server_max_window_bits=10")
                == "permessage-deflate; server_no_context_takeover; server_max_window_bits=10")
        #expect(
            try answer("permessage-deflate; server_max_window_bits=15")
                == "permessage-deflate; server_max_window_bits=15")
        #expect(
            try answer("permessage-deflate", DeflatePolicy(noContextTakeover: true, maxWindowBits: 11))
                == "permessage-deflate; server_no_context_takeover; server_max_window_bits=11")
        #expect(
            try answer("permessage-deflate; server_max_window_bits=9", DeflatePolicy(maxWindowBits: 11))
                == "permessage-deflate; server_max_window_bits=9")
        #expect(
            try answer("permessage-deflate; server_max_window_bits=13", DeflatePolicy(maxWindowBits: 11))
                == "permessage-deflate; server_max_window_bits=11")
        #expect(
            try answer("permessage-deflate", DeflatePolicy(requestNoContextTakeover: true))
                == "permessage-deflate; client_no_context_takeover")
        #expect(
            try answer("permessage-deflate; client_no_context_takeover")
                == "permessage-deflate; client_no_context_takeover")
    }

    @Test("client_max_window_bits is announced only to a client that offered it")
    func clientWindow() throws {
        let policy = DeflatePolicy(requestMaxWindowBits: 12)
        #expect(try answer("permessage-deflate", policy) == nil)
        #expect(
            try answer("permessage-deflate; client_max_window_bits", policy)
                == "permessage-deflate; client_max_window_bits=12")
        #expect(
            try answer("permessage-deflate; client_max_window_bits=10", policy)
                == "permessage-deflate; client_max_window_bits=10")
        #expect(
            try answer("permessage-deflate; client_max_window_bits=14", policy)
                == "permessage-deflate; client_max_window_bits=12")
        #expect(try answer("permessage-deflate; client_max_window_bits=10") == "permessage-deflate")
        #expect(
            policy.accept(try offers("permessage-deflate; client_max_window_bits"))?.agreement.clientMaxWindowBits == 12
        )
    }

    @Test("The first offer that can be satisfied wins")
    func firstAcceptable() throws {
        #expect(
            try answer("permessage-deflate; server_max_window_bits=8, permessage-deflate; server_max_window_bits=9")
                == "permessage-deflate; server_max_window_bits=9")
        #expect(try answer("permessage-deflate; server_max_window_bits=8") == nil)
        let keeps = DeflatePolicy(noContextTakeover: false)
        #expect(try answer("permessage-deflate; server_no_context_takeover", keeps) == nil)
        #expect(
            try answer("permessage-deflate; server_no_context_takeover, x, permessage-deflate", keeps)
                == "permessage-deflate")
        #expect(try answer("permessage-deflate, permessage-deflate; server_max_window_bits=9") == "permessage-deflate")
        #expect(try answer("permessage-deflate", DeflatePolicy(isEnabled: false)) == nil)
        #expect(try answer("x") == nil)
    }

    @Test("An offer that is not valid is declined as if it were not there: the next one is tried, else there is none")
    func invalidOffers() throws {
        for parameters in [
            "client_max_window_bits=16", "client_max_window_bits=7", "client_max_window_bits=\"16\"",
            "server_max_window_bits", "server_max_window_bits=08", "server_no_context_takeover=1",
            "client_no_context_takeover=1", "unknown", "unknown=1", "Server_No_Context_Takeover",
            "client_max_window_bits; client_max_window_bits", "server_no_context_takeover; server_no_context_takeover",
            "client_max_window_bits; unknown",
        ] {
            let invalid = "permessage-deflate; \(parameters)"
            #expect(try offers(invalid) == [], "\(parameters)")
            #expect(try answer(invalid) == nil, "\(parameters)")
            #expect(
                try answer("\(invalid), permessage-deflate; server_max_window_bits=10")
                    == "permessage-deflate; server_max_window_bits=10", "\(parameters)")
            #expect(try answer("permessage-deflate, \(invalid)") == "permessage-deflate", "\(parameters)")
            #expect(try answer("\(invalid), \(invalid), x") == nil, "\(parameters)")
        }
    }

    @Test("A client offers what its policy says")
    func clientOffers() {
        #expect(DeflatePolicy().offer() == "permessage-deflate; client_max_window_bits")
        let policy = DeflatePolicy(
            noContextTakeover: true, maxWindowBits: 10, requestNoContextTakeover: true, requestMaxWindowBits: 11)
        #expect(
            policy.offer() == "permessage-deflate; server_no_context_takeover; server_max_window_bits=11; "
                + "client_no_context_takeover; client_max_window_bits=10")
    }

    @Test("A client checks the answer against its offer")
    func clientChecks() throws {
        let any = DeflatePolicy()
        #expect(try check("permessage-deflate", any) == DeflateAgreement())
        let full =
            "permessage-deflate; server_no_context_takeover; client_no_context_takeover; server_max_window_bits=9; "
            + "client_max_window_bits=10"
        let agreement = try check(full, any)
        #expect(
            agreement
                == DeflateAgreement(
                    serverNoContextTakeover: true, clientNoContextTakeover: true, serverMaxWindowBits: 9,
                    clientMaxWindowBits: 10))
        #expect(agreement.windowBits(of: .server) == 9 && agreement.windowBits(of: .client) == 10)
        #expect(!agreement.contextTakeover(of: .server) && !agreement.contextTakeover(of: .client))

        let asking = DeflatePolicy(maxWindowBits: 11, requestNoContextTakeover: true, requestMaxWindowBits: 12)
        let granted = "permessage-deflate; server_no_context_takeover; server_max_window_bits="
        #expect(try check(granted + "12", asking).clientMaxWindowBits == 11)
        #expect(try check(granted + "9; client_max_window_bits=15", asking).clientMaxWindowBits == 11)
        for (response, policy, expected) in [
            (granted + "13", asking, DeflateError.notGranted("server_max_window_bits")),
            ("permessage-deflate; server_no_context_takeover", asking, .notGranted("server_max_window_bits")),
            ("permessage-deflate; server_max_window_bits=9", asking, .notGranted("server_no_context_takeover")),
            ("permessage-deflate; client_max_window_bits", any, .missingValue("client_max_window_bits")),
            ("permessage-deflate; client_max_window_bits=8", any, .unsupportedWindowBits),
            ("permessage-deflate; x=1", any, .unknownParameter("x")),
            ("permessage-deflate; server_max_window_bits=16", any, .invalidWindowBits("16")),
        ] {
            #expect(throws: expected, "\(response)") { try check(response, policy) }
        }
    }

    @Test("What a server answers, the client that asked accepts, and both agree")
    func bothEnds() throws {
        let choices: [Int?] = [nil, 9, 12, 15]
        for noTakeover in [nil, true] {
            for own in choices {
                for request in choices {
                    let client = DeflatePolicy(
                        noContextTakeover: noTakeover, maxWindowBits: own, requestNoContextTakeover: own == 9,
                        requestMaxWindowBits: request)
                    for serverRequest in choices {
                        let server = DeflatePolicy(
                            noContextTakeover: noTakeover, maxWindowBits: request, requestNoContextTakeover: own == 12,
                            requestMaxWindowBits: serverRequest)
                        let (agreement, header) = try #require(server.accept(try offers(client.offer())))
                        let seen = try check(header, client)
                        #expect(seen.serverMaxWindowBits == agreement.serverMaxWindowBits)
                        #expect(seen.clientMaxWindowBits <= agreement.clientMaxWindowBits)
                        #expect(seen.serverNoContextTakeover == agreement.serverNoContextTakeover)
                        #expect(seen.clientNoContextTakeover == agreement.clientNoContextTakeover)
                    }
                }
            }
        }
    }
}
