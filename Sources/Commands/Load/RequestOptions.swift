import ArgumentParser
import RennbahnWebSocket

/// What the requests of `rennbahn load` that open WebSocket connections say beside the handshake.
struct RequestOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            A header of the request that opens a WebSocket connection; may be given several times. @FILE: one in each of its \
            lines; '${VARIABLE}': one.
            """, valueName: "name: value"))
    var header: [String] = []

    @Option(help: "The Origin of that request, as browsers have one: https://example.com.")
    var origin: String?

    @Option(
        help: ArgumentHelp(
            "A cookie of that request, or @FILE or '${VARIABLE}' with one; may be given several times.",
            valueName: "name=value"))
    var cookie: [String] = []

    var isGiven: Bool { !header.isEmpty || origin != nil || !cookie.isEmpty }

    /// The cookies, each `name=value`.
    func cookies(_ problems: inout [String]) -> [String] {
        cookie.compactMap { text in problems.attempt("--cookie") { try SecretText.read(text) } }
    }

    /// Fields that say one thing.
    private static let singles: Set = ["authorization", "cookie", "origin", "proxy-authorization", "user-agent"]

    /// - Parameters:
    ///   - user: what the user of the URL makes.
    ///   - cookies: as ``cookies(_:)`` has them.
    func fields(user: RequestField?, cookies: [String], _ problems: inout [String]) -> [RequestField] {
        var fields: [(option: String, field: RequestField)] = []
        func add(_ option: String, _ field: RequestField?) {
            if let field { fields.append((option, field)) }
        }
        for text in header {
            for line in problems.attempt("--header", { try SecretText.lines(text) }) ?? [] {
                add("--header", problems.attempt("--header") { try RequestField(parsing: line) })
            }
        }
        if origin == "" { problems.append("--origin: is empty") }
        if let origin { add("--origin", problems.attempt("--origin") { try RequestField("Origin", origin) }) }
        if !cookies.isEmpty { add("--cookie", problems.attempt("--cookie") { try RequestField.cookies(cookies) }) }
        add("--url", user)
        for (place, one) in fields.enumerated() where RequestOptions.singles.contains(one.field.key) {
            guard let other = fields[..<place].first(where: { $0.field.key == one.field.key }) else { continue }
            problems.append("\(one.option): \(one.field.name) has been said by \(other.option)")
        }
        return fields.map(\.field)
    }
}
