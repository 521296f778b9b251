package import RennbahnConfiguration
package import RennbahnWebSocket

extension DeflatePolicy {
    /// The `deflate` of a checked transport.
    package init(configured tree: Tree) {
        let requested = tree[Keys.Deflate.requestedWindowBits]
        self.init(
            noContextTakeover: tree[Keys.Deflate.noContextTakeover], maxWindowBits: tree[Keys.Deflate.windowBits],
            requestNoContextTakeover: tree[Keys.Deflate.requestsNoContextTakeover],
            requestMaxWindowBits: requested == 0 ? nil : requested, memoryLevel: tree[Keys.Deflate.memoryLevel],
            level: tree[Keys.Deflate.level])
        threshold = tree[Keys.Deflate.threshold]
    }

    /// The same parameters as a command line gives them: `max_window_bits=11;no_context_takeover`, or none.
    ///
    /// - Throws: what is wrong with each.
    package init(parameters: Substring?) throws(Problems) {
        self.init(configured: try ParameterReader.read(parameters, of: Schema.section("deflate")))
    }
}
