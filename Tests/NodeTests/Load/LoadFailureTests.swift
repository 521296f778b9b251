import RennbahnLoadGenerator
import RennbahnMeasurement
import RennbahnReactor
import RennbahnRouterNode
import RennbahnWAMP
import RennbahnWebSocket
import RennbahnWorkload
import Testing

/// Runs that cannot be made end with one clear line that says what and where.
@Suite(.serialized)
struct LoadFailureTests {
    private static let workload = WorkloadParameters.short(.rpc(callers: 1, callees: 1), clients: 2)

    private func connectionFailure(_ configuration: LoadConfiguration) throws -> ConnectionFailure {
        guard case .connection(let url, let failure, ready: 0, requested: 2)? = failure(of: configuration) else {
            throw Unexpected()
        }
        #expect(url == configuration.target.url)
        return failure
    }

    private struct Unexpected: Error {}

    @Test("a refused connection names the URL and the reason")
    func refused() throws {
        let bench = try LoadBench()
        let configuration = try bench.configuration(Self.workload)
        bench.stop()
        let found = failure(of: configuration)
        let failure = try #require(found)
        #expect("\(failure)" == "\(configuration.target.url): connect failed: Connection refused")
        #expect(!failure.isConfiguration)
    }

    @Test("an unknown realm gives the reason of the ABORT")
    func unknownRealm() throws {
        let bench = try LoadBench()
        defer { bench.stop() }
        var configuration = try bench.configuration(Self.workload)
        configuration.realm = "nowhere"
        guard case .aborted(let reason, let message) = try connectionFailure(configuration) else { throw Unexpected() }
        #expect(reason == "wamp.error.no_such_realm")
        #expect(!message.isEmpty)
    }

    @Test("a subprotocol that the server does not speak is named")
    func unsupportedSubprotocol() throws {
        let bench = try LoadBench(serializers: [.json])
        defer { bench.stop() }
        let failure = try connectionFailure(try bench.configuration(Self.workload, .msgpack))
        #expect("\(failure)".contains("400") && "\(failure)".contains("wamp.2.msgpack"))
    }

