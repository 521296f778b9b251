import Benchmark
import RennbahnBytes
import RennbahnRouter
import RennbahnWAMP

/// PUBLISH through the router of one shard, from the topic to the effects: how the cost of a lookup grows with what is
/// stored. A publication has one subscription (`exact`), or an exact one, a prefix and a wildcard (`mixed`); its topic
/// is the same each time, or one of a thousand.
func patternBenchmarks() {
    for kind in PatternCourse.Kind.allCases {
        for count in [1_000, 1_000_000] {
            for topics in [1, 1_000] {
                let name =
                    "patterns: \(kind.rawValue), \(count) subscriptions, \(topics == 1 ? "one topic" : "many topics")"
                Benchmark(name, configuration: slowToBuild) { benchmark in
                    let course = PatternCourse.of(kind, count)
                    benchmark.startMeasurement()
                    blackHole(course.publish(benchmark.scaledIterations.count, topics: topics))
                    benchmark.stopMeasurement()
                }
            }
        }
    }
}

/// The first warm-up iteration builds the tables.
private var slowToBuild: Benchmark.Configuration {
    Benchmark.Configuration(warmupIterations: 5, scalingFactor: .kilo, maxDuration: .seconds(2), maxIterations: 1000)
}

/// A router with one publisher and one subscriber of many subscriptions.
final class PatternCourse {
    enum Kind: String, CaseIterable {
        case exact, mixed
    }

    // The benchmarks run one after the other in one thread.
    nonisolated(unsafe) private static var last: (kind: Kind, count: Int, course: PatternCourse)?

    private let router: Box<RoutingCore>
    private let effects = Box(Effects())
    private let publisher = SessionHandle(index: 0, generation: 0)
    private let topics: [[UInt8]]

    /// The course of these parameters; the one before is given up, since a million subscriptions take much memory.
    static func of(_ kind: Kind, _ count: Int) -> PatternCourse {
        if let last, last.kind == kind, last.count == count { return last.course }
        last = nil
        let course = PatternCourse(kind, count)
        last = (kind, count, course)
        return course
    }

    private init(_ kind: Kind, _ count: Int) {
        var configuration = RouterConfiguration(realms: ["realm1"])
        configuration.limits.subscriptionsPerSession = count
        configuration.limits.memory = 16 << 30
        router = Box(
            RoutingCore(
                configuration: configuration, shard: 0, shards: 1,
                random: RandomReservoir { words in for index in words.indices { words[index] = UInt64(index) << 11 } },
                hashSeed: 0x5eed))
        let devices = kind == .exact ? count : count / 3
        let stride = max(1, devices / 1_000)
        topics = (0..<min(1_000, devices)).map { PatternCourse.topic($0 * stride) }
        let subscriber = SessionHandle(index: 1, generation: 0)
        let realm = Array("realm1".utf8)
        for session in [publisher, subscriber] {
            router.value.hello(realm: realm.span, from: session, into: &effects.value)
        }
        effects.value.removeAll()
        for device in 0..<devices {
            subscribe(subscriber, PatternCourse.topic(device), .exact)
            guard kind == .mixed else { continue }
            subscribe(subscriber, Array("com.example.device\(device).".utf8), .prefix)
            subscribe(subscriber, Array("com..device\(device).temperature".utf8), .wildcard)
        }
    }

    private static func topic(_ device: Int) -> [UInt8] {
        Array("com.example.device\(device).temperature".utf8)
    }

    private func subscribe(_ session: SessionHandle, _ uri: [UInt8], _ match: MatchPolicy) {
        router.value.process(
            .subscribe(request: 1, options: MatchOptions(match: match)), from: session, uri: uri.span,
            into: &effects.value)
        effects.value.removeAll()
    }

    /// Publishes `count` times; returns how many effects that had.
    func publish(_ count: Int, topics bound: Int) -> Int {
        let bound = min(bound, topics.count)
        var place = 0
        var total = 0
        for _ in 0..<count {
            let topic = topics[place]
            router.value.process(
                .publish(request: 1, options: PublishOptions()), from: publisher, uri: topic.span, into: &effects.value)
            total += effects.value.list.count
            effects.value.removeAll()
            place = place + 1 == bound ? 0 : place + 1
        }
        return total
    }
}
