import RennbahnAuthentication
import WAMPClient

extension WAMPError {
    /// The task was canceled: the container ends.
    static var stopped: WAMPError { application("wamp.error.canceled") }
}

/// One instance of a component, over all its sessions.
struct InstanceRun: Sendable {
    let component: any HostedComponent
    let realm: String
    let credentials: [ClientCredential]
    let transport: ConnectingTransport
    let agent: String
    let figures: ComponentFigures
    var life: ComponentLife

    /// Returns when the instance has ended; a canceled task ends it in good order.
    mutating func run() async -> ComponentLife.Outcome {
        var step = life.start()
        while true {
            switch step {
            case .connect: step = await attempt()
            case .wait(let delay):
                do {
                    try await Task.sleep(nanoseconds: delay)
                    step = life.delayIsOver()
                } catch {
                    step = life.stop()
                }
            case .end(let outcome): return outcome
            }
        }
    }

    private mutating func attempt() async -> ComponentLife.Step {
        let end: SessionEnd
        do throws(WAMPError) {
            let session = try await WAMPSession.connect(
                over: transport, realm: realm, agent: agent, credentials: credentials)
            life.joined()
            figures.noteJoined()
            end = await InstanceRun.use(session, component, figures)
            figures.noteLeft()
        } catch {
            end = SessionEnd(error)
        }
        // What a canceled task failed with is that it was canceled.
        if Task.isCancelled, end != .done { return life.stop() }
        return life.sessionEnded(end, random: Double.random(in: 0...1))
    }

    private static func use(
        _ session: WAMPSession, _ component: any HostedComponent, _ figures: ComponentFigures
    ) async -> SessionEnd {
        let end: SessionEnd
        do throws(WAMPError) {
            try await component.run(in: session, figures)
            end = .done
        } catch {
            end = SessionEnd(error)
        }
        await session.close()
        return end
    }
}

extension SessionEnd {
    /// What became of a session that ended with an error: trouble on the way is worth another attempt.
    init(_ error: WAMPError) {
        switch error.code {
        // A router that says goodbye shuts down, or has taken the session out: both may pass.
        case .connectionRefused, .connectionLost, .timedOut, .closed: self = .lost("\(error)")
        case .unavailable:
            let seconds = error.retryAfter?.components.seconds ?? 0
            self = .lost("\(error)", retryAfter: UInt64(clamping: seconds) * 1_000_000_000)
        case _: self = .failed("\(error)")
        }
    }
}
