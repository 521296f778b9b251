/// What a process needs for a connection, from how much it grew over many of them: where that can be told.
package struct ConnectionMemory: Equatable, Sendable {
    /// Connections below which what else a process does outweighs them.
    package static let fewestConnections = 100
    /// Growth below which the steps that memory comes in are too coarse: 64 pages of 4 KiB.
    package static let leastGrowth: UInt64 = 64 * 4096
    /// CPU seconds beyond which a process has served before. It keeps the memory of that, and gives it to the new connections.
    package static let mostWorkBefore = 0.25

    /// Octets of the process before the first connection and with all of them.
    package var before: UInt64
    package var after: UInt64
    package var connections: Int
    /// CPU seconds that it had used before the first connection.
    package var workBefore: Double

    package init(before: UInt64, after: UInt64, connections: Int, workBefore: Double) {
        self.before = before
        self.after = after
        self.connections = connections
        self.workBefore = workBefore
    }

    /// Octets; `nil`: they cannot be told from this.
    package var bytesPerConnection: Double? {
        guard connections >= ConnectionMemory.fewestConnections, workBefore <= ConnectionMemory.mostWorkBefore,
            after >= before, after - before >= ConnectionMemory.leastGrowth
        else { return nil }
        return Double(after - before) / Double(connections)
    }
}
