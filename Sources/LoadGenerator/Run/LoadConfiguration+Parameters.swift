import RennbahnAuthentication
package import RennbahnMeasurement
import RennbahnWAMP
import RennbahnWebSocket
import RennbahnWorkload

extension LoadConfiguration {
    /// What the run is asked to do, as the results have it.
    package var parameters: CellParameters {
        var cell = CellParameters(
            scenario: workload.scenario.name, serializer: serializerName,
            compression: deflate.map { compressionName ?? $0.offer() } ?? CellParameters.uncompressed,
            payloadBytes: workload.payload.nominalBytes, clients: workload.clients, generatorShards: workload.shards)
        cell.document = workload.payload.documents?.name
        switch workload.scenario {
        case .pubsub(let publishers, let subscribers, let topics):
            cell.publishers = publishers
            cell.subscribers = subscribers
            cell.topics = topics
            if workload.laggards.slow > 0 { cell.slowSubscribers = workload.laggards.slow }
            if workload.laggards.stuck > 0 { cell.stuckSubscribers = workload.laggards.stuck }
        case .rpc(let callers, let callees):
            cell.callers = callers
            cell.callees = callees
        case .connect, .echo, .push: break
        }
        switch workload.load {
        case .closed(let depth): if workload.scenario != .connect, workload.scenario != .push { cell.depth = depth }
        case .open(let rate, _):
            cell.rate = rate
            cell.rateProfile = workload.shape?.text
        }
        cell.router = targetName
        cell.routerShards = targetShards
        return cell
    }

    /// A server that sends what it likes, or gets whole messages of the user's, knows nothing of serializers.
    private var serializerName: String {
        workload.scenario == .push || workload.payload.message != nil
            ? CellParameters.withoutSerializer : serializer.name
    }

    /// The methods that clients log in with, in the order of their names.
    package var authMethods: [String] { Set(principals.flatMap(\.methods).map(\.rawValue)).sorted() }
}
