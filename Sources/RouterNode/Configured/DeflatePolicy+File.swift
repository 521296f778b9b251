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
}
