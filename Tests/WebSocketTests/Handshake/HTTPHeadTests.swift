import RennbahnWebSocket
import Testing

@Suite("HTTP head")
struct HTTPHeadTests {
    private func head(_ text: String) throws(HTTPMalformed) -> HTTPHead {
        let bytes = Array(text.utf8)
        return try HTTPHead(bytes.span)
    }

    private func fault(_ bytes: [UInt8]) -> String? {
        do {
            _ = try HTTPHead(bytes.span)
            return nil
        } catch {
            return error.reason.description
        }
    }

    @Test("The end of the head is found at every cut, and only once it is there")
    func endAtEveryCut() throws {
        let text = Array("GET / HTTP/1.1\r\nA: \r\r\n\r\nframes follow\r\n\r\n".utf8)
        let end = 24
        for cut in 0...text.count {
            var search = HTTPHeadSearch(limit: 1000)
            let early = Array(text[..<cut])
            let found = try search.end(in: early.span)
            #expect(found == (cut >= end ? end : nil))
            if found == nil { #expect(try search.end(in: text.span) == end) }
        }
        var search = HTTPHeadSearch(limit: 1000)
        for count in 0..<end {
            let early = Array(text[..<count])
            #expect(try search.end(in: early.span) == nil)
        }
        #expect(try search.end(in: text.span) == end)
    }

    @Test("A head larger than the limit is refused, one of that size is not")
    func limit() throws {
        let text = Array("GET / HTTP/1.1\r\n\r\nrest".utf8)
        var fits = HTTPHeadSearch(limit: 18)
        #expect(try fits.end(in: text.span) == 18)
        var small = HTTPHeadSearch(limit: 17)
        #expect(throws: HTTPHeadSearch.TooLarge.self) { try small.end(in: text.span) }
        var endless = HTTPHeadSearch(limit: 100)
        let partial = [UInt8](repeating: 0x41, count: 99)
        #expect(try endless.end(in: partial.span) == nil)
        let full = [UInt8](repeating: 0x41, count: 100)
        #expect(throws: HTTPHeadSearch.TooLarge.self) { try endless.end(in: full.span) }
    }

    @Test("Empty lines alone begin no request, and neither does a part of one")
    func noRequest() {
        let texts = [
            "": true, "\r": true, "\r\n": true, "\r\n\r": true, "\r\n\r\n": true, "G": false, "\r\nG": false,
            "\n": false,
            "\r\n\n": false, "\rG": false,
        ]
        for (text, isNone) in texts {
            let bytes = Array(text.utf8)
            #expect(HTTPHeadSearch.beginsNone(bytes.span) == isNone, "\(bytes)")
        }
    }

    @Test("So many empty lines are passed over in front of a request, and not one more")
    func emptyLines() {
        for lines in 0...6 {
            for rest in ["", "\r", "\n", "GET /\r\n\r\n"] {
                let bytes = Array((String(repeating: "\r\n", count: lines) + rest).utf8)
                #expect(HTTPHeadSearch.emptyLines(before: bytes.span) == 2 * min(lines, HTTPHeadSearch.mostEmptyLines))
            }
        }
    }

    @Test("Fields are cut at the colon, names in lower case, values without white space around")
    func fields() throws {
        let head = try head("START\r\nHost:a\r\nX-Y: \t b c \t\r\nempty:\r\nhost: d\r\n\r\n")
        #expect(head.startLine == "START")
        #expect(head.fields.map(\.name) == ["host", "x-y", "empty", "host"])
        #expect(head.fields.map(\.value) == ["a", "b c", "", "d"])
        #expect(head.values("host") == ["a", "d"])
        #expect(try head.single("x-y") == "b c")
        #expect(try head.single("absent") == nil)
        #expect(throws: HTTPMalformed.self) { try head.single("host") }
    }

    @Test("Token lists are searched whatever the case, over several fields")
    func lists() throws {
        let head = try head("S\r\nConnection: keep-alive ,\tUpGrade\r\nconnection: close\r\n\r\n")
        #expect(head.list("connection", contains: "upgrade"))
        #expect(head.list("connection", contains: "close"))
        #expect(!head.list("connection", contains: "keep"))
        #expect(!head.list("upgrade", contains: "websocket"))
    }

    @Test("Folded fields, strange names, bare line ends and control octets are refused")
    func malformed() {
        #expect(fault(Array("S\r\nA: b\r\n c\r\n\r\n".utf8)) == "folded header field")
        #expect(fault(Array("S\r\nA: b\r\n\tc: d\r\n\r\n".utf8)) == "folded header field")
        #expect(fault(Array("S\r\nA : b\r\n\r\n".utf8)) == "illegal header field name")
        #expect(fault(Array("S\r\nA\r\n\r\n".utf8)) == "header field without a name")
        #expect(fault(Array("S\r\n: b\r\n\r\n".utf8)) == "header field without a name")
        #expect(fault(Array("S\r\nA: b\n\r\n\r\n".utf8)) == "LF without CR")
        #expect(fault(Array("S\r\nA: b\rc\r\n\r\n".utf8)) == "CR without LF")
        #expect(fault(Array("S\tT\r\n\r\n".utf8)) == "illegal octet in the start line")
        #expect(fault(Array("\r\n".utf8)) == "empty head")
        #expect(fault(Array("S\r\nA: b\r\n".utf8)) == "the head is not complete")
        #expect(fault(Array("S\r\n\r\nx".utf8)) == "bytes after the head")
        for octet: UInt8 in [0, 1, 8, 11, 31, 127] {
            #expect(fault(Array("S\r\nA: ".utf8) + [octet] + Array("\r\n\r\n".utf8)) == "illegal octet in the head")
        }
        #expect(fault(Array("S\r\nA: ".utf8) + [0xe9] + Array("\r\n\r\n".utf8)) == nil)
    }
}
