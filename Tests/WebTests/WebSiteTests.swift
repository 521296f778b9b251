import RennbahnBytes
import RennbahnWeb
import RennbahnWebSocket
import Testing

@Suite struct WebSiteTests {
    private static let site = WebSite(services: [
        "config": .value(JSONValue(text: "{\"a\":1}")),
        "info": .nodeInfo(NodeInfo(release: "Rennbahn <1>", started: 0, processID: 42)),
        "old": .redirect("https://example.com/new"),
    ])

    private func answer(_ site: WebSite, _ target: String, method: String = "GET") throws -> WebResponse? {
        switch site.outcome(of: try request(target, method: method), peer: "127.0.0.1:9") {
        case .answer(let response): response
        case .look: nil
        case nil: nil
        }
    }

    @Test func `a value is JSON for pages of all origins`() throws {
        let response = try #require(try answer(WebSiteTests.site, "/config"))
        #expect(response.status == .ok && response.text == "{\"a\":1}")
        #expect(response["Content-Type"] == "application/json; charset=utf-8")
        #expect(response["Access-Control-Allow-Origin"] == "*" && response["Cache-Control"] == nil)
        #expect(try answer(WebSiteTests.site, "/config/x")?.status == .notFound)
        #expect(try answer(WebSiteTests.site, "/config/%")?.status == .notFound)
    }

    @Test func `text that stands in a page ends neither a tag nor a quotation`() {
        #expect(
            WebResponse.escaped("<a href=\"x\" title='y'>é & z</a>")
                == "&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;é &amp; z&lt;/a&gt;")
        // Neither do those that are one character with an accent.
        #expect(WebResponse.escaped("<\u{338}\"\u{301}'\u{301}") == "&lt;\u{338}&quot;\u{301}&#39;\u{301}")
    }

    @Test func `options of a value are kept`() throws {
        let value = JSONValue(text: "1", allowsCrossOrigin: false, discouragesCaching: true)
        let response = try #require(try answer(WebSite(services: ["v": .value(value)]), "/v"))
        #expect(response["Access-Control-Allow-Origin"] == nil)
        #expect(response["Cache-Control"] == "no-store, no-cache, must-revalidate, max-age=0")
    }

    @Test func `the node's page tells of release, start, process and peer`() throws {
        let response = try #require(try answer(WebSiteTests.site, "/info/whatever"))
        for part in ["Rennbahn &lt;1&gt;", "Thu, 01 Jan 1970 00:00:00 GMT", "42", "127.0.0.1:9"] {
            #expect(response.text.contains(part), "\(part)")
        }
        #expect(response["Cache-Control"] == "no-store")
    }

    @Test func `a redirect names the other place`() throws {
        let response = try #require(try answer(WebSiteTests.site, "/old/x?y"))
        #expect(response.status == .found && response["Location"] == "https://example.com/new")
    }

    @Test func `the root is for paths without a service, if there is one`() throws {
        #expect(try answer(WebSiteTests.site, "/") == nil)
        #expect(try answer(WebSiteTests.site, "/other") == nil)
        var site = WebSiteTests.site
        site.services["/"] = .redirect("/there")
        #expect(try answer(site, "/")?["Location"] == "/there")
        #expect(try answer(site, "/other/x")?["Location"] == "/there")
        #expect(try answer(site, "/config")?.status == .ok)
    }

    @Test(arguments: ["POST", "PUT", "DELETE", "OPTIONS", "get", "PROPFIND"])
    func `what is not to be read is told what is`(method: String) throws {
        let response = try #require(try answer(WebSiteTests.site, "/config", method: method))
        #expect(response.status == .methodNotAllowed && response["Allow"] == "GET, HEAD")
    }

    @Test(arguments: [
        ("GET", [], true), ("HEAD", [], true), ("GET", ["Connection: keep-alive"], true),
        ("GET", ["Connection: Close"], false), ("GET", ["Connection: x, close"], false),
        ("POST", ["Content-Length: 5"], false), ("POST", ["Content-Length: 0"], true),
        ("GET", ["Transfer-Encoding: chunked"], false),
    ])
    func `a further request may follow unless the client or a body says no`(
        method: String, fields: [String], keepsAlive: Bool
    ) throws {
        #expect(
            try request("/", method: method, fields.joined(separator: "\r\n") + (fields.isEmpty ? "X: y" : ""))
                .keepsAlive == keepsAlive)
    }

    @Test(arguments: [
        "GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.0\r\nHost: a b\r\n\r\n", "GET / HTTP/0.9\r\nHost: a\r\n\r\n", "GET * HTTP/1.1\r\nHost: a\r\n\r\n",
    ])
    func `what is no request of HTTP 1 is refused`(text: String) throws {
        let head = try UpgradeRequest.readHead(Array(text.utf8).span)
        #expect(throws: UpgradeRefusal.self) { try WebRequest(head) }
    }

    @Test(arguments: ["", "Host: a\r\n", "Host: a\r\nConnection: keep-alive\r\n"])
    func `a request of HTTP 1 dot 0 needs no Host, and is the last of its connection`(fields: String) throws {
        let head = try UpgradeRequest.readHead(Array("HEAD /a HTTP/1.0\r\n\(fields)\r\n".utf8).span)
        let request = try WebRequest(head)
        #expect(request.method == .head && request.target == "/a" && !request.keepsAlive)
    }

    @Test func `a head says all that the answer is`() throws {
        let response = try #require(try answer(WebSiteTests.site, "/config"))
        var output = ByteBuffer()
        response.appendHead(
            .init(date: 784_111_777, server: "Rennbahn", strictTransportSecurity: 7, isLast: true), to: &output)
        #expect(
            String(decoding: output.span.copied(), as: UTF8.self) == """
                HTTP/1.1 200 OK\r
                Server: Rennbahn\r
                Date: Sun, 06 Nov 1994 08:49:37 GMT\r
                Content-Type: application/json; charset=utf-8\r
                Access-Control-Allow-Origin: *\r
                X-Content-Type-Options: nosniff\r
                Strict-Transport-Security: max-age=7\r
                Content-Length: 7\r
                Connection: close\r
                \r

                """)
        output.removeAll(keepingCapacity: true)
        WebResponse(.notModified, .none).appendHead(.init(date: 0, server: "Rennbahn", isLast: false), to: &output)
        let head = String(decoding: output.span.copied(), as: UTF8.self)
        #expect(!head.contains("Content-Length") && !head.contains("Connection") && !head.contains("Strict"))
    }

    @Test(arguments: [
        ("a.html", "text/html; charset=utf-8"), ("A.HTML", "text/html; charset=utf-8"),
        ("a.tar.gz", "application/gzip"),
        ("a", "application/octet-stream"), ("a.", "application/octet-stream"),
        ("a.unknown", "application/octet-stream"),
        ("x.js", "text/javascript; charset=utf-8"), ("x.svg", "image/svg+xml"),
    ])
    func `a name's end tells the type`(name: String, type: String) {
        #expect(MediaType.of(name) == type)
        #expect(MediaType.of(name, further: [".html": "x/y"]) == (name == "a.html" ? "x/y" : type))
    }
}
