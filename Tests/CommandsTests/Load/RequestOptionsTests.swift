import ArgumentParser
import RennbahnLoadGenerator
import RennbahnMeasurement
import RennbahnWebSocket
import Testing

@testable import RennbahnCommands

/// What the options of `rennbahn load` put into the requests that open connections.
struct RequestOptionsTests {
    private func configuration(_ words: [String], url: String = "ws://127.0.0.1:9/") throws -> LoadConfiguration {
        try LoadOptions.parse(["--url", url] + words).configuration()
    }

    private func problems(_ words: [String], url: String = "ws://127.0.0.1:9/") throws -> [String] {
        let failure = #expect(throws: Failure.self) { _ = try configuration(words, url: url) }
        #expect(failure?.status == .usage)
        return failure.map { $0.line.split(separator: "\nrennbahn: ").map(String.init) } ?? []
    }

    private func fields(_ words: [String], url: String = "ws://127.0.0.1:9/") throws -> [String] {
        try configuration(words, url: url).fields.map { "\($0.name): \($0.value)" }
    }

    @Test func `Headers, origin, cookies and the user of the URL stand in the request`() throws {
        #expect(try fields([]) == [])
        #expect(
            try fields(
                [
                    "--header", "X-A: 1", "--header", "X-A: 2", "--origin", "https://a", "--cookie", "a=b", "--cookie",
                    "c=d",
                ], url: "ws://joe:ge%3Ah%40eim@127.0.0.1:9/")
                == [
                    "X-A: 1", "X-A: 2", "Origin: https://a", "Cookie: a=b; c=d",
                    "Authorization: Basic am9lOmdlOmhAZWlt",
                ])
        #expect(try fields(["--origin", "https://a"], url: "ws+unix:/a@b.sock:/ws") == ["Origin: https://a"])
    }

    @Test(arguments: [
        ("ws://joe:secret@h:9/ws?x=a@b", "ws://h:9/ws?x=a@b", "Basic am9lOnNlY3JldA=="),
        ("wss://joe@[::1]", "wss://[::1]", "Basic am9lOg=="), ("WS://j:p@q@h", "WS://h", "Basic ajpwQHE="),
        ("ws://j:p:q@h", "ws://h", "Basic ajpwOnE="),
    ])
    func `The user leaves the URL, which no message and no result has then`(
        url: String, plain: String, authorization: String
    ) throws {
        let user = try URLUser(splitting: url)
        #expect(user.url == plain && user.field?.value == authorization && user.field?.name == "Authorization")
        let target = try configuration([], url: url).target
        #expect(target.url == plain)
        let rest = String(plain.drop { $0 != "/" }.dropFirst(2))
        #expect(URLUser.hidden(in: url).hasSuffix("://***@\(rest)"))
    }

    @Test(arguments: ["ws://h/", "ws://h/a@b", "ws+unix:/a@b:/", "http://a@b", "nonsense@", ""])
    func `What has no user is as it is`(url: String) throws {
        let user = try URLUser(splitting: url)
        #expect(user.url == url && user.field == nil)
    }

    @Test(arguments: ["ws://:secret@h/", "ws://@h/", "ws://j%3A:secret@h/", "ws://j%0A:secret@h/", "ws://j:secret%@h/"])
    func `A user that Basic authentication has no room for is refused, and not shown`(url: String) throws {
        let found = try problems([], url: url)
        #expect(found.count == 1 && found[0].hasPrefix("--url ws://***@h/: ") && !found[0].contains("secret"))
    }

    @Test func `A URL that is wrong is told without its user`() throws {
        for url in ["ws://joe:secret@h:0/", "ws://joe:sec/ret@h/"] {
            let found = try problems([], url: url)
            #expect(found.count == 1 && !found[0].contains("sec") && found[0].hasPrefix("--url ws://***@h"), "\(found)")
        }
        let found = try problems(["--receiver-url", "ws://joe:secret@h/"])
        #expect(found == ["--receiver-url ws://***@h/: a user name (@) is not supported"])
    }

    @Test func `What no request may have is refused, all at once, and no value is shown`() throws {
        let found = try problems([
            "--header", "Host: secret", "--header", "sec-websocket-key: secret", "--header", "secret", "--header",
            "a b: secret", "--header", "a: b\r\nsecret: c", "--origin", "secret\n", "--cookie", "a=secret b",
        ])
        let options = Array(repeating: "--header", count: 5) + ["--origin", "--cookie"]
        #expect(found.map { String($0.prefix { $0 != ":" }) } == options)
        #expect(!found.joined().contains("secret:") && !found.joined().contains("secret b"))
        #expect(found[0] == "--header: Host is said by the opening handshake itself")
    }

    @Test func `What a request says once is not said twice`() throws {
        #expect(
            try problems(["--header", "Cookie: a=b", "--cookie", "c=d", "--header", "origin: x", "--origin", "y"])
                == ["--origin: Origin has been said by --header", "--cookie: Cookie has been said by --header"])
        #expect(
            try problems(["--header", "authorization: Bearer x"], url: "ws://joe@h/")
                == ["--url: Authorization has been said by --header"])
        #expect(
            try problems(["--header", "User-Agent: a", "--header", "user-agent: b"])
                == ["--header: user-agent has been said by --header"])
    }

    @Test func `A user in a RawSocket URL is refused`() throws {
        #expect(
            try problems([], url: "rs://joe:secret@127.0.0.1:9")
                == ["--url: RawSocket has no request that says who its user is"])
    }
}
