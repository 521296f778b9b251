import RennbahnLoadGenerator
import RennbahnMeasurement
import RennbahnReactor
import RennbahnRouterNode
import RennbahnTransport
import RennbahnWAMP
import RennbahnWebSocket
import RennbahnWorkload
import Testing

/// One message that goes wrong between generator and router makes the run fail, and is named.
@Suite(.serialized)
struct LoadVerificationTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var code: MessageCode
        var kind: FaultyProxy.Fault.Kind
        /// What is told of it.
        var named: String

        init(_ code: MessageCode, _ kind: FaultyProxy.Fault.Kind, _ named: String) {
            (self.code, self.kind, self.named) = (code, kind, named)
        }

        var testDescription: String { "\(code) \(kind)" }
    }

    struct Format: Sendable, CustomTestStringConvertible {
        var serializer: Serializer
        var isCompressed: Bool

        var testDescription: String { "\(serializer.name)\(isCompressed ? ", deflate" : "")" }

        static let all: [Format] = Serializer.allCases.flatMap { serializer in
            [false, true].map { Format(serializer: serializer, isCompressed: $0) }
        }
    }

    private static let pubsub = [
        Case(.event, .drop, "EVENT from publisher 0 to subscriber"),
        Case(.event, .double, "came twice"),
        Case(.event, .swap, "came after a later one"),
        Case(.event, .flip, "damaged"),
        Case(.event, .count(element: 1), ": subscription "),
        Case(.event, .count(element: 2), ": publication "),
        Case(.publish, .drop, ": 1 lost"),
        Case(.publish, .double, "came twice"),
        Case(.publish, .swap, "came after a later one"),
        Case(.publish, .flip, "damaged"),
        Case(.published, .drop, "PUBLISHED to publisher 0: 1 lost"),
        Case(.published, .count(element: 2), ": publication "),
        Case(.subscribed, .count(element: 2), ": subscription "),
    ]

    private static let calls = [
        Case(.call, .drop, "RESULT to caller 0: 1 lost"),
        Case(.call, .flip, "damaged"),
        Case(.invocation, .drop, "RESULT to caller 0: 1 lost"),
        Case(.invocation, .double, "INVOCATION from caller 0 to callee 0: number"),
        Case(.invocation, .swap, "came after a later one"),
        Case(.invocation, .flip, "damaged"),
        Case(.invocation, .count(element: 2), ": registration "),
        Case(.yield, .drop, "RESULT to caller 0: 1 lost"),
        Case(.yield, .flip, "damaged"),
        Case(.result, .drop, "RESULT to caller 0: 1 lost"),
        Case(.result, .double, "came twice"),
        Case(.result, .flip, "damaged"),
        Case(.result, .count(element: 1), "not for this receiver"),
        Case(.registered, .count(element: 2), ": registration "),
    ]

    private func run(
        _ format: Format, _ scenario: Scenario, clients: Int, _ fault: FaultyProxy.Fault?
    ) throws -> LoadOutcome {
        let bench = try LoadBench()
        defer { bench.stop() }
        let deflate = format.isCompressed ? DeflatePolicy() : nil
        let proxy = try FaultyProxy(to: bench.node.address, format.serializer, deflate: deflate, fault: fault)
        defer { proxy.stop() }
        var workload = WorkloadParameters.short(scenario, clients: clients, payloadBytes: 64, load: .closed(depth: 4))
        if fault != nil { workload.phases.drainTimeout = 300_000_000 }
        var configuration = LoadConfiguration(
            target: try LoadTarget(parsing: "ws://127.0.0.1:\(proxy.address.port)/"), workload: workload,
            serializer: format.serializer)
        configuration.deflate = deflate
        return try LoadRun(configuration).run()
    }

    private func expectFailure(_ format: Format, _ scenario: Scenario, clients: Int, _ tried: Case) throws {
        // What comes once, or comes first, is the message itself; of the others four are on their way however slow the machine is.
        let isEarly = [.subscribed, .registered, .published].contains(tried.code)
        let fault = FaultyProxy.Fault(code: tried.code, kind: tried.kind, skipped: isEarly ? 0 : 1)
        let outcome = try run(format, scenario, clients: clients, fault)
        #expect(outcome.cell.verdict.exitStatus == .verificationFailure)
        let named = outcome.faults.faults.map(\.description)
        #expect(named.contains { $0.contains(tried.named) }, "\(named)")
    }

    @Test("a publication that goes wrong on its way", arguments: Format.all, pubsub)
    private func publication(format: Format, tried: Case) throws {
        try expectFailure(format, .pubsub(publishers: 1, subscribers: 2, topics: 1), clients: 3, tried)
    }

    @Test("a call that goes wrong on its way", arguments: Format.all, calls)
    private func call(format: Format, tried: Case) throws {
        try expectFailure(format, .rpc(callers: 1, callees: 1), clients: 2, tried)
    }

    @Test("a proxy that does nothing is no fault", arguments: Format.all)
    func nothing(format: Format) throws {
        for (scenario, clients) in [
            (Scenario.pubsub(publishers: 2, subscribers: 3, topics: 1), 5), (.rpc(callers: 3, callees: 2), 5),
        ] {
            let outcome = try run(format, scenario, clients: clients, nil)
            #expect(outcome.verification.isClean && outcome.verification.received > 0)
            #expect(outcome.faults.faults.isEmpty)
        }
    }
}
