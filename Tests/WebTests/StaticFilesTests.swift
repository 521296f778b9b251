import RennbahnWeb
import Testing

@Suite struct StaticFilesTests {
    private static let facts = FileFacts(count: 1000, modified: 784_111_777_500_000_000)
    private static let modified = "Sun, 06 Nov 1994 08:49:37 GMT"

    private static let folder = PaperFolder(entries: [
        "a.html": .file(facts), "b": .folder, "b/index.html": .file(facts), "c": .folder, "c/x y.txt": .file(facts),
        "c/<i>": .folder, "c/.hidden": .file(facts), ".key": .file(facts), ".well-known": .folder,
        ".well-known/acme": .file(facts), "empty": .file(FileFacts(count: 0, modified: 1)),
    ])

    private static func site(_ change: (inout StaticFiles) -> Void = { _ in }) -> WebSite {
        var files = StaticFiles(directory: "/srv")
        change(&files)
        return WebSite(services: ["/": .files(files), "docs": .files(files)])
    }

    private func answer(
        _ target: String, method: String = "GET", _ fields: String = "X: y", site: WebSite = site()
    ) throws -> (response: WebResponse, opened: [String]) {
        try StaticFilesTests.folder.answer(site, request(target, method: method, fields))
    }

    @Test func `a file comes with its type, its age and its tag`() throws {
        let (response, opened) = try answer("/a.html?v=1")
        #expect(response.status == .ok && response.body == .file(0..<1000) && opened == ["a.html"])
        #expect(response["Content-Type"] == "text/html; charset=utf-8")
        #expect(response["Last-Modified"] == StaticFilesTests.modified)
        #expect(response["Cache-Control"] == "max-age=43200, public")
        #expect(response["Access-Control-Allow-Origin"] == "*")
        #expect(response["Accept-Ranges"] == "bytes")
        #expect(response["ETag"]?.isEmpty == false)
    }

    @Test func `another length or another time is another tag`() throws {
        func tag(_ count: Int, _ modified: UInt64) throws -> String? {
            let folder = PaperFolder(entries: ["a": .file(FileFacts(count: count, modified: modified))])
            return try folder.answer(StaticFilesTests.site(), request("/a")).response["ETag"]
        }
        let tags = try [tag(1, 5), tag(2, 5), tag(1, 6), tag(0x15, 0x6), tag(0x1, 0x56)]
        #expect(Set(tags).count == tags.count)
    }

    @Test(arguments: [
        ("/docs/a.html", ["a.html"], 200), ("/docs", ["."], 301), ("/docs/", [".", "index.html"], 404),
        ("/b", ["b"], 301), ("/b/", ["b", "b/index.html"], 200), ("/c/", ["c", "c/index.html"], 404),
        ("/a.html/", ["a.html"], 404), ("/a.html/x", ["a.html/x"], 404), ("/../a.html", [], 404),
        ("/%2e%2e/a.html", [], 404), ("/.key", [], 404), ("/c/.hidden", [], 404), ("/b/.well-known/acme", [], 404),
        ("/.well-known/acme", [".well-known/acme"], 200), ("//b", [], 404), ("/none", ["none"], 404),
    ])
    func `a path leads to a file, a folder's index, or nowhere`(target: String, opened: [String], status: Int) throws {
        let found = try answer(target)
        #expect(found.opened == opened && found.response.status.rawValue == status)
    }

    @Test func `a folder without its slash is moved to where it has one, the query with it`() throws {
        #expect(try answer("/b?x=1&y").response["Location"] == "/b/?x=1&y")
        #expect(try answer("/docs").response["Location"] == "/docs/")
    }

    @Test func `a folder is listed where that is asked for, and names are harmless`() throws {
        let site = StaticFilesTests.site { $0.listsFolders = true }
        let (response, _) = try answer("/c/", site: site)
        #expect(response.status == .ok && response["Content-Type"] == "text/html; charset=utf-8")
        #expect(response.text.contains("<a href=\"./x%20y.txt\">x y.txt</a>"))
        #expect(response.text.contains("<a href=\"./%3Ci%3E/\">&lt;i&gt;/</a>"))
        #expect(response.text.contains("<a href=\"../\">") && !response.text.contains(".hidden"))
        #expect(try answer("/b/", site: site).response.body == .file(0..<1000), "an index goes before the list")
        let root = try answer("/docs/", site: site).response
        #expect(root.text.contains("./a.html") && !root.text.contains(".key") && !root.text.contains("../"))
    }

    @Test func `a folder that vanishes before it is listed is not found`() throws {
        var files = StaticFiles(directory: "/srv")
        files.listsFolders = true
        var (lookup, _) = StaticLookup.begin(files, try request("/"), RequestPath([], isFolder: true))
        #expect(lookup.found(.folder) == .open("index.html"))
        #expect(lookup.found(.nothing) == .list("."))
        #expect(lookup.listed(nil) == .answer(WebSite.nowhere))
    }

