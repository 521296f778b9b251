import RennbahnComponents
import Testing

@Suite struct ComponentLifeTests {
    private func expect(
        _ step: ComponentLife.Step, _ expected: ComponentLife.Step, location: SourceLocation = #_sourceLocation
    ) {
        #expect(step == expected, sourceLocation: location)
    }

    private let quick: ReconnectPolicy = {
        var policy = ReconnectPolicy()
        policy.initialDelay = 100
        policy.growth = 2
        policy.jitter = 0
        policy.maxRetries = 2
        return policy
    }()

    private func joined(_ restart: RestartPolicy, _ reconnect: ReconnectPolicy?) -> ComponentLife {
        var life = ComponentLife(restart: restart, reconnect: reconnect)
        expect(life.start(), .connect)
        life.joined()
        return life
    }

    @Test func `Without reconnecting a lost connection is a failure`() {
        var life = joined(.never, nil)
        expect(life.sessionEnded(.lost("gone"), random: 0.5), .end(.failed("gone")))
    }

    @Test func `A lost connection is tried again after each delay, until there were enough retries in a row`() {
        var life = joined(.never, quick)
        expect(life.sessionEnded(.lost("a"), random: 0.5), .wait(100))
        expect(life.delayIsOver(), .connect)
        expect(life.sessionEnded(.lost("b"), random: 0.5), .wait(200))
        expect(life.delayIsOver(), .connect)
        expect(life.sessionEnded(.lost("c"), random: 0.5), .end(.failed("c")))
    }

    @Test func `What the server asks to wait for is waited for, and only that once`() {
        var life = joined(.never, quick)
        expect(life.sessionEnded(.lost("a", retryAfter: 150), random: 0.5), .wait(150))
        expect(life.delayIsOver(), .connect)
        expect(life.sessionEnded(.lost("b"), random: 0.5), .wait(200))
        var alone = joined(.never, nil)
        expect(alone.sessionEnded(.lost("gone", retryAfter: 150), random: 0.5), .end(.failed("gone")))
    }

    @Test func `A session that was joined starts the delays over`() {
        var life = joined(.never, quick)
        _ = life.sessionEnded(.lost("a"), random: 0.5)
        _ = life.delayIsOver()
        life.joined()
        #expect(life.sessions == 2)
        expect(life.sessionEnded(.lost("b"), random: 0.5), .wait(100))
    }

    @Test func `A refusal is tried again only where the container restarts`() {
        var refused = joined(.never, quick)
        expect(refused.sessionEnded(.failed("no"), random: 0.5), .end(.failed("no")))
        for policy in [RestartPolicy.onFailure, .always] {
            var life = joined(policy, quick)
            expect(life.sessionEnded(.failed("no"), random: 0.5), .wait(100))
        }
    }

    @Test func `What is done is done, but for restart-always`() {
        for policy in [RestartPolicy.never, .onFailure] {
            var life = joined(policy, quick)
            expect(life.sessionEnded(.done, random: 0.5), .end(.completed))
        }
        var life = joined(.always, quick)
        expect(life.sessionEnded(.done, random: 0.5), .wait(100))
    }

    @Test func `Stopping ends it in every state, and nothing later changes the outcome`() {
        var connecting = ComponentLife(restart: .never, reconnect: quick)
        expect(connecting.start(), .connect)
        var waiting = joined(.never, quick)
        expect(waiting.sessionEnded(.lost("gone"), random: 0.5), .wait(100))
        var done = joined(.always, quick)
        expect(done.sessionEnded(.done, random: 0.5), .wait(100))
        let cases: [(ComponentLife, ComponentLife.Outcome)] = [
            (ComponentLife(restart: .always, reconnect: quick), .stopped), (joined(.always, nil), .stopped),
            (connecting, .failed("no session was joined in time")), (waiting, .failed("gone")), (done, .stopped),
        ]
        for (start, outcome) in cases {
            var life = start
            expect(life.stop(), .end(outcome))
            expect(life.stop(), .end(outcome))
            expect(life.delayIsOver(), .end(outcome))
            expect(life.start(), .end(outcome))
            expect(life.sessionEnded(.done, random: 0.5), .end(outcome))
        }
    }
}

@Suite struct ContainerLifeTests {
    private func expectStop(
        _ life: inout ContainerLife, _ outcome: ComponentLife.Outcome, isService: Bool, _ expected: Bool,
        location: SourceLocation = #_sourceLocation
    ) {
        let stops = life.ended(outcome, isService: isService)
        #expect(stops == expected, sourceLocation: location)
    }

    @Test func `Services end when all that has an end of its own is at it`() {
        var life = ContainerLife(.manual, workers: 2, services: 3)
        expectStop(&life, .completed, isService: false, false)
        expectStop(&life, .failed("x"), isService: true, false)
        expectStop(&life, .failed("y"), isService: false, true)
    }

    @Test func `Services alone run until the last has ended`() {
        var life = ContainerLife(.onLastStopped, workers: 0, services: 2)
        expectStop(&life, .failed("x"), isService: true, false)
        expectStop(&life, .failed("x"), isService: true, true)
    }

    @Test func `The first failure, or the first end, stops the others where shutdown says so`() {
        var failed = ContainerLife(.onAnyFailed, workers: 3, services: 0)
        expectStop(&failed, .completed, isService: false, false)
        expectStop(&failed, .failed("x"), isService: false, true)
        var stopped = ContainerLife(.onAnyStopped, workers: 3, services: 0)
        expectStop(&stopped, .completed, isService: false, true)
    }
}
