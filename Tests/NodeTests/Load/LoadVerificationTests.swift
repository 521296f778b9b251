import Foundation
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
        var fault: FaultyProxy.Fault
        /// What is told of it in one line, but for what the … stand for.
        var named: String

        /// - Parameter isFromRouter: of GOODBYE, which both send.
        init(_ code: MessageCode, _ kind: FaultyProxy.Fault.Kind, _ named: String = "", isFromRouter: Bool? = nil) {
            // What comes once, or comes first, is the message itself; of the others four are on their way however slow the
            // machine is.
            let isRepeated = [.publish, .event, .call, .invocation, .yield, .result].contains(code)
            fault = FaultyProxy.Fault(
                code: code, kind: kind, skipped: isRepeated ? 1 : 0, isFromRouter: isFromRouter)
            self.named = named
        }

        var testDescription: String {
            let origin = fault.isFromRouter.map { $0 ? " of the router" : " of the client" } ?? ""
            return "\(fault.code)\(origin) \(fault.kind)"
        }
    }

    struct Format: Sendable, CustomTestStringConvertible {
        var serializer: Serializer
        var isCompressed: Bool

        var testDescription: String { "\(serializer.name)\(isCompressed ? ", deflate" : "")" }

        static let all: [Format] = Serializer.allCases.flatMap { serializer in
            [false, true].map { Format(serializer: serializer, isCompressed: $0) }
        }

        /// Each case in two formats, which have no serializer and no compression in common; in all four for
        /// `make verification`.
        static func with<Tried>(_ cases: [Tried]) -> [(Format, Tried)] {
            let isWhole = ProcessInfo.processInfo.environment["RENNBAHN_ALL_FORMATS"] != nil
            return cases.enumerated().flatMap { number, tried in
                let formats = all.filter { isWhole || ($0.serializer.isBinary == $0.isCompressed) == (number % 2 == 0) }
                return formats.map { ($0, tried) }
            }
        }
    }

    private static let pubsub = [
        Case(.event, .drop, "EVENT from publisher 0 to subscriber"),
        Case(.event, .double, "came twice"),
        Case(.event, .swap, "came after a later one"),
        Case(.event, .flip, "damaged"),
        Case(.event, .garble, "a message to subscriber"),
        Case(.event, .count(element: 1), ": subscription "),
        Case(.event, .count(element: 2), ": publication "),
        Case(.publish, .drop, ": 1 lost"),
        Case(.publish, .double, "came twice"),
        Case(.publish, .swap, "came after a later one"),
        Case(.publish, .flip, "damaged"),
        Case(.publish, .garble, "a message to publisher 0: ABORT wamp.error.protocol_violation"),
        Case(.published, .drop, "PUBLISHED to publisher 0: 1 lost"),
        Case(.published, .double, "PUBLISHED to publisher 0: came twice"),
        Case(.published, .count(element: 1), "PUBLISHED to publisher 0: for request 2, which was not made"),
        Case(.published, .count(element: 2), ": publication "),
        Case(.subscribe, .double, "SUBSCRIBED to subscriber … came twice"),
        Case(.subscribe, .count(element: 1), "SUBSCRIBED to subscriber … for request 2, which was not made"),
        Case(.subscribe, .text(element: 3), "EVENT from publisher 0 to subscriber … lost"),
        Case(.subscribed, .double, "SUBSCRIBED to subscriber … came twice"),
        Case(.subscribed, .count(element: 1), "SUBSCRIBED to subscriber … for request 2, which was not made"),
        Case(.subscribed, .count(element: 2), ": subscription "),
        Case(.hello, .double, "ABORT wamp.error.protocol_violation: second HELLO"),
        Case(.welcome, .double, "WELCOME to … came twice"),
        Case(.goodbye, .drop, "GOODBYE to … 1 lost", isFromRouter: false),
        Case(.goodbye, .double, "ABORT wamp.error.protocol_violation", isFromRouter: false),
        Case(.goodbye, .drop, "GOODBYE to … 1 lost", isFromRouter: true),
        Case(.goodbye, .double, "GOODBYE to … came twice", isFromRouter: true),
    ]

    private static let calls = [
        Case(.call, .drop, "RESULT to caller 0: 1 lost"),
        Case(.call, .double, "a message to caller 0: ABORT … CALL with the id of a pending call"),
        Case(.call, .swap, "INVOCATION from caller 0 to callee 0: number 1 came after a later one"),
        Case(.call, .flip, "damaged"),
        Case(.call, .garble, "a message to caller 0: ABORT wamp.error.protocol_violation"),
        Case(.call, .count(element: 1), "RESULT to caller 0: "),
        Case(.invocation, .drop, "RESULT to caller 0: 1 lost"),
        Case(.invocation, .double, "INVOCATION from caller 0 to callee 0: number"),
        Case(.invocation, .swap, "came after a later one"),
        Case(.invocation, .flip, "damaged"),
        Case(.invocation, .garble, "a message to callee 0"),
        Case(.invocation, .count(element: 1), "RESULT to caller 0: "),
        Case(.invocation, .count(element: 2), ": registration "),
        Case(.yield, .drop, "RESULT to caller 0: 1 lost"),
        Case(.yield, .flip, "damaged"),
        Case(.yield, .garble, "a message to callee 0: ABORT wamp.error.protocol_violation"),
        Case(.yield, .count(element: 1), "RESULT to caller 0: "),
        Case(.yield, .fail(times: 1), "RESULT to caller 0: ERROR wamp.error.not_authorized"),
        Case(.result, .drop, "RESULT to caller 0: 1 lost"),
        Case(.result, .double, "came twice"),
        Case(.result, .flip, "damaged"),
        Case(.result, .garble, "a message to caller 0: the server broke WAMP"),
        Case(.result, .count(element: 1), "not for this receiver"),
        Case(.result, .fail(times: 1), "RESULT to caller 0: ERROR wamp.error.not_authorized"),
        Case(.result, .fail(times: 2), "RESULT to caller 0: ERROR wamp.error.not_authorized"),
        Case(.register, .count(element: 1), "REGISTERED to callee 0: for request 2, which was not made"),
        Case(.register, .text(element: 3), "RESULT to caller 0: ERROR wamp.error.no_such_procedure"),
        Case(.registered, .double, "REGISTERED to callee 0: came twice"),
        Case(.registered, .count(element: 1), "REGISTERED to callee 0: for request 2, which was not made"),
        Case(.registered, .count(element: 2), ": registration "),
    ]

    /// What one client was to get, or to say, another one does.
    private static let exchanges: [(Scenario, Case)] = [
        (.pubsub(publishers: 2, subscribers: 2, topics: 2), Case(.published, .exchange, ": publication ")),
        (.pubsub(publishers: 2, subscribers: 2, topics: 2), Case(.subscribe, .exchange, "not for this receiver")),
        (.pubsub(publishers: 2, subscribers: 2, topics: 2), Case(.subscribed, .exchange, ": subscription ")),
        (.rpc(callers: 2, callees: 2), Case(.register, .exchange, "not for this receiver")),
        (.rpc(callers: 2, callees: 2), Case(.registered, .exchange, ": registration ")),
    ]

    /// Nothing has begun, and what is missing may be late: the run ends with what it waits for, or with what the router says.
    private static let unopened: [(Scenario, Case)] = [
        (
            .pubsub(publishers: 1, subscribers: 1, topics: 1),
            Case(.hello, .drop, "nothing has come yet of: WELCOME to ")
        ),
        (
            .pubsub(publishers: 1, subscribers: 1, topics: 1),
            Case(.hello, .text(element: 1), "ABORT wamp.error.no_such_realm")
        ),
        (
            .pubsub(publishers: 1, subscribers: 1, topics: 1),
            Case(.welcome, .drop, "nothing has come yet of: WELCOME to ")
        ),
        (.pubsub(publishers: 1, subscribers: 1, topics: 1), Case(.welcome, .garble, "the server broke WAMP")),
        (
            .pubsub(publishers: 1, subscribers: 1, topics: 1),
            Case(.subscribe, .drop, "nothing has come yet of: SUBSCRIBED to subscriber 0")
        ),
        (
            .pubsub(publishers: 1, subscribers: 1, topics: 1),
            Case(.subscribed, .drop, "nothing has come yet of: SUBSCRIBED to subscriber 0")
        ),
        (
            .pubsub(publishers: 1, subscribers: 1, topics: 1),
            Case(.subscribed, .fail(times: 1), "SUBSCRIBE was refused: wamp.error.not_authorized")
        ),
        (.rpc(callers: 1, callees: 1), Case(.register, .drop, "nothing has come yet of: REGISTERED to callee 0")),
        (
            .rpc(callers: 1, callees: 1),
            Case(.register, .double, "REGISTER was refused: wamp.error.procedure_already_exists")
        ),
        (.rpc(callers: 1, callees: 1), Case(.registered, .drop, "nothing has come yet of: REGISTERED to callee 0")),
        (
            .rpc(callers: 1, callees: 1),
            Case(.registered, .fail(times: 1), "REGISTER was refused: wamp.error.not_authorized")
        ),
    ]

    /// The run is as it was to be, or nobody can tell.
    private static let harmless: [(Scenario, Case)] = [
        // WAMP promises no order for the results of concurrent calls.
        (.rpc(callers: 1, callees: 1), Case(.yield, .swap)),
        (.rpc(callers: 1, callees: 1), Case(.result, .swap)),
        // The router drops the second answer to an invocation, as it must where the call was cancelled, and the caller gets one.
        (.rpc(callers: 1, callees: 1), Case(.yield, .double)),
        // All say the same, or what nobody is to hold them to: the number of a session, the reason of a GOODBYE.
        (.rpc(callers: 1, callees: 1), Case(.hello, .exchange)),
        (.rpc(callers: 1, callees: 1), Case(.welcome, .exchange)),
        (.rpc(callers: 1, callees: 1), Case(.welcome, .count(element: 1))),
        (.rpc(callers: 1, callees: 1), Case(.goodbye, .exchange, isFromRouter: false)),
        (.rpc(callers: 1, callees: 1), Case(.goodbye, .exchange, isFromRouter: true)),
        (.rpc(callers: 1, callees: 1), Case(.goodbye, .text(element: 2), isFromRouter: false)),
        (.rpc(callers: 1, callees: 1), Case(.goodbye, .text(element: 2), isFromRouter: true)),
    ]

    /// What a run came to, whether it began or not.
    private struct Told {
        var status: CommandStatus
        var lines: [String]
        var isClean = false
    }

    private func run(_ format: Format, _ scenario: Scenario, _ fault: FaultyProxy.Fault?) throws -> Told {
        let bench = try LoadBench()
        defer { bench.stop() }
        let deflate = format.isCompressed ? DeflatePolicy() : nil
        let proxy = try FaultyProxy(to: bench.node.address, format.serializer, deflate: deflate, fault: fault)
        defer { proxy.stop() }
        let clients =
            switch scenario {
            case .pubsub(let publishers, let subscribers, _): publishers + subscribers
            case .rpc(let callers, let callees): callers + callees
            case .connect, .echo, .push: 1
            }
        var workload = WorkloadParameters.short(scenario, clients: clients, payloadBytes: 64, load: .closed(depth: 4))
        if let fault {
            workload.phases.drainTimeout = 300_000_000
            if fault.code == .goodbye, fault.kind == .drop { workload.phases.closeTimeout = 600_000_000 }
            // Whoever is to be named has its connection then, however slow the machine is.
            if fault.kind == .drop, fault.skipped == 0 { workload.phases.connectTimeout = 1_000_000_000 }
        }
        var configuration = LoadConfiguration(
            target: try LoadTarget(parsing: "ws://127.0.0.1:\(proxy.address.port)/"), workload: workload,
            serializer: format.serializer)
        configuration.deflate = deflate
        do throws(LoadFailure) {
            let outcome = try LoadRun(configuration).run()
            let isClean = outcome.verification.isClean && outcome.verification.received > 0
            return Told(
                status: outcome.cell.verdict.exitStatus, lines: outcome.faults.faults.map(\.description),
                isClean: isClean && outcome.failures.isEmpty && outcome.faults.faults.isEmpty)
        } catch {
            return Told(status: error.exitStatus, lines: ["\(error)"])
        }
    }

    private func expect(_ status: CommandStatus, _ format: Format, _ scenario: Scenario, _ tried: Case) throws {
        let told = try run(format, scenario, tried.fault)
        #expect(told.status == status, "\(told.lines)")
        let parts = tried.named.split(separator: " … ")
        #expect(told.lines.contains { line in parts.allSatisfy { line.contains($0) } }, "\(told.lines)")
    }

    @Test("a publication, or what its sessions begin and end with, goes wrong", arguments: Format.with(pubsub))
    private func publication(format: Format, tried: Case) throws {
        try expect(.verificationFailure, format, .pubsub(publishers: 1, subscribers: 2, topics: 1), tried)
    }

    @Test("a call, or the registration for it, goes wrong on its way", arguments: Format.with(calls))
    private func call(format: Format, tried: Case) throws {
        try expect(.verificationFailure, format, .rpc(callers: 1, callees: 1), tried)
    }

    @Test("two clients get each other's messages", arguments: Format.with(exchanges))
    private func exchange(format: Format, tried: (Scenario, Case)) throws {
        try expect(.verificationFailure, format, tried.0, tried.1)
    }

    @Test("a session that does not open is told with what is missing or refused", arguments: Format.with(unopened))
    private func opening(format: Format, tried: (Scenario, Case)) throws {
        try expect(.invalid, format, tried.0, tried.1)
    }

    @Test("what is within the promises of WAMP is no fault", arguments: Format.with(harmless))
    private func promises(format: Format, tried: (Scenario, Case)) throws {
        let told = try run(format, tried.0, tried.1.fault)
        #expect(told.isClean, "\(told.status) \(told.lines)")
    }

    @Test("a proxy that does nothing is no fault", arguments: Format.all)
    func nothing(format: Format) throws {
        for scenario in [Scenario.pubsub(publishers: 2, subscribers: 3, topics: 1), .rpc(callers: 3, callees: 2)] {
            let told = try run(format, scenario, nil)
            #expect(told.isClean, "\(told.lines)")
        }
    }
}
