import Logging
import RennbahnBytes
import RennbahnReactor
import RennbahnTransport
import RennbahnWebSocket

/// A shard that sends every message back as it came: frames and masks and nothing of WAMP, over the same loop as the
/// router. What the router costs above it is the cost of WAMP.
final class EchoShard {
    private let loop: LinkLoop
    private let control: ShardControl
    private let message = Box(OutgoingMessage())
    private var stopDeadline: UInt64?
    private let refusals: Box<RefusalLog>

    init(loop: LinkLoop, control: ShardControl, logger: Logger) throws(SystemError) {
        self.loop = loop
        self.control = control
        refusals = Box(RefusalLog(logger))
        try loop.watch(control.wakeUp)
    }

    func run() {
        while !isStopped() {
            loop.flush()
            if !loop.pollBusily(until: { control.current != .run }) {
                control.wakeUp.prepareToSleep()
                loop.wait(milliseconds: control.current == .run ? -1 : 10)
                control.wakeUp.finishSleep()
            }
            while let event = loop.next() {
                if case .message(let link, let kind) = event { echo(link, kind) }
            }
            if loop.counters.value.refused != refusals.value.seen {
                refusals.value.tell(loop.counters.value, last: loop.refusedPeer)
            }
        }
    }

    var figures: ShardFigures { ShardFigures(loop.counters.value) }

    private func echo(_ link: LinkID, _ kind: MessageKind) {
        let loop = loop
        message.value.begin(kind)
        message.value.payload.append(loop.message)
        switch loop.send(&message.value, to: link) {
        case .queued, .gone, .tooLarge: break
        case .congested, .detached: loop.pauseUntilDrained(link)
        }
    }

    private func isStopped() -> Bool {
        switch control.current {
        // Nobody asks an echo how it is doing.
        case .run, .tell: return false
        case .stop:
            guard let deadline = stopDeadline else {
                stopDeadline = loop.now + loop.limits.shutdownTimeout
                loop.stopListening()
                loop.forEachOpen { loop.close($0, code: .goingAway) }
                loop.closeUnopened()
                return false
            }
            guard loop.linkCount == 0 || loop.now >= deadline else { return false }
        case .abandon: break
        }
        loop.stopListening()
        loop.dropAll()
        while loop.next() != nil {}
        return true
    }
}
