import RennbahnRouter
import RennbahnWAMP
import Testing

@Suite("Interest between shards")
struct InterestTests {
    @Test("SUBSCRIBED waits until every shard has taken note; no publication after it is missed")
    func readiness() {
        let cluster = Cluster(shards: 3)
        let subscriber = cluster.join(1)
        let publisher = cluster.join(2)
        cluster.send(subscriber, .subscribe(request: 1, options: MatchOptions()), uri: "a.b")
        cluster.deliver(from: 1, to: 0)
        #expect(cluster.packets(from: 0, to: 2) == 1)
        while cluster.deliver(from: 0, to: 1) || cluster.deliver(from: 1, to: 0) {}
        #expect(cluster.take(subscriber).isEmpty)
        cluster.deliver(from: 0, to: 2)
        cluster.publish(publisher, "a.b", payload: 1)
        cluster.deliver(from: 2, to: 1)
        #expect(cluster.take(subscriber).isEmpty)
        cluster.deliver(from: 2, to: 0)
        cluster.deliver(from: 0, to: 1)
        cluster.publish(publisher, "a.b", payload: 2)
        cluster.settle()
        let received = cluster.take(subscriber)
        #expect(received.first == .subscribed(1, 1))
        #expect(received.contains(.event(1, 2)))
    }

    @Test("several sessions that wait for the same topic are all answered")
    func waiters() {
        let cluster = Cluster(shards: 2)
        let peers = (0..<3).map { _ in cluster.join(1) }
        for peer in peers { cluster.send(peer, .subscribe(request: 1, options: MatchOptions()), uri: "a.b") }
        cluster.send(peers[0], .subscribe(request: 2, options: MatchOptions()), uri: "a.b")
        cluster.detach(peers[1])
        cluster.settle()
        #expect(cluster.take(peers[0]) == [.subscribed(1, 1), .subscribed(2, 1)])
        #expect(cluster.take(peers[1]).isEmpty)
        #expect(cluster.take(peers[2]) == [.subscribed(1, 1)])
        cluster.checkInvariants()
    }

    @Test("a session that leaves while it waits leaves nothing behind")
    func leaveWhileWaiting() {
        let cluster = Cluster(shards: 3)
        let peer = cluster.join(2)
        cluster.send(peer, .subscribe(request: 1, options: MatchOptions()), uri: "a.b")
        cluster.detach(peer)
        let next = cluster.join(2)
        cluster.settle()
        #expect(cluster.take(next).isEmpty, "the next session of the slot gets no answer of the old one's")
        #expect(cluster.sessionCount(2) == 1)
        cluster.detach(next)
        #expect(cluster.isEmpty)
    }

    @Test("subscribing right after the last unsubscribe asks anew")
    func resubscribe() {
        let cluster = Cluster(shards: 2)
        let subscriber = cluster.join(1)
        let publisher = cluster.join(0)
        let old = cluster.subscribe(subscriber, to: "a.b")
        cluster.send(subscriber, .unsubscribe(request: 2, subscription: old))
        cluster.send(subscriber, .subscribe(request: 3, options: MatchOptions()), uri: "a.b")
        cluster.publish(publisher, "a.b", payload: 1)
        cluster.settle()
        guard case .subscribed(3, let new)? = cluster.take(subscriber).last else {
            Issue.record("no SUBSCRIBED, or an EVENT after it")
            return
        }
        #expect(new != old, "nobody else was subscribed, so it is another subscription")
        cluster.publish(publisher, "a.b", payload: 2)
        cluster.settle()
        #expect(cluster.take(subscriber) == [.event(new, 2)])
        cluster.checkInvariants()
    }
}
