import RennbahnRouter
import RennbahnTestKit
import RennbahnWAMP
import Testing

@Suite("The broker")
struct BrokerTests {
    @Test("an EVENT reaches every subscriber of the topic on every shard, in its realm only", arguments: 1...4)
    func fanOut(shards: Int) {
        let cluster = Cluster(shards: shards)
        let publisher = cluster.join()
        let elsewhere = cluster.join(shards - 1, realm: "realm2")
        let subscribers = (0..<(3 * shards)).map { cluster.join($0 % shards) }
        var ids: Set<SubscriptionID> = []
        for peer in subscribers { ids.insert(cluster.subscribe(peer, to: "a.topic")) }
        let foreign = cluster.subscribe(elsewhere, to: "a.topic")
        #expect(ids.count == 1, "one id for all subscribers of the topic")
        #expect(!ids.contains(foreign))
        cluster.publish(publisher, "a.topic", payload: 42)
        cluster.publish(publisher, "another.topic", payload: 43)
        cluster.settle()
        for peer in subscribers { #expect(cluster.take(peer) == [.event(ids.first ?? 0, 42)]) }
        #expect(cluster.take(elsewhere).isEmpty && cluster.take(publisher).isEmpty)
        cluster.checkInvariants()
    }

    @Test("few subscribers of a shard get it as many do", arguments: 1...4)
    func few(count: Int) {
        let cluster = Cluster()
        let publisher = cluster.join()
        let subscribers = (0..<count).map { _ in cluster.join() }
        let ids = subscribers.map { cluster.subscribe($0, to: "a.topic") }
        cluster.publish(publisher, "a.topic", payload: 42)
        for peer in subscribers { #expect(cluster.take(peer) == [.event(ids[0], 42)]) }
    }

    @Test("the publisher is left out unless exclude_me is false, wherever it stands", arguments: 0..<3)
    func publisherExclusion(place: Int) {
        let cluster = Cluster()
        let peers = (0..<3).map { _ in cluster.join() }
        for peer in peers { _ = cluster.subscribe(peer, to: "a.b") }
        cluster.publish(peers[place], "a.b", payload: 1)
        for (index, peer) in peers.enumerated() { #expect(cluster.take(peer).count == (index == place ? 0 : 1)) }
        cluster.publish(peers[place], "a.b", payload: 2, acknowledge: true, excludeMe: false)
        #expect(cluster.take(peers[place]) == [.published(7), .event(1, 2)], "PUBLISHED before the EVENT")
    }

    @Test("subscribing again gives the same id and no second EVENT")
    func subscribeTwice() {
        let cluster = Cluster()
        let peer = cluster.join()
        let publisher = cluster.join()
        let id = cluster.subscribe(peer, to: "a.b")
        #expect(cluster.subscribe(peer, to: "a.b") == id)
        cluster.publish(publisher, "a.b", payload: 5)
        #expect(cluster.take(peer) == [.event(id, 5)])
    }

    @Test("after UNSUBSCRIBE there is no EVENT, and a second one fails")
    func unsubscribe() {
        let cluster = Cluster()
        let peers = (0..<3).map { _ in cluster.join() }
        let id = peers.map { cluster.subscribe($0, to: "a.b") }[0]
        cluster.send(peers[0], .unsubscribe(request: 3, subscription: id))
        #expect(cluster.take(peers[0]) == [.unsubscribed(3)])
        cluster.publish(peers[1], "a.b", payload: 1)
        #expect(cluster.take(peers[0]).isEmpty)
        #expect(cluster.take(peers[2]) == [.event(id, 1)])
        for bogus in [id, .none, SubscriptionID(id.value + 1), SubscriptionID(1 << 53), SubscriptionID(.max)] {
            cluster.send(peers[0], .unsubscribe(request: 4, subscription: bogus))
            #expect(cluster.take(peers[0]) == [.error(.unsubscribe, 4, .noSuchSubscription)])
        }
    }

    @Test(
        "a failed PUBLISH is answered only when acknowledge is set", arguments: ["", "a..b", "a b", "wamp.x", "wamp"])
    func invalidTopic(topic: String) {
        let cluster = Cluster()
        let peer = cluster.join()
        cluster.publish(peer, topic, payload: 1)
        #expect(cluster.take(peer).isEmpty)
        cluster.publish(peer, topic, payload: 1, acknowledge: true)
        #expect(cluster.take(peer) == [.error(.publish, 7, .invalidURI)])
    }

    /// With a topic that is known, with one that patterns match, and with one that nobody knows.
    @Test(
        "a publication that is for some of the subscribers only reaches nobody", arguments: ["a.b", "a.c", "b"],
        [MatchPolicy.exact, .prefix])
    func restricted(topic: String, match: MatchPolicy) {
        let cluster = Cluster(shards: 2)
        let publisher = cluster.join()
        let subscribers = [cluster.join(0), cluster.join(1)]
        for peer in subscribers { _ = cluster.subscribe(peer, to: match == .exact ? "a.b" : "a.", match: match) }
        cluster.publish(publisher, topic, payload: 1, restrictsReceivers: true)
        cluster.settle()
        #expect(cluster.take(publisher).isEmpty)
        cluster.publish(publisher, topic, payload: 2, acknowledge: true, excludeMe: false, restrictsReceivers: true)
        cluster.settle()
        #expect(cluster.take(publisher) == [.error(.publish, 7, .optionNotAllowed)])
        #expect(subscribers.allSatisfy { cluster.take($0).isEmpty })
        #expect(cluster.refusedPublications == 2)
    }

    @Test("the reserved prefix may be subscribed to, but stays closed to publishers")
    func reserved() {
        let cluster = Cluster()
        let peer = cluster.join()
        _ = cluster.subscribe(peer, to: "wamp.session.on_join")
        cluster.publish(peer, "wamp.session.on_join", payload: 1, acknowledge: true, excludeMe: false)
        #expect(cluster.take(peer) == [.error(.publish, 7, .invalidURI)])
        cluster.publish(peer, "wampum", payload: 1, acknowledge: true)
        #expect(cluster.take(peer) == [.published(7)])
    }

    @Test("SUBSCRIBE with an invalid URI is refused")
    func refusedSubscribe() {
        let cluster = Cluster()
        let peer = cluster.join()
        cluster.send(peer, .subscribe(request: 1, options: MatchOptions()), uri: "a..b")
        #expect(cluster.take(peer) == [.error(.subscribe, 1, .invalidURI)])
        #expect(!cluster.isEmpty)
        cluster.detach(peer)
        #expect(cluster.isEmpty)
    }

    @Test("subscriptions of a session are limited, those that wait included")
    func limit() {
        var configuration = RouterConfiguration(realms: ["realm1"])
        configuration.limits.subscriptionsPerSession = 2
        let cluster = Cluster(shards: 2, configuration: configuration)
        let peer = cluster.join(1)
        for (request, topic) in ["a", "b", "c"].enumerated() {
            cluster.send(peer, .subscribe(request: RequestID(UInt64(request + 1)), options: MatchOptions()), uri: topic)
        }
        #expect(cluster.take(peer) == [.error(.subscribe, 3, .unavailable)])
        cluster.settle()
        #expect(cluster.take(peer).count == 2)
        let id = cluster.subscribe(peer, to: "a")
        cluster.send(peer, .unsubscribe(request: 9, subscription: id))
        _ = cluster.take(peer)
        _ = cluster.subscribe(peer, to: "c")
    }

    @Test("a session that leaves takes its subscriptions along, in any order")
    func leave() {
        let cluster = Cluster(shards: 2)
        var generator = SeededGenerator(seed: 4)
        var peers = (0..<12).map { cluster.join($0 % 2) }
        for peer in peers {
            for topic in 0..<5 where generator.chance(60) { _ = cluster.subscribe(peer, to: "t\(topic)") }
        }
        while !peers.isEmpty {
            cluster.detach(peers.remove(at: generator.below(peers.count)))
            cluster.checkInvariants()
            cluster.settle()
        }
        #expect(cluster.isEmpty)
    }
}
