package import RennbahnBytes

/// Why a server answers the upgrade with an error, and the status it answers with.
package enum UpgradeRefusal: Error, Sendable, Equatable, CustomStringConvertible {
    /// 400: not an HTTP request, or not a WebSocket handshake (section 4.2.1).
    case badRequest(StaticString)
    /// 403: pages of this origin may not connect (section 4.2.2).
    case forbiddenOrigin
    /// 404: nothing is served at this path.
    case notFound
    /// 405: the method is not GET.
    case methodNotAllowed
    /// 426: a plain HTTP request without `Upgrade`.
    case upgradeRequired
    /// 400: `Sec-WebSocket-Version` is none of these, which are spoken here (section 4.4).
    case unsupportedVersion(ProtocolVersions)
    /// 429: too many connections or requests of this peer.
    case tooManyRequests
    /// 431: the head is larger than our limit.
    case headTooLarge
    /// 503: the server has no room or is going down.
    case unavailable
    /// 505: not HTTP/1.x, or an upgrade by HTTP/1.0.
    case versionNotSupported

    package var status: Int {
        switch self {
        case .badRequest, .unsupportedVersion: 400
        case .forbiddenOrigin: 403
        case .notFound: 404
        case .methodNotAllowed: 405
        case .upgradeRequired: 426
        case .tooManyRequests: 429
        case .headTooLarge: 431
        case .unavailable: 503
        case .versionNotSupported: 505
        }
    }

    private var phrase: StaticString {
        switch self {
        case .badRequest, .unsupportedVersion: "Bad Request"
        case .forbiddenOrigin: "Forbidden"
        case .notFound: "Not Found"
        case .methodNotAllowed: "Method Not Allowed"
        case .upgradeRequired: "Upgrade Required"
        case .tooManyRequests: "Too Many Requests"
        case .headTooLarge: "Request Header Fields Too Large"
        case .unavailable: "Service Unavailable"
        case .versionNotSupported: "HTTP Version Not Supported"
        }
    }

    package var description: String { explanation.description }

    /// A sentence for the body of the answer and the log.
    package var explanation: StaticString {
        switch self {
        case .badRequest(let reason): reason
        case .forbiddenOrigin: "WebSocket connection denied: the origin is not allowed"
        case .notFound: "nothing is served at this path"
        case .methodNotAllowed: "the method is not GET"
        case .upgradeRequired: "this is a WebSocket endpoint"
        case .unsupportedVersion: "this version of the protocol is not spoken here"
        case .tooManyRequests: "too many connections"
        case .headTooLarge: "the request head is too large"
        case .unavailable: "the server takes no connections now"
        case .versionNotSupported: "the request is not HTTP/1.1"
        }
    }

    /// Fields that the status demands.
    private var fields: [(name: String, value: String)] {
        switch self {
        case .methodNotAllowed: [("Allow", "GET")]
        case .upgradeRequired: [("Upgrade", "websocket")]
        case .unsupportedVersion(let spoken): spoken.list.map { [("Sec-WebSocket-Version", $0)] } ?? []
        case .badRequest, .forbiddenOrigin, .notFound, .tooManyRequests, .headTooLarge, .unavailable,
            .versionNotSupported:
            []
        }
    }

    private var isUpgradeRequired: Bool {
        switch self {
        case .upgradeRequired: true
        case .badRequest, .forbiddenOrigin, .notFound, .methodNotAllowed, .unsupportedVersion, .tooManyRequests,
            .headTooLarge, .unavailable, .versionNotSupported:
            false
        }
    }

    /// Appends the whole answer, after which the server ends the connection.
    package func append(to output: inout ByteBuffer) {
        var answer = HTTPAnswer(status: status, phrase: phrase)
        for field in fields { answer.add(field.name, field.value) }
        answer.add("Connection", isUpgradeRequired ? "Upgrade, close" : "close")
        answer.end(type: "text/plain; charset=utf-8", body: "\(explanation)\n", in: &output)
    }

    package static func == (left: UpgradeRefusal, right: UpgradeRefusal) -> Bool {
        left.status == right.status && left.explanation.description == right.explanation.description
            && left.fields.elementsEqual(right.fields, by: ==)
    }
}