    @Test func `the fallback is answered where there is nothing, and only its own absence is not found`() throws {
        let site = StaticFilesTests.site { $0.fallback = "a.html" }
        for target in ["/none/at/all", "/c/", "/../x", "/.key"] {
            let (response, opened) = try answer(target, site: site)
            #expect(response.status == .ok && opened.last == "a.html", "\(target)")
        }
        #expect(try answer("/none", site: StaticFilesTests.site { $0.fallback = "none" }).response.status == .notFound)
        #expect(try answer("/none", site: StaticFilesTests.site { $0.fallback = "b" }).response.status == .notFound)
    }

    @Test func `without room it is busy`() throws {
        var (lookup, _) = StaticLookup.begin(
            StaticFiles(directory: "/srv"), try request("/a"), RequestPath(["a"], isFolder: false))
        guard case .answer(let response) = lookup.found(.noRoom) else {
            Issue.record("no answer")
            return
        }
        #expect(response.status == .serviceUnavailable)
    }

    @Test func `options change what is said of a file`() throws {
        let site = StaticFilesTests.site {
            $0.cacheTimeout = 0
            $0.allowsCrossOrigin = false
            $0.mediaTypes = [".html": "text/x-mine"]
        }
        let response = try answer("/a.html", site: site).response
        #expect(response["Cache-Control"] == "no-cache" && response["Access-Control-Allow-Origin"] == nil)
        #expect(response["Content-Type"] == "text/x-mine")
    }

    // MARK: Conditions

    @Test(arguments: [
        ("If-None-Match: %", 304), ("If-None-Match: W/%", 304), ("If-None-Match: \"x\", %", 304),
        ("If-None-Match: *", 304),
        ("If-None-Match: \"x\"", 200), ("If-None-Match: ", 200),
        ("If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT", 304),
        ("If-Modified-Since: Sun, 06 Nov 1994 08:49:36 GMT", 200),
        ("If-Modified-Since: Mon, 07 Nov 1994 08:49:36 GMT", 304), ("If-Modified-Since: yesterday", 200),
        ("If-None-Match: \"x\"\r\nIf-Modified-Since: Mon, 07 Nov 1994 08:49:36 GMT", 200),
    ])
    func `what the client has is not sent again`(field: String, status: Int) throws {
        let tag = try #require(try answer("/a.html").response["ETag"])
        let response = try answer("/a.html", field.replacing("%", with: tag)).response
        #expect(response.status.rawValue == status)
        if status == 304 { #expect(response.body == .none && response["ETag"] == tag) }
    }

    @Test(arguments: [
        ("bytes=0-0", 206, 0..<1), ("bytes=0-", 206, 0..<1000), ("bytes=999-", 206, 999..<1000),
        ("bytes=10-19", 206, 10..<20), ("bytes=10-5000", 206, 10..<1000), ("bytes=-1", 206, 999..<1000),
        ("bytes=-5000", 206, 0..<1000), ("BYTES=1-2", 206, 1..<3), ("bytes=0-99999999999999999999999", 206, 0..<1000),
        ("bytes=1000-", 416, 0..<0), ("bytes=-0", 416, 0..<0), ("bytes=99999999999999999999999-", 416, 0..<0),
        ("bytes=2-1", 200, 0..<1000), ("bytes=", 200, 0..<1000), ("bytes=a-b", 200, 0..<1000),
        ("bytes=-", 200, 0..<1000),
        ("bytes=0-1,5-6", 200, 0..<1000), ("lines=0-1", 200, 0..<1000), ("bytes=+1-2", 200, 0..<1000),
        ("bytes=1-x", 200, 0..<1000),
    ])
    func `a part is sent where one is asked for`(range: String, status: Int, octets: Range<Int>) throws {
        let response = try answer("/a.html", "Range: \(range)").response
        #expect(response.status.rawValue == status)
        switch response.status {
        case .rangeNotSatisfiable: #expect(response["Content-Range"] == "bytes */1000" && response.body == .octets([]))
        case .partialContent:
            #expect(response.body == .file(octets))
            #expect(response["Content-Range"] == "bytes \(octets.lowerBound)-\(octets.upperBound - 1)/1000")
        case _: #expect(response.body == .file(octets) && response["Content-Range"] == nil)
        }
    }

    @Test func `nothing of an empty file can be asked for`() throws {
        #expect(try answer("/empty", "Range: bytes=0-").response.status == .rangeNotSatisfiable)
        #expect(try answer("/empty", "Range: bytes=-1").response.status == .rangeNotSatisfiable)
        #expect(try answer("/empty").response.body == .file(0..<0))
    }

    @Test func `a part of another version is not mixed with what the client has`() throws {
        let tag = try #require(try answer("/a.html").response["ETag"])
        func status(_ condition: String, method: String = "GET") throws -> WebResponse.Status {
            try answer("/a.html", method: method, "Range: bytes=0-1\r\nIf-Range: \(condition)").response.status
        }
        #expect(try status(tag) == .partialContent)
        #expect(try status(StaticFilesTests.modified) == .partialContent)
        #expect(try status("\"x\"") == .ok)
        #expect(try status("W/" + tag) == .ok)
        #expect(try status("Mon, 07 Nov 1994 08:49:37 GMT") == .ok)
        #expect(try status(tag, method: "HEAD") == .ok)
    }
}
