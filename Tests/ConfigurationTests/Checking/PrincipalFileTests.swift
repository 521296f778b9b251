import RennbahnConfiguration
import Testing

/// Files of principals, which `rennbahn load` has its clients log in as.
@Suite struct PrincipalFileTests {
    private func problems(_ text: String) -> [String] {
        do throws(Problems) {
            _ = try PrincipalFile.read(text)
            return []
        } catch {
            return error.all.map { $0.line(file: "p.yaml") }
        }
    }

    private static let key = String(repeating: "07", count: 32)

    @Test func `Every method has the keys that components have, and a certificate or a cookie`() throws {
        let text = """
            - ticket: {authid: joe, ticket: open sesame}
            - wampcra: {authid: ann, secret: "${SECRET}"}
            - scram: {authid: joe, password: pencil}
            - cryptosign: {privkey: "\(Self.key)"}
            - {cryptosign: {authid: joe, privkey: "${KEY}"}, ticket: {authid: joe, ticket: t}}
            - tls: {}
            - tls: {certificate: a.pem, key: a.key}
            - cookie: {cookie: cbtid=abc}
            - anonymous: {}
            - anonymous: {authid: joe}
            """
        let principals = try PrincipalFile.read(text)
        #expect(principals.count == 10)
        #expect(principals[4].entries.map(\.key) == ["cryptosign", "ticket"])
        #expect(principals[5][Keys.LoadPrincipal.tls] != nil && principals[5][Keys.LoadPrincipal.cookie] == nil)
        let tls = try #require(principals[6][Keys.LoadPrincipal.tls])
        #expect(tls[Keys.PrincipalTLS.certificate] == "a.pem" && tls[Keys.PrincipalTLS.key] == "a.key")
        let cookie = try #require(principals[7][Keys.LoadPrincipal.cookie])
        #expect(cookie[Keys.PrincipalCookie.cookie].text == "cbtid=abc")
    }

    @Test func `JSON is read as YAML is`() throws {
        #expect(try PrincipalFile.read(#"[{"ticket": {"authid": "joe", "ticket": "t"}}]"#).count == 1)
    }

    @Test func `Everything that is wrong is told at once, at its place`() {
        let found = problems(
            """
            - ticket: {ticket: t}
            - tickets: {authid: joe, ticket: t}
            - wampcra: {authid: joe, secret: s, salt: x}
            - {}
            - cryptosign: {privkey: 07}
            - {ticket: {authid: joe, ticket: t}, scram: {authid: ann, password: p}}
            - joe
            """)
        let starts = [
            "p.yaml:1:11: [0].ticket.authid: missing;",
            "p.yaml:2:3: [1].tickets: unknown key; did you mean \"ticket\"?",
            "p.yaml:3:37: [2].wampcra.salt: unknown key",
            "p.yaml:4:3: [3]: no method; expected one or several of anonymous",
            "p.yaml:5:25: [4].cryptosign.privkey: found a ",
            "p.yaml:6:54: [5].scram.authid: found \"ann\" beside \"joe\"",
            "p.yaml:7:3: [6]: found \"joe\"; allowed: a mapping",
        ]
        #expect(found.count == starts.count, "\(found)")
        for (line, start) in zip(found, starts) { #expect(line.hasPrefix(start), "\(line)") }
    }

    /// Who writes a principal as it is said, and not as files have it, has the secret in the place of a mapping.
    @Test(arguments: [
        "- {authid: joe, ticket: geheim}", "- {method: wampcra, authid: joe, wampcra: geheim}", "- scram: geheim",
        "- cryptosign: geheim", "- cookie: geheim", "- ticket: {authid: joe, ticket: [geheim]}",
        "- cryptosign: {privkey: geheim}", "- cookie: {cookie: {geheim: geheim}}",
    ])
    func `No problem shows a secret`(text: String) {
        let found = problems(text)
        #expect(!found.isEmpty && !found.joined().contains("geheim"), "\(found)")
    }

    @Test func `What is no list of principals is refused`() {
        #expect(problems("[]") == ["p.yaml:1:1: found an empty list; allowed: a list of at least 1, each a mapping"])
        #expect(problems("ticket: {authid: joe, ticket: t}").count == 1)
        #expect(problems("").count == 1 && problems("- ticket: [").count == 1)
    }

    @Test func `A file may have tens of thousands of principals`() throws {
        let line = "- ticket: {authid: somebody, ticket: something}\n"
        #expect(try PrincipalFile.read(String(repeating: line, count: 15_000)).count == 15_000)
        #expect(problems(String(repeating: line, count: 400_000)).count == 1)
    }
}
