import RennbahnBytes
import RennbahnMeasurement
import RennbahnTransport
import RennbahnWorkload

/// The subscribers of a shard that do not read as they should, and when the slow ones read next.
struct LaggardPace: Sendable {
    private(set) var slow: [LinkID] = []
    private(set) var stuck: [LinkID] = []
    private(set) var nextRead = UInt64.max
    private let interval: UInt64
    /// Whether the slow ones read in this turn; once the window is over they read as others do.
    private(set) var areReading = false
    /// EVENTs for the slow ones, in all phases.
    private var slowReceived: UInt64 = 0
    var figures = LaggardFigures()

    init(interval: UInt64) {
        self.interval = interval
    }

    mutating func addSlow(_ link: LinkID, now: UInt64) {
        slow.append(link)
        figures.slow += 1
        nextRead = now &+ interval
    }

    mutating func addStuck(_ link: LinkID) {
        stuck.append(link)
        figures.stuck += 1
    }

    mutating func received(inWindow: Bool) {
        slowReceived += 1
        if inWindow { figures.slowMessages += 1 }
    }

    mutating func read() {
        areReading = true
    }

    mutating func haveRead(now: UInt64) {
        areReading = false
        nextRead = now &+ interval
    }

    /// Nobody is held any more.
    mutating func letGo() {
        areReading = true
        nextRead = .max
        stuck.removeAll()
    }

    mutating func noteLag(expected: UInt64) {
        figures.slowBehind = expected - min(expected, slowReceived)
    }
}

extension FleetShard {
    /// SO_RCVBUF of those who do not read as they should, so that it is the router that notices, and not first the kernel
    /// that takes megabytes for them.
    static let laggardBuffer: Int32 = 64 * 1024

    func isLaggard(_ client: Int) -> Bool {
        switch fleet.value.roles[client] {
        case .subscriber(let index, _): setting.plan.isSlow(index)
        case .stuckSubscriber: true
        case .publisher, .caller, .callee, .visitor, .echoer, .listener: false
        }
    }

    /// A subscription stands: who reads slowly or not at all stops to read now.
    func holdLaggard(_ client: Int) {
        guard isLaggard(client) else { return }
        let link = fleet.value.links[client]
        loop.pause(link)
        if case .stuckSubscriber = fleet.value.roles[client] {
            laggards.value.addStuck(link)
        } else {
            laggards.value.addSlow(link, now: meter.value.time)
        }
    }

    /// Lets the slow ones read for one turn when it is time, and everybody read to the end when the load is over.
    func paceLaggards() {
        guard laggards.value.nextRead != .max || !laggards.value.stuck.isEmpty else { return }
        if isWindowOver || isClosing {
            let isReading = laggards.value.areReading
            if !isReading { for link in laggards.value.slow { loop.resume(link) } }
            // What was sent before the router dropped them, and then the end of the connection.
            for link in laggards.value.stuck { loop.resume(link) }
            laggards.value.letGo()
        } else if laggards.value.areReading {
            for link in laggards.value.slow { loop.pause(link) }
            laggards.value.haveRead(now: meter.value.time)
        } else if meter.value.time >= laggards.value.nextRead {
            for link in laggards.value.slow { loop.resume(link) }
            laggards.value.read()
        }
    }

    /// The window is over: how far the slow ones are behind.
    func noteLag() {
        guard !laggards.value.slow.isEmpty else { return }
        var expected: UInt64 = 0
        for role in fleet.value.roles {
            guard case .subscriber(let index, let topic) = role, setting.plan.isSlow(index) else { continue }
            for sender in stride(from: topic, to: setting.plan.senderCount, by: setting.plan.channelCount) {
                expected += published(sender)
            }
        }
        laggards.value.noteLag(expected: expected)
    }

    /// The connection of one that never reads has ended, as it should; false for any other. Where it was dropped, nobody
    /// answers its GOODBYE.
    func noteStuckEnd(_ client: Int, _ end: LinkEnd) -> Bool {
        guard case .stuckSubscriber = fleet.value.roles[client], end != .dropped else { return false }
        switch fleet.value.states[client] {
        case .ready: fleet.value.ready -= 1
        case .leaving: break
        case .idle, .opening, .joining, .preparing, .closing, .failed, .gone: return false
        }
        fleet.value.states[client] = .gone
        laggards.value.figures.stuckDropped += 1
        return true
    }
}
