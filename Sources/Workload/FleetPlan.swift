/// What one client of the fleet is.
///
/// Publishers and callers are numbered through the fleet: the number is the `sender` of their payloads.
package enum Role: Equatable, Sendable {
    case publisher(sender: Int, topic: Int)
    case subscriber(index: Int, topic: Int)
    /// Subscribes, and does not read what comes.
    case stuckSubscriber(topic: Int)
    case caller(sender: Int, procedure: Int)
    case callee(procedure: Int)
    /// Opens a session and keeps it.
    case visitor
    /// Sends to a bare echo and gets its own payloads back.
    case echoer(sender: Int)
    /// Takes what a bare server sends unasked.
    case listener
}

/// Which client does what, and on which generator shard.
///
/// Everyone who has to do with a topic or a procedure lives on one shard, `topic mod shards`, so that one thread sees both
/// ends of every message: latencies come from one clock reading per turn, and a completed publication frees its slot
/// without a word between threads. Publisher p publishes to topic `p mod topics`, subscriber s listens to topic
/// `s mod topics`, caller c calls procedure `c mod callees`, callee e is procedure e.
package struct FleetPlan: Sendable {
    package let scenario: Scenario
    package let shards: Int
    package let clients: Int
    private let laggards: WorkloadParameters.Laggards
    private let prefix: String

    /// - Parameters:
    ///   - parameters: without problems.
    ///   - run: number of the run; part of every URI, so that two fleets on one router do not meet.
    package init(_ parameters: WorkloadParameters, run: UInt64) {
        precondition(parameters.problems().isEmpty)
        scenario = parameters.scenario
        shards = parameters.shards
        clients = parameters.clients
        laggards = parameters.laggards
        // Equally long in every run: fleets that are compared send equally many octets.
        let digits = String(run & 0xff_ffff | 0x100_0000, radix: 16).dropFirst()
        prefix = "rennbahn.run_\(digits)"
    }

    package func topicName(_ topic: Int) -> String { "\(prefix).topic_\(topic)" }

    package func procedureName(_ procedure: Int) -> String { "\(prefix).procedure_\(procedure)" }

    /// The clients of one shard. Receivers come first, so that whoever connects in this order finds them listening.
    package func roles(ofShard shard: Int) -> [Role] {
        precondition((0..<shards).contains(shard))
        switch scenario {
        case .pubsub(let publishers, let subscribers, let topics):
            let listening = (0..<subscribers).lazy.filter { $0 % topics % shards == shard }
                .map {
                    isStuck($0) ? Role.stuckSubscriber(topic: $0 % topics) : .subscriber(index: $0, topic: $0 % topics)
                }
            let sending = (0..<publishers).lazy.filter { $0 % topics % shards == shard }
                .map { Role.publisher(sender: $0, topic: $0 % topics) }
            return Array(listening) + Array(sending)
        case .rpc(let callers, let callees):
            let called = (0..<callees).lazy.filter { $0 % shards == shard }.map { Role.callee(procedure: $0) }
            let calling = (0..<callers).lazy.filter { $0 % callees % shards == shard }
                .map { Role.caller(sender: $0, procedure: $0 % callees) }
            return Array(called) + Array(calling)
        case .connect:
            return (0..<clients).filter { $0 % shards == shard }.map { _ in .visitor }
        case .echo:
            return (0..<clients).filter { $0 % shards == shard }.map { .echoer(sender: $0) }
        case .push:
            return (0..<clients).filter { $0 % shards == shard }.map { _ in .listener }
        }
    }

    /// Whether a subscriber, by its index, reads slowly: the first ones do, those behind them are stuck.
    package func isSlow(_ subscriber: Int) -> Bool { subscriber < laggards.slow }

    private func isStuck(_ subscriber: Int) -> Bool { subscriber >= laggards.slow && subscriber < laggards.count }

    /// Those who start operations, in the fleet.
    package var senderCount: Int {
        switch scenario {
        case .pubsub(let publishers, _, _): publishers
        case .rpc(let callers, _): callers
        case .connect, .echo: clients
        case .push: 0
        }
    }

    /// Channels: topics or procedures; every sender uses one, `sender mod channels`.
    package var channelCount: Int {
        switch scenario {
        case .pubsub(_, _, let topics): topics
        case .rpc(_, let callees): callees
        case .connect, .echo, .push: clients
        }
    }

    /// How many receive what a sender sends and are waited for: the subscribers of its topic that are neither slow nor
    /// stuck, otherwise one.
    package func receivers(ofSender sender: Int) -> Int {
        switch scenario {
        case .pubsub(_, let subscribers, let topics):
            let topic = sender % topics
            func count(below index: Int) -> Int { index / topics + (topic < index % topics ? 1 : 0) }
            return count(below: subscribers) - count(below: laggards.count)
        case .rpc, .echo: return 1
        case .connect, .push: return 0
        }
    }
}
