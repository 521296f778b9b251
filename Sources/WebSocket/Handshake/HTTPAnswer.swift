package import RennbahnBytes

/// Writes the head of an HTTP answer (RFC 9112, sections 4 and 5), whoever answers what: a status line, then fields, then ``end()``.
package struct HTTPAnswer: ~Copyable {
    private var head = ByteBuffer(capacity: 512)

    package init(status: Int, phrase: StaticString) {
        head.append("HTTP/1.1 ")
        head.append(decimal: UInt64(status))
        head.append(" ")
        head.append(phrase)
        head.append("\r\n")
    }

    /// No value may contain a line end.
    package mutating func add(_ name: String, _ value: String) {
        HTTPText.appendField(name, value, to: &head)
    }

    /// Ends the head and moves it to `output`.
    package consuming func end(in output: inout ByteBuffer) {
        head.append("\r\n")
        output.append(head.span)
    }

    /// The whole answer: with the length of a body of text, and that text.
    package consuming func end(type: String, body: String, in output: inout ByteBuffer) {
        add("Content-Type", type)
        add("Content-Length", "\(body.utf8.count)")
        end(in: &output)
        output.append(utf8: body)
    }
}
