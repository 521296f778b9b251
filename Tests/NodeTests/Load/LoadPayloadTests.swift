import RennbahnLoadGenerator
import RennbahnMeasurement
import RennbahnReactor
import RennbahnRouterNode
import RennbahnTransport
import RennbahnWAMP
import RennbahnWebSocket
import RennbahnWorkload
import Testing

/// Whole runs whose messages carry documents.
@Suite(.serialized)
struct LoadPayloadTests {
    typealias Format = LoadVerificationTests.Format

    /// The text stands last, where the proxy changes a letter.
    private static let own = DocumentSet(
        name: "own.json",
        variants: (0..<5).map {
            ["n": .integer($0), "x": 0.5, "list": [1, [true]], "text": .string("number \($0) and more")]
        })

    enum Sample: CaseIterable {
        case order, binary, stamp, own

        var documents: DocumentSet {
            switch self {
            case .order: .shipped(.order, seed: 3)
            case .binary: .shipped(.binary, seed: 3)
            case .stamp: .shipped(.stamp, seed: 3)
            case .own: LoadPayloadTests.own
            }
        }
    }

    private func workload(_ scenario: Scenario, clients: Int, _ documents: DocumentSet) -> WorkloadParameters {
        var workload = WorkloadParameters.short(scenario, clients: clients, load: .closed(depth: 4))
        workload.payload = .documents(documents)
        return workload
    }

    private func run(_ format: Format, _ workload: WorkloadParameters, isEcho: Bool = false) throws -> LoadOutcome {
        let bench = try isEcho ? LoadBench(service: .echo) : LoadBench()
        defer { bench.stop() }
        var configuration = try bench.configuration(workload, format.serializer)
        configuration.deflate = format.isCompressed ? DeflatePolicy() : nil
        return try LoadRun(configuration).run()
    }

    private func expectClean(_ outcome: LoadOutcome) {
        #expect(outcome.verification.isClean, "\(outcome.verification.summary) \(outcome.faults.faults)")
        #expect(outcome.verification.received == outcome.verification.expected && outcome.verification.received > 0)
        #expect(outcome.failures.isEmpty)
    }

    @Test("documents arrive as they were sent, with every scenario", arguments: Format.all, Sample.allCases)
    private func clean(format: Format, sample: Sample) throws {
        let documents = sample.documents
        for scenario in [Scenario.pubsub(publishers: 2, subscribers: 3, topics: 2), .rpc(callers: 3, callees: 2)] {
            let outcome = try run(format, workload(scenario, clients: 5, documents))
            expectClean(outcome)
            #expect(outcome.parameters.document == documents.name)
        }
        expectClean(try run(format, workload(.echo, clients: 2, documents), isEcho: true))
    }

    private func throughProxy(
        _ format: Format, _ code: MessageCode, _ kind: FaultyProxy.Fault.Kind
    ) throws -> LoadOutcome {
        let bench = try LoadBench()
        defer { bench.stop() }
        let deflate = format.isCompressed ? DeflatePolicy() : nil
        let fault = FaultyProxy.Fault(code: code, kind: kind, skipped: 5)
        let proxy = try FaultyProxy(to: bench.node.address, format.serializer, deflate: deflate, fault: fault)
        defer { proxy.stop() }
        let isPublication = [.publish, .event].contains(code)
        let scenario: Scenario =
            isPublication ? .pubsub(publishers: 1, subscribers: 2, topics: 1) : .rpc(callers: 1, callees: 1)
        var workload = workload(scenario, clients: isPublication ? 3 : 2, Self.own)
        if kind == .flip { workload.phases.drainTimeout = 300_000_000 }
        var configuration = LoadConfiguration(
            target: try LoadTarget(parsing: "ws://127.0.0.1:\(proxy.address.port)/"), workload: workload,
            serializer: format.serializer)
        configuration.deflate = deflate
        return try LoadRun(configuration).run()
    }

    private static let codes: [MessageCode] = [.publish, .event, .call, .invocation, .yield, .result]

    @Test("a letter of a document that is another one is damage", arguments: Format.all, codes)
    private func flip(format: Format, code: MessageCode) throws {
        let outcome = try throughProxy(format, code, .flip)
        #expect(outcome.cell.verdict.exitStatus == .verificationFailure)
        #expect(outcome.faults.faults.contains { $0.kind == .corrupted }, "\(outcome.faults.faults)")
    }

    @Test("a document that is written in other octets is none", arguments: Format.all, codes)
    private func rewritten(format: Format, code: MessageCode) throws {
        expectClean(try throughProxy(format, code, .rewrite))
    }
}
