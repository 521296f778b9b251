import RennbahnBytes
import RennbahnMetrics
import RennbahnReactor

/// The connections of those who scrape metrics, on the thread that answers them. Each may be slow, vanish, or never say a word: it
/// has its time, and the others theirs.
final class ScrapeDesk {
    /// Connections at a time. Where there are as many, one that waits for its next request makes room for a new one.
    static let places = 16

    private struct Visitor {
        let descriptor: Descriptor
        var connection: ScrapeConnection
        var interest: Interest = [.read]
        var hasShutDown = false
    }

    private enum Token {
        static let listener: UInt64 = 0
        static let wakeUp: UInt64 = 1
        static let visitors: UInt64 = 2
    }

    private let listener: Descriptor
    private let wakeUp: WakeUp
    private var poller: Poller
    private var visitors = [Visitor?](repeating: nil, count: ScrapeDesk.places)
    private var input = ByteBuffer(capacity: 4096)
    /// When the listener is looked at again, where it is not for a while.
    private var listensAt: UInt64?

    /// Descriptors ran out: nanoseconds until it is tried again.
    private static let pause: UInt64 = 1_000_000_000

    init(_ listener: Descriptor, _ wakeUp: WakeUp) throws(SystemError) {
        self.listener = listener
        self.wakeUp = wakeUp
        poller = try Poller()
        try poller.add(listener, token: Token.listener, interest: [.read])
        try wakeUp.register(in: &poller, token: Token.wakeUp)
    }

    /// Answers until it is to end.
    func serve(_ page: (MetricsFormat) -> String, isOver: () -> Bool) {
        while true {
            wakeUp.prepareToSleep()
            guard !isOver() else { break }
            let events = poller.wait(timeoutNanoseconds: time(from: MonotonicClock.now()))
            wakeUp.finishSleep()
            var someoneCame = false
            for index in 0..<events {
                let event = poller.event(at: index)
                if event.token == Token.listener {
                    someoneCame = true
                } else if event.token >= Token.visitors {
                    attend(Int(event.token - Token.visitors), event.readiness, page)
                }
            }
            let now = MonotonicClock.now()
            for place in visitors.indices { tick(place, at: now) }
            // Behind the events, which are of those who were there before.
            if let listensAt, now >= listensAt { listenAgain() }
            if someoneCame { accept(at: now) }
        }
        wakeUp.finishSleep()
        for place in visitors.indices { leave(place) }
    }

    /// Nanoseconds until something is due: a day at most.
    private func time(from now: UInt64) -> UInt64 {
        let deadlines = visitors.compactMap { $0?.connection.deadline } + (listensAt.map { [$0] } ?? [])
        guard let next = deadlines.min() else { return 86_400_000_000_000 }
        return next > now ? next - now : 0
    }

    // MARK: Coming and going

    private func accept(at now: UInt64) {
        // The rest of a crowd comes with the next event.
        for _ in 0..<ScrapeDesk.places {
            switch Sockets.accept(listener) {
            case .accepted(let descriptor): admit(descriptor, at: now)
            case .wouldBlock: return
            case .retry: continue
            case .exhausted, .failed:
                listensAt = now + ScrapeDesk.pause
                try? poller.modify(listener, token: Token.listener, interest: [])
                return
            }
        }
    }

    private func listenAgain() {
        listensAt = nil
        try? poller.modify(listener, token: Token.listener, interest: [.read])
    }

    private func admit(_ descriptor: Descriptor, at now: UInt64) {
        guard let place = vacancy() else { return Sockets.close(descriptor) }
        do throws(SystemError) {
            try poller.add(descriptor, token: Token.visitors + UInt64(place), interest: [.read])
            visitors[place] = Visitor(descriptor: descriptor, connection: ScrapeConnection(at: now))
        } catch {
            Sockets.close(descriptor)
        }
    }

    /// A free place; where there is none, that of the connection which has been idle for longest.
    private func vacancy() -> Int? {
        if let free = visitors.firstIndex(where: { $0 == nil }) { return free }
        let idle = visitors.indices.filter { visitors[$0]?.connection.isIdle == true }
        let oldest = idle.min { left, right in
            (visitors[left]?.connection.deadline ?? 0) < (visitors[right]?.connection.deadline ?? 0)
        }
        if let oldest { leave(oldest) }
        return oldest
    }

    private func tick(_ place: Int, at now: UInt64) {
        visitors[place]?.connection.tick(at: now)
        if visitors[place]?.connection.isOver == true { leave(place) }
    }

    private func leave(_ place: Int) {
        guard let visitor = visitors[place] else { return }
        Sockets.close(visitor.descriptor)
        visitors[place] = nil
    }

    // MARK: Octets

    private func attend(_ place: Int, _ readiness: Readiness, _ page: (MetricsFormat) -> String) {
        guard visitors[place] != nil else { return }
        if readiness.concernsReading, visitors[place]?.connection.reads == true { read(place, page) }
        write(place, page)
        guard let visitor = visitors[place] else { return }
        if visitor.connection.isOver { return leave(place) }
        if visitor.connection.hasEnded, !visitor.hasShutDown {
            Sockets.shutdownWrite(visitor.descriptor)
            visitors[place]?.hasShutDown = true
        }
        watch(place)
    }

    /// One read: the rest comes with the next event.
    private func read(_ place: Int, _ page: (MetricsFormat) -> String) {
        guard let descriptor = visitors[place]?.descriptor else { return }
        input.removeAll(keepingCapacity: true)
        switch Sockets.receive(descriptor, into: &input, minimumFree: 4096) {
        case .bytes:
            visitors[place]?.connection.received(
                input.span.copied(), at: MonotonicClock.now(), date: ScrapeDesk.date, page: page)
        case .wouldBlock: break
        case .closed: visitors[place]?.connection.peerEnded()
        case .failed: visitors[place]?.connection.failed()
        }
    }

    /// Writes until all is written, or the socket takes no more.
    private func write(_ place: Int, _ page: (MetricsFormat) -> String) {
        while let visitor = visitors[place], !visitor.connection.output.isEmpty, !visitor.connection.isOver {
            let octets = visitor.connection.output
            switch Sockets.send(visitor.descriptor, octets.span) {
            case .bytes(let count):
                visitors[place]?.connection.wrote(count, at: MonotonicClock.now(), date: ScrapeDesk.date, page: page)
            case .wouldBlock: return
            case .closed, .failed: visitors[place]?.connection.failed()
            }
        }
    }

    private static var date: UInt64 { WallClock.now() / 1_000_000_000 }

    /// Looks for what the connection waits for, and for nothing else.
    private func watch(_ place: Int) {
        guard let visitor = visitors[place] else { return }
        let interest: Interest = visitor.connection.reads ? [.read] : [.write]
        guard interest != visitor.interest else { return }
        visitors[place]?.interest = interest
        try? poller.modify(visitor.descriptor, token: Token.visitors + UInt64(place), interest: interest)
    }
}
