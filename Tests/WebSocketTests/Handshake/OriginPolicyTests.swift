import RennbahnWebSocket
import Testing

@Suite("Origin policy")
struct OriginPolicyTests {
    private func judge(_ origin: String?, _ patterns: String..., null: Bool = true) -> OriginPolicy.Verdict {
        OriginPolicy(patterns: patterns, allowsNull: null).judge(origin)
    }

    @Test("A client that is no browser names no origin and may connect")
    func noOrigin() {
        #expect(OriginPolicy(patterns: [], allowsNull: false).judge(nil) == .allowed)
    }

    private static let noOrigins = [
        "", "a.example", "http://", "http://a.example/page", "http://a.example/", "http://a b", "http://a:99999",
        "http://a:x",
        "http://a?b", "http://a#b", "http://a@b", "*", "http://a.example, http://b.example", "\u{e4}",
    ]

    @Test("The pattern * lets everything in, also what is no origin")
    func any() {
        for origin in ["http://a.example", "https://[::1]:8443", "null", "file:///page.html", "chrome-extension://abc"]
        {
            #expect(OriginPolicy.any.judge(origin) == .allowed, "\(origin)")
        }
        for origin in OriginPolicyTests.noOrigins {
            #expect(OriginPolicy.any.judge(origin) == .allowed, "\(origin)")
            #expect(judge(origin, "http://b.example", "*") == .allowed, "\(origin)")
            #expect(judge(origin, "**", null: false) == .allowed, "\(origin)")
        }
    }

    @Test("What is no origin matches no other pattern, whatever it reads")
    func noneOfThese() {
        for origin in OriginPolicyTests.noOrigins {
            for pattern in [
                "http://a.example", "http://*", "*://*", "*.example", "http://a.example/page", "a.example", "",
            ] {
                #expect(judge(origin, pattern) == .denied, "\(origin) by \(pattern)")
            }
            #expect(judge(origin) == .denied, "\(origin)")
        }
    }

    @Test("The default port may be written or left out, in the pattern and in the origin")
    func defaultPorts() {
        for pattern in ["https://app.example.com", "https://app.example.com:443"] {
            for origin in ["https://app.example.com", "https://app.example.com:443", "HTTPS://App.Example.Com"] {
                #expect(judge(origin, pattern) == .allowed, "\(origin) by \(pattern)")
            }
            for origin in ["https://app.example.com:444", "http://app.example.com", "http://app.example.com:443"] {
                #expect(judge(origin, pattern) == .denied, "\(origin) by \(pattern)")
            }
        }
        #expect(judge("http://a.example", "http://a.example:80") == .allowed)
        #expect(judge("http://localhost:8080", "http://localhost:8080") == .allowed)
        #expect(judge("http://localhost", "http://localhost:8080") == .denied)
    }

    @Test("A star stands for any text, also for the port, and the rest is literal")
    func stars() {
        #expect(judge("https://eu.tavendo.com", "https://*.tavendo.com") == .allowed)
        #expect(judge("https://a.b.tavendo.com:443", "https://*.tavendo.com") == .allowed)
        #expect(judge("https://tavendo.com", "https://*.tavendo.com") == .denied)
        #expect(judge("https://eutavendo.com", "https://*.tavendo.com") == .denied)
        #expect(judge("https://eu.tavendo.com.evil.example", "https://*.tavendo.com") == .denied)
        #expect(judge("https://euxtavendo.com", "https://eu.tavendo.com") == .denied)
        #expect(judge("http://localhost:49152", "http://localhost:*") == .allowed)
        #expect(judge("http://a.example", "https://x.example", "http://a.*") == .allowed)
        #expect(judge("http://a.example") == .denied)
    }

    @Test("Pages without an origin of their own are allowed or not, whatever the patterns say")
    func null() {
        for origin in ["null", "file://"] {
            #expect(judge(origin, "http://a.example", null: true) == .allowed)
            #expect(judge(origin, "*", null: false) == .denied)
        }
    }

    @Test("Many stars take no more than the product of the lengths")
    func hostilePattern() {
        let origin = "http://" + String(repeating: "a", count: 4000) + ".example"
        let pattern = String(repeating: "*a", count: 500) + "*b"
        #expect(judge(origin, pattern) == .denied)
    }
}