    @Test("an echo that agrees to everything but says no WAMP is found out")
    func noWAMP() throws {
        let bench = try LoadBench(service: .echo)
        defer { bench.stop() }
        // The HELLO comes back, and is not for routers to send.
        #expect(
            try connectionFailure(try bench.configuration(Self.workload)) == .violation(.wrongDirection(.hello)))
    }

    @Test("compression that the server declines fails the run instead of measuring something else")
    func declinedCompression() throws {
        let bench = try LoadBench(deflate: nil)
        defer { bench.stop() }
        var configuration = try bench.configuration(Self.workload)
        configuration.deflate = DeflatePolicy()
        #expect(try connectionFailure(configuration) == .uncompressed)
    }

    @Test("a server that leaves in the middle is told")
    func serverLeaves() throws {
        let bench = try LoadBench()
        var workload = Self.workload
        workload.phases.window = 60_000_000_000
        let configuration = try bench.configuration(workload)
        var stopped = false
        do throws(LoadFailure) {
            _ = try LoadRun(configuration).run(onProgress: { progress in
                if case .measuring = progress.phase, !stopped {
                    stopped = true
                    bench.node.stop()
                }
            })
            Issue.record("the run did not fail")
        } catch {
            #expect("\(error)".contains("the server said GOODBYE wamp.close.system_shutdown"))
        }
        bench.stop()
    }

    @Test("a run that is interrupted closes and returns what it has")
    func interrupted() throws {
        let bench = try LoadBench()
        defer { bench.stop() }
        var workload = Self.workload
        workload.phases.window = 60_000_000_000
        var isInterrupted = false
        let outcome = try LoadRun(try bench.configuration(workload)).run(
            onProgress: { if case .measuring = $0.phase, $0.messages > 0 { isInterrupted = true } },
            isInterrupted: { isInterrupted })
        #expect(outcome.isInterrupted && outcome.ending == .aborted)
        #expect(outcome.messages > 0 && outcome.verification.isClean)
    }

    @Test("sessions that cannot be opened are counted, and who failed comes again", arguments: [1, 2])
    func resets(shards: Int) throws {
        let bench = try LoadBench()
        defer { bench.stop() }
        let proxy = try FaultyProxy(to: bench.node.address, .json, dropped: 10)
        defer { proxy.stop() }
        var workload = WorkloadParameters.short(.connect, clients: 4, shards: shards)
        workload.phases.window = 1_000_000_000
        let outcome = try LoadRun(
            LoadConfiguration(
                target: try LoadTarget(parsing: "ws://127.0.0.1:\(proxy.address.port)/"), workload: workload,
                serializer: .json)
        ).run()
        // Each of four would be gone for good after four failures.
        #expect(outcome.failedVisits > 4 && outcome.messages > 3 * outcome.failedVisits)
        #expect(outcome.verification.isClean && outcome.connectionsLost == 0)
        #expect(outcome.cell.verdict.reasons.map(\.kind).contains(.sessionsNotOpened))
        #expect(outcome.cell.verdict.exitStatus == .invalid)
        #expect(outcome.failures.values.reduce(0, +) == Int(outcome.failedVisits))
    }

    @Test("a server that is gone ends a run of visits")
    func visitsToNobody() throws {
        let bench = try LoadBench()
        var workload = WorkloadParameters.short(.connect, clients: 4)
        workload.phases.window = 60_000_000_000
        let configuration = try bench.configuration(workload)
        var stopped = false
        do throws(LoadFailure) {
            _ = try LoadRun(configuration).run(onProgress: { progress in
                if case .measuring = progress.phase, !stopped {
                    stopped = true
                    bench.stop()
                }
            })
            Issue.record("the run did not fail")
        } catch {
            guard case .connection = error else {
                Issue.record("\(error)")
                return
            }
        }
    }

    @Test(
        "a publisher that may not publish is told that, and not that its messages are lost",
        arguments: Serializer.allCases)
    func mayNotPublish(serializer: Serializer) throws {
        let bench = try LoadBench()
        defer { bench.stop() }
        let proxy = try FaultyProxy(
            to: bench.node.address, serializer,
            fault: FaultyProxy.Fault(code: .published, kind: .refuse, skipped: 0))
        defer { proxy.stop() }
        var configuration = try bench.configuration(
            .short(.pubsub(publishers: 1, subscribers: 1, topics: 1), clients: 2), serializer)
        configuration.target = try LoadTarget(parsing: "ws://127.0.0.1:\(proxy.address.port)/")
        let outcome = try LoadRun(configuration).run()
        #expect(outcome.failures == ["PUBLISH was refused: wamp.error.not_authorized": 1])
        #expect(outcome.verification.isClean && outcome.faults.faults.isEmpty)
        #expect(outcome.cell.verdict.exitStatus == .invalid)
        #expect(outcome.cell.verdict.reasons.map(\.kind).contains(.connectionsLost))
    }

    @Test("an ERROR for a publication that was acknowledged is a violation, and ends nothing")
    func unaskedRefusal() throws {
        let bench = try LoadBench()
        defer { bench.stop() }
        let proxy = try FaultyProxy(
            to: bench.node.address, .json,
            fault: FaultyProxy.Fault(code: .published, kind: .refuseAnswered, skipped: 0))
        defer { proxy.stop() }
        var configuration = try bench.configuration(
            .short(.pubsub(publishers: 1, subscribers: 1, topics: 1), clients: 2))
        configuration.target = try LoadTarget(parsing: "ws://127.0.0.1:\(proxy.address.port)/")
        let outcome = try LoadRun(configuration).run()
        #expect(outcome.failures.isEmpty && outcome.connectionsLost == 0)
        #expect(
            outcome.faults.faults.map(\.description) == [
                "ERROR wamp.error.not_authorized to publisher 0: nobody asked for it"
            ])
        #expect(outcome.verification.unexpected == 1 && outcome.verification.violations == 1)
        #expect(outcome.cell.verdict.exitStatus == .verificationFailure)
    }

    @Test("more connections than descriptors are refused beforehand, with both numbers")
    func descriptors() throws {
        let bench = try LoadBench()
        defer { bench.stop() }
        let limit = DescriptorLimit.raise().soft
        let wanted = min(limit + 1, Stamp.maximumSender)
        let configuration = try bench.configuration(.short(.connect, clients: wanted))
        guard limit < wanted, let failure = failure(of: configuration) else { return }
        guard case .tooFewDescriptors(let needed, limit) = failure else { throw Unexpected() }
        #expect(needed > wanted && failure.isConfiguration)
    }

    @Test("all problems of the parameters come at once")
    func parameters() throws {
        let bench = try LoadBench()
        defer { bench.stop() }
        let configuration = try bench.configuration(
            .short(.pubsub(publishers: 0, subscribers: 0, topics: 0), clients: 0, payloadBytes: 1))
        guard case .parameters(let problems)? = failure(of: configuration) else { throw Unexpected() }
        #expect(problems.count >= 4)
    }

    @Test("a process that does not exist cannot be sampled")
    func unknownProcess() throws {
        let bench = try LoadBench()
        defer { bench.stop() }
        var configuration = try bench.configuration(Self.workload)
        configuration.targetProcesses = [0x3fff_ffff]
        guard case .targetProcess(.gone)? = failure(of: configuration) else { throw Unexpected() }
    }
}
