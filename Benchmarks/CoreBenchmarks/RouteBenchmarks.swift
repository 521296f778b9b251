import Benchmark
import RennbahnBytes
import RennbahnRouter
import RennbahnWAMP

/// What a publication costs the router of one shard: finding its subscribers in tables of several sizes, and an EVENT in
/// the queues of one to ten thousand of them.
func routeBenchmarks() {
    for count in [1_000, 100_000, 1_000_000] {
        Benchmark("route: PUBLISH among \(count) exact subscriptions") { benchmark in
            var table = RouteTable(subscriptions: count)
            benchmark.startMeasurement()
            for number in benchmark.scaledIterations { table.publish(number) }
            benchmark.stopMeasurement()
            try table.check()
        }
    }
    for count in [1, 10, 100, 1_000, 10_000] {
        Benchmark("fan-out: an EVENT of 128 B to \(count), per receiver", configuration: scaled(count)) { benchmark in
            var fanOut = FanOut(receivers: count)
            // The chunks of all queues are taken from the system before the clock starts.
            fanOut.publish()
            let rounds = max(1, benchmark.scaledIterations.count / count)
            benchmark.startMeasurement()
            for _ in 0..<rounds { fanOut.publish() }
            benchmark.stopMeasurement()
            guard fanOut.isEmpty else { throw RouteFailure.eventsAreMissing }
        }
    }
}

/// An iteration is so many EVENTs, of as many publications as they make.
private func scaled(_ receivers: Int) -> Benchmark.Configuration {
    Benchmark.Configuration(
        scalingFactor: receivers > 1_000 ? .mega : .kilo, maxDuration: .seconds(1), maxIterations: 2000)
}

private enum RouteFailure: Error {
    case eventsAreMissing
}

/// The router of one shard, with sessions that speak nothing: what it says goes nowhere.
private struct Sessions: ~Copyable {
    var router: RoutingCore
    var effects = Effects()
    private var nextRequest: RequestID = 1

    init(_ count: Int) {
        router = RoutingCore(
            configuration: RouterConfiguration(realms: ["realm1"]), shard: 0, shards: 1,
            random: RandomReservoir { words in for index in words.indices { words[index] = UInt64(index) << 20 } },
            hashSeed: 0x5eed)
        let realm = Array("realm1".utf8)
        for index in 0..<count {
            router.hello(realm: realm.span, from: Sessions.handle(index), into: &effects)
            effects.removeAll()
        }
    }

    static func handle(_ index: Int) -> SessionHandle {
        SessionHandle(index: UInt32(index), generation: 0)
    }

    mutating func subscribe(_ session: Int, to topic: [UInt8]) {
        router.process(
            .subscribe(request: nextRequest, options: MatchOptions()), from: Sessions.handle(session),
            uri: topic.span, into: &effects)
        nextRequest.value += 1
        effects.removeAll()
    }

    /// The effects stay, for the caller to work off and remove.
    mutating func publish(to topic: Span<UInt8>) {
        router.process(
            .publish(request: nextRequest, options: PublishOptions()), from: Sessions.handle(0), uri: topic,
            into: &effects)
        nextRequest.value += 1
    }
}

/// Many topics with one subscriber each.
private struct RouteTable: ~Copyable {
    private static let perSession = 10_000
    /// Topics that are published to, spread over all: so many that the tables of the largest are not in the cache.
    private static let published = 4096

    private var sessions: Sessions
    private var topics: [[UInt8]] = []
    private var events = 0
    private var publications = 0

    init(subscriptions count: Int) {
        sessions = Sessions(1 + (count + RouteTable.perSession - 1) / RouteTable.perSession)
        let stride = max(1, count / RouteTable.published)
        for number in 0..<count {
            let topic = Array("com.example.sensors.building\(number % 97).room\(number)".utf8)
            sessions.subscribe(1 + number / RouteTable.perSession, to: topic)
            if number % stride == 0 { topics.append(topic) }
        }
        // An order that no prefetcher knows, the same in each run.
        var random = SystematicShuffle()
        topics.shuffle(using: &random)
    }

    mutating func publish(_ number: Int) {
        let topic = topics[number % topics.count]
        sessions.publish(to: topic.span)
        events += sessions.effects.recipients.count
        publications += 1
        sessions.effects.removeAll()
    }

    func check() throws {
        guard events == publications else { throw RouteFailure.eventsAreMissing }
    }
}

/// Numbers that are the same in each run.
private struct SystematicShuffle: RandomNumberGenerator {
    private var state: UInt64 = 0x5eed

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ state >> 29
    }
}

/// One topic with many subscribers: scan, route, one frame, a copy in each queue, and the queues emptied.
private struct FanOut: ~Copyable {
    private var sessions: Sessions
    private var scanner = EnvelopeScanner()
    private let message = Samples.publish(.json, 128)
    private var frame = ByteBuffer(capacity: 1024)
    private var pool = ChunkPool()
    private var queues: [OutputQueue]
    private var expected = 0
    private var sent = 0

    init(receivers: Int) {
        sessions = Sessions(receivers + 1)
        queues = [OutputQueue](repeating: OutputQueue(), count: receivers + 1)
        for session in 1...receivers { sessions.subscribe(session, to: Samples.topic) }
    }

    var isEmpty: Bool { pool.queuedBytes == 0 && sent == expected && sent > 0 }

    mutating func publish() {
        let message = message
        guard let scanned = try? scanner.scanClientMessage(message.span, serializer: .json) else { return }
        sessions.publish(to: message.span.extracting(scanned.uri.range))
        expected += queues.count - 1
        for index in 0..<sessions.effects.list.count {
            guard case .event(let subscription, let publication, let recipients, _) = sessions.effects.list[index]
            else {
                continue
            }
            frame.removeAll(keepingCapacity: true)
            MessageWriter.event(
                .json, subscription: subscription, publication: publication, payload: scanned.payload,
                message.span.extracting(scanned.payloadRange), into: &frame)
            FanOut.queue(frame, for: recipients, of: sessions.effects, in: &queues, of: &pool)
            sent += recipients.count
        }
        sessions.effects.removeAll()
        for index in queues.indices where !queues[index].isEmpty {
            pool.consume(queues[index].count, from: &queues[index])
        }
        pool.endTurn()
    }

    /// As the router does it: what goes to one is copied to its queue, what goes to more is in memory once.
    private static func queue(
        _ frame: borrowing ByteBuffer, for recipients: Range<Int>, of effects: borrowing Effects,
        in queues: inout [OutputQueue], of pool: inout ChunkPool
    ) {
        guard recipients.count > 1 else {
            for position in recipients {
                pool.append(frame.span, to: &queues[Int(effects.recipients[position].index)])
            }
            return
        }
        let shared = pool.share(frame.span)
        for position in recipients { pool.append(shared, to: &queues[Int(effects.recipients[position].index)]) }
        pool.release(shared)
    }
}
