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

    init(loop: LinkLoop, control: ShardControl) throws(SystemError) {
        self.loop = loop
        self.control = control
        try loop.watch(control.wakeUp)
    }

    func run() {
        while !isStopped() {
            loop.flush()
            // Behind the flush, which drains receivers that are waited for.
            releaseWaiters()
            if !loop.pollBusily(until: { control.current != .run }) {
                control.wakeUp.prepareToSleep()
                loop.wait(milliseconds: control.current == .run ? -1 : 10)
                control.wakeUp.finishSleep()
            }
            while let event = loop.next() {
                if case .message(let link, let kind) = event { echo(link, kind) }
            }
        }
    }

    var figures: ShardFigures { ShardFigures(loop.counters.value) }

    private func echo(_ link: LinkID, _ kind: MessageKind) {
        let loop = loop
        message.value.begin(kind)
        message.value.payload.append(loop.message)
        guard loop.send(&message.value, to: link) == .congested else { return }
        if loop.await(link, LinkWaiter(shard: 0, link: link)) { loop.pause(link) }
    }

    private func releaseWaiters() {
        let released = loop.releasedWaiters
        loop.releasedWaiters.removeAll()
        for waiter in released { loop.resume(waiter.link) }
    }

    private func isStopped() -> Bool {
        switch control.current {
        case .run: return false
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
