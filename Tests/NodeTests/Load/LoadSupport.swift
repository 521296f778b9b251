import RennbahnLoadGenerator
import RennbahnMeasurement
import RennbahnReactor
import RennbahnRouterNode
import RennbahnTransport
import RennbahnWAMP
import RennbahnWebSocket
import RennbahnWorkload

/// A node in this process, and short runs of the load generator against it.
final class LoadBench {
    let node: Node
    private var hasStopped = false

    init(
        shards: Int = 1,
        service: NodeConfiguration.Service = .router(realms: ["realm1"]),
        serializers: [Serializer] = Serializer.allCases,
        deflate: DeflatePolicy? = DeflatePolicy(), limits: Limits = Limits()
    ) throws {
        node = try Node(
            NodeConfiguration(
                service: service, listen: .loopback(port: 0), serializers: serializers, shards: shards,
                deflate: deflate, limits: limits))
    }

    deinit {
        if !hasStopped { stop() }
    }

    func stop() {
        hasStopped = true
        node.stop()
        node.wait()
    }

    func configuration(_ workload: WorkloadParameters, _ serializer: Serializer = .json) throws -> LoadConfiguration {
        LoadConfiguration(
            target: try LoadTarget(parsing: "ws://127.0.0.1:\(node.address.port)/"), workload: workload,
            serializer: serializer)
    }
}

extension WorkloadParameters {
    /// The shortest run that still has every phase.
    static func short(
        _ scenario: Scenario, clients: Int, payloadBytes: Int = 32, load: LoadModel = .closed(depth: 1), shards: Int = 1
    ) -> WorkloadParameters {
        WorkloadParameters(
            scenario: scenario, clients: clients, payload: .filler(bytes: payloadBytes), load: load, shards: shards,
            phases: PhaseDurations(
                settle: 1_000_000, warmUp: 20_000_000, window: 80_000_000, drainTimeout: 20_000_000_000,
                closeTimeout: 10_000_000_000))
    }

    static func pubsub(_ publishers: Int, _ subscribers: Int, topics: Int) -> Scenario {
        .pubsub(publishers: publishers, subscribers: subscribers, topics: topics)
    }
}

/// The failure that a run ended with; `nil` if it did not fail.
func failure(of configuration: LoadConfiguration) -> LoadFailure? {
    do throws(LoadFailure) {
        _ = try LoadRun(configuration).run()
        return nil
    } catch {
        return error
    }
}
