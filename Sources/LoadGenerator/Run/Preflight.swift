import RennbahnReactor
import RennbahnWorkload

/// What is looked after before the first connection: a run that cannot succeed must not start.
struct Preflight {
    /// Local addresses to connect from, in turn; empty leaves the choice to the kernel.
    let sources: [SocketAddress]

    /// Descriptors that are no connections: standard streams, poller and bell of each shard, files of /proc.
    private static let reservedDescriptors = 64
    /// Ports of the range that others may use.
    private static let reservedPorts = 64
    /// Addresses for a scenario that opens and closes all the time: closed connections keep their ports for a while.
    private static let sourcesOfVisitors = 8

    init(_ configuration: LoadConfiguration, address: SocketAddress) throws(LoadFailure) {
        let workload = configuration.workload
        let needed = workload.clients + Preflight.reservedDescriptors + 4 * workload.shards
        let available = DescriptorLimit.raise().soft
        guard available >= needed else { throw .tooFewDescriptors(needed: needed, available: available) }

        guard !address.isUNIX else {
            sources = []
            return
        }
        let range = PortRange.ephemeral
        let ports = max(1, Int(range.upperBound) - Int(range.lowerBound) + 1 - Preflight.reservedPorts)
        var sources = configuration.sources
        if sources.isEmpty {
            var count = (workload.clients + ports - 1) / ports
            if workload.scenario == .connect { count = max(count, Preflight.sourcesOfVisitors) }
            sources = Preflight.loopbackSources(for: address, count: count)
        }
        let capacity = ports * max(1, sources.count)
        guard capacity >= workload.clients else {
            throw .tooFewPorts(needed: workload.clients, available: capacity, sources: max(1, sources.count))
        }
        self.sources = sources
    }

    /// 127.0.0.1, 127.0.0.2 …: every address of 127.0.0.0/8 is a local one.
    private static func loopbackSources(for address: SocketAddress, count: Int) -> [SocketAddress] {
        guard count > 1, address.isIPv4, address.isLoopback else { return [] }
        return (1...min(count, 250)).map { .v4(0x7f00_0000 + UInt32($0), port: 0) }
    }
}
