package import RennbahnBytes
import RennbahnWebSocket

/// What a request is answered with.
package struct WebResponse: Sendable, Equatable {
    /// Status codes that are in use (RFC 9110, section 15).
    package enum Status: Int, Sendable {
        case ok = 200
        case partialContent = 206
        case movedPermanently = 301
        case found = 302
        case notModified = 304
        case notFound = 404
        case methodNotAllowed = 405
        case rangeNotSatisfiable = 416
        case serviceUnavailable = 503

        var phrase: StaticString {
            switch self {
            case .ok: "OK"
            case .partialContent: "Partial Content"
            case .movedPermanently: "Moved Permanently"
            case .found: "Found"
            case .notModified: "Not Modified"
            case .notFound: "Not Found"
            case .methodNotAllowed: "Method Not Allowed"
            case .rangeNotSatisfiable: "Range Not Satisfiable"
            case .serviceUnavailable: "Service Unavailable"
            }
        }
    }

    package enum Body: Sendable, Equatable {
        /// There is none, nor a word about its length.
        case none
        case octets([UInt8])
        /// These octets of the file that was found.
        case file(Range<Int>)

        package var count: Int {
            switch self {
            case .none: 0
            case .octets(let octets): octets.count
            case .file(let range): range.count
            }
        }
    }

    package struct Field: Sendable, Equatable {
        package let name: String
        package let value: String
    }

    package let status: Status
    package private(set) var fields: [Field] = []
    package let body: Body

    package init(_ status: Status, _ body: Body) {
        self.status = status
        self.body = body
    }

    /// A page or a value that is at hand.
    init(_ status: Status, type: String, _ text: String) {
        self.init(status, .octets(Array(text.utf8)))
        add("Content-Type", type)
    }

    package mutating func add(_ name: String, _ value: String) {
        fields.append(Field(name: name, value: value))
    }

    /// A short page for people.
    static func page(_ status: Status, title: String, body: String) -> WebResponse {
        WebResponse(
            status, type: "text/html; charset=utf-8",
            """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><title>\(escaped(title))</title></head>
            <body><h1>\(escaped(title))</h1>\(body)</body></html>

            """)
    }

    static let notFound = page(.notFound, title: "Not found", body: "<p>There is nothing at this path.</p>")

    static let unavailable = page(.serviceUnavailable, title: "Busy", body: "<p>Please try again later.</p>")

    static var methodNotAllowed: WebResponse {
        var response = page(
            .methodNotAllowed, title: "Method not allowed", body: "<p>There is only something to read here.</p>")
        response.add("Allow", "GET, HEAD")
        return response
    }

    /// To another place; `location` must be printable ASCII.
    static func redirect(_ status: Status, to location: String) -> WebResponse {
        var response = page(status, title: "Moved", body: "<p><a href=\"\(escaped(location))\">It is here.</a></p>")
        response.add("Location", location)
        return response
    }

    /// Text as it may stand in HTML, between tags and in quotes. By scalars: to Swift a quote with an accent upon it is another
    /// character, to a browser it is a quote.
    package static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            case _: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}

extension WebResponse {
    /// What the head says beside the answer itself.
    package struct Surroundings: Sendable {
        /// Seconds since 1970-01-01 UTC.
        package var date: UInt64
        package var server: String
        /// `Strict-Transport-Security`, in seconds (RFC 6797); `nil`: it is not sent.
        package var strictTransportSecurity: Int?
        /// The connection ends behind the answer.
        package var isLast: Bool

        package init(date: UInt64, server: String, strictTransportSecurity: Int? = nil, isLast: Bool) {
            self.date = date
            self.server = server
            self.strictTransportSecurity = strictTransportSecurity
            self.isLast = isLast
        }
    }

    /// Appends the status line and all fields, the empty line included.
    package func appendHead(_ surroundings: Surroundings, to output: inout ByteBuffer) {
        var answer = HTTPAnswer(status: status.rawValue, phrase: status.phrase)
        answer.add("Server", surroundings.server)
        answer.add("Date", HTTPDate.text(surroundings.date))
        for field in fields { answer.add(field.name, field.value) }
        // So that a browser does not take for a script what is none.
        answer.add("X-Content-Type-Options", "nosniff")
        if let age = surroundings.strictTransportSecurity {
            answer.add("Strict-Transport-Security", "max-age=\(age)")
        }
        switch body {
        case .none: break
        case .octets, .file: answer.add("Content-Length", "\(body.count)")
        }
        if surroundings.isLast { answer.add("Connection", "close") }
        answer.end(in: &output)
    }
}
