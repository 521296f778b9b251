import RennbahnMeasurement
import RennbahnRouterNode

/// What a `rennbahn router` prints when its shards have ended: `rennbahn router ended detached=N dropped=N`.
///
/// Whoever measured it learns so whether everybody got everything. A router that says nothing, such as an older one or somebody
/// else's, is not known to have left anybody out.
struct RouterEndLine: Equatable {
    /// How often senders went on although a receiver was behind.
    var detached: UInt64
    /// Connections that were ended for the sake of others.
    var dropped: UInt64

    private static let name = "ended"
    private static let detachedLabel = "detached="
    private static let droppedLabel = "dropped="

    init(detached: UInt64, dropped: UInt64) {
        self.detached = detached
        self.dropped = dropped
    }

    /// Of all shards.
    init(_ shards: [ShardFigures]) {
        detached = shards.reduce(0) { $0 + $1.detached }
        dropped = shards.reduce(0) { $0 + $1.dropped }
    }

    /// `nil` for any other line.
    init?(_ line: String) {
        let words = line.split(separator: " ")
        guard words.count >= 3, words[0] == "rennbahn", words[2] == Substring(RouterEndLine.name),
            let detached = RouterEndLine.number(RouterEndLine.detachedLabel, in: words),
            let dropped = RouterEndLine.number(RouterEndLine.droppedLabel, in: words)
        else { return nil }
        self.init(detached: detached, dropped: dropped)
    }

    private static func number(_ label: String, in words: [Substring]) -> UInt64? {
        words.first { $0.hasPrefix(label) }.flatMap { UInt64($0.dropFirst(label.count)) }
    }

    /// - Parameter service: `router` or `echo`.
    func text(of service: String) -> String {
        "rennbahn \(service) \(RouterEndLine.name) \(RouterEndLine.detachedLabel)\(detached) "
            + "\(RouterEndLine.droppedLabel)\(dropped)"
    }

    /// Why nothing that was measured of the router is a figure; `nil`: everybody kept up. A rate at which somebody is left
    /// behind is none that the router bears, and what it then leaves out costs it nothing.
    var flaw: String? {
        guard detached > 0 || dropped > 0 else { return nil }
        return "receivers did not keep up with the router: \(detached.of("time")) it went on without one, and "
            + "\(dropped.of("connection was", "connections were")) dropped"
    }
}
