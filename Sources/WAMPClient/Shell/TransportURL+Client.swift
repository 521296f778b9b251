import RennbahnWebSocket

extension TransportURL {
    /// The URL of a router as a program gives it: `ws://…` or `wss://…`.
    ///
    /// - Throws: ``WAMPError/Code/usage``
    init(webSocket text: String) throws(WAMPError) {
        func refuse(_ why: String) -> WAMPError { WAMPError(.usage, message: "the URL \"\(text)\": \(why)") }
        do throws(Malformed) {
            try self.init(parsing: text)
        } catch {
            throw refuse(error.description)
        }
        guard opening == .webSocket, case .tcp = place else { throw refuse("is neither ws://… nor wss://…") }
    }
}
