import ArgumentParser
import Foundation
import RennbahnAuthentication
import RennbahnLoadGenerator
import RennbahnMeasurement
import RennbahnWebSocket
import Testing

@testable import RennbahnCommands

/// Whom the options of `rennbahn load`, and files, have clients log in as.
final class LoginOptionsTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "rennbahn-\(UUID().uuidString)")

    init() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    private func file(_ name: String, _ text: String) throws -> String {
        let place = folder.appending(path: name)
        try text.write(to: place, atomically: true, encoding: .utf8)
        return place.path
    }

    private func configuration(_ words: [String], url: String = "ws://127.0.0.1:9/") throws -> LoadConfiguration {
        try LoadOptions.parse(["--url", url] + words).configuration()
    }

    /// The lines of a failure.
    private func problems(_ words: [String], url: String = "ws://127.0.0.1:9/") throws -> [String] {
        let failure = #expect(throws: Failure.self) { _ = try configuration(words, url: url) }
        #expect(failure?.status == .usage)
        return failure.map { $0.line.components(separatedBy: "\nrennbahn: ") } ?? []
    }

    private static let digits = String(repeating: "07", count: 32)

    @Test(
        arguments: [
            ([], []), (["--authmethod", "anonymous"], ["anonymous"]),
            (["--authmethod", "anonymous", "--authid", "joe"], ["anonymous"]),
            (["--authid", "joe", "--ticket", "t"], ["ticket"]), (["--authid", "joe", "--secret", "t"], ["wampcra"]),
            (["--authid", "joe", "--password", "t"], ["scram"]), (["--privkey", digits], ["cryptosign"]),
            (["--authmethod", "cryptosign", "--privkey", digits], ["cryptosign"]),
            (["--authmethod", "cookie", "--cookie", "a=b"], ["cookie"]),
        ] as [([String], [String])])
    func `The secret that is given says the method`(words: [String], methods: [String]) throws {
        let principals = try configuration(words).principals
        #expect(principals.flatMap(\.methods).map(\.rawValue) == methods)
    }

    @Test func `What a method needs, and what is none, is told`() throws {
        #expect(try problems(["--authmethod", "ticket", "--authid", "joe"]) == ["--authmethod ticket: needs --ticket"])
        #expect(try problems(["--authmethod", "cookie"]) == ["--authmethod cookie: needs --cookie"])
        #expect(
            try problems(["--authmethod", "tls"]) == [
                "--authmethod tls: needs a wss or rss URL and --tls-certificate"
            ])
        #expect(
            try problems(["--authmethod", "kerberos"]) == [
                "--authmethod: kerberos is not one of anonymous, cookie, cryptosign, scram, ticket, tls, wampcra"
            ])
        #expect(try problems(["--privkey", "0707"]) == ["--privkey: no private key of 64 hexadecimal digits"])
        #expect(try problems(["--authid", "joe", "--ticket", ""]) == ["--ticket: is empty"])
        #expect(
            try problems(["--authid", "joe", "--ticket", "${RENNBAHN_NO_SUCH_VARIABLE}"]) == [
                "--ticket: the environment variable RENNBAHN_NO_SUCH_VARIABLE is not set"
            ])
        let missing = try problems(["--authid", "joe", "--secret", "@\(folder.path)/none"])
        #expect(missing.count == 1 && missing[0].hasPrefix("--secret: \(folder.path)/none: "))
    }

    @Test func `A secret is itself, or what a file or an environment variable holds`() throws {
        #expect(try SecretText.read("open sesame") == "open sesame")
        #expect(try SecretText.read("@" + file("ticket", "open sesame\n")) == "open sesame")
        #expect(try SecretText.read("@" + file("windows", "open sesame\r\n")) == "open sesame")
        #expect(try SecretText.read("@" + file("two", "open\nsesame\n\n")) == "open\nsesame\n")
        #expect(try SecretText.read("${PATH}") == ProcessInfo.processInfo.environment["PATH"])
        #expect(try SecretText.read("$PATH") == "$PATH" && SecretText.read("{PATH}") == "{PATH}")
        for text in ["@" + (try file("empty", "\n")), "@", "@\(folder.path)", "@/dev/zero"] {
            #expect(throws: (any Error).self) { try SecretText.read(text) }
        }
        #expect(try SecretText.lines("@" + file("lines", "a: b\r\n\nc: d\n")) == ["a: b", "c: d"])
    }

    @Test func `A private key is hexadecimal digits, or a file of them, of octets, or of Crossbar.io's`() throws {
        let key = [UInt8](repeating: 7, count: 32)
        #expect(try SecretText.privateKey(Self.digits) == key)
        #expect(try SecretText.privateKey("@" + file("hex", Self.digits + "\n")) == key)
        #expect(try SecretText.privateKey("@" + file("raw", String(repeating: "\u{7}", count: 32))) == key)
        let tagged = "Crossbar.io node private key - KEEP THIS SAFE!\n\ncreator: joe@example\npublic-key-ed25519: 00\n"
        let path = try file("tagged", "\(tagged)private-key-ed25519: \(Self.digits)\n")
        #expect(try SecretText.privateKey("@" + path) == key)
        for text in ["07", String(repeating: "g", count: 64), Self.digits + "07"] {
            #expect(throws: SecretText.Unreadable.self) { try SecretText.privateKey(text) }
            let path = try file("bad", text)
            #expect(throws: SecretText.Unreadable.self) { try SecretText.privateKey("@" + path) }
        }
    }

    @Test func `A file has principals in its order, with their cookies`() throws {
        let path = try file(
            "principals.yaml",
            """
            - ticket: {authid: joe, ticket: "${PATH}"}
            - {cryptosign: {privkey: "\(Self.digits)"}, wampcra: {authid: ann, secret: geheim}}
            - cookie: {cookie: cbtid=abc}
            - anonymous: {}
            """)
        let configuration = try configuration(["--principals", path, "--cookie", "a=b"])
        let methods = configuration.principals.map { $0.methods.map(\.rawValue) }
        #expect(methods == [["ticket"], ["cryptosign", "wampcra"], ["cookie"], ["anonymous"]])
        #expect(configuration.principals.map { $0.fields.map(\.value) } == [[], [], ["a=b; cbtid=abc"], []])
        #expect(configuration.fields.map(\.value) == ["a=b"])
        #expect(configuration.authMethods == ["anonymous", "cookie", "cryptosign", "ticket", "wampcra"])
    }

    @Test func `Everything that is wrong with a file is told at once, at its place and without secrets`() throws {
        let path = try file(
            "principals.json",
            """
            [{"ticket": {"authid": "joe", "ticket": "${RENNBAHN_NO_SUCH_VARIABLE}"}},
             {"tls": {}},
             {"cookie": {"cookie": "geheim"}},
             {"tls": {"certificate": "a.pem"}}]
            """)
        let found = try problems(["--principals", path])
        let cookie =
            "method cookie: expected name=value, without spaces, quotes, commas, semicolons and backslashes in either"
        let lines = [
            "\(path):1:41: [0].ticket.ticket: the environment variable RENNBAHN_NO_SUCH_VARIABLE is not set",
            "\(path):2:2: [1]: method tls: needs a wss or rss URL",
            "\(path):3:2: [2]: \(cookie)", "\(path):4:2: [3]: method tls: needs a wss or rss URL",
        ]
        #expect(found == lines)
        let secure = try problems(["--principals", path], url: "wss://127.0.0.1:9/")
        let needed = "needs certificate and key, or --tls-certificate for all"
        #expect(secure.contains("\(path):2:2: [1]: method tls: \(needed)"))
        #expect(secure.contains("\(path):4:2: [3]: method tls: certificate and key go together"))
        let syntax = try file("broken.yaml", "- ticket: [geheim")
        let broken = try problems(["--principals", syntax])
        #expect(broken.allSatisfy { $0.hasPrefix("\(syntax):") && !$0.contains("geheim") })
    }

    @Test func `Over RawSocket there is no cookie, and no header`() throws {
        let path = try file("principals.yaml", "- cookie: {cookie: a=b}")
        let found = try problems(["--principals", path, "--origin", "https://a"], url: "rs://127.0.0.1:9")
        #expect(
            found == [
                "--header, --origin and --cookie: RawSocket has no request that says them",
                "\(path):1:3: [0]: method cookie is of WebSocket: RawSocket has no request that could hold one",
            ])
    }

    /// Secrets, names and where a file is are nobody's to read in results.
    @Test(
        arguments: [
            (["load", "--url", "ws://u:p@h/", "--ticket", "t"], ["load", "--url", "ws://***@h/", "--ticket", "***"]),
            (["--url=ws://h/a@b", "--secret=s"], ["--url=ws://h/a@b", "--secret=***"]),
            (["--receiver-url", "wss://u@h:1"], ["--receiver-url", "wss://***@h:1"]),
            (["--url", "ws://u:p/q@h/"], ["--url", "ws://***@h/"]),
            (["--password", "${P}", "--privkey", "@/a/b/c"], ["--password", "${P}", "--privkey", "@c"]),
            (["--authid", "joe", "--clients", "5"], ["--authid", "***", "--clients", "5"]),
            (["--header", "A: b: c", "--cookie", "d=e"], ["--header", "A: ***", "--cookie", "d=***"]),
            (["--header=A: b=c", "--header", "geheim"], ["--header=A: ***", "--header", "***"]),
            (["--ticket"], ["--ticket"]), (["", "--json"], ["", "--json"]),
        ] as [([String], [String])])
    func `Results have a command line without secrets`(words: [String], shown: [String]) {
        #expect(HiddenArguments.hide(words) == shown)
    }
}
