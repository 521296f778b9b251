import RennbahnRouter
import RennbahnWAMP
import Testing

@Suite("Subscriptions with x_slow, as the broker keeps them")
struct YieldingTests {
    private static let policies: [SlowPolicy] = [.drop, .latest]

    private func event(_ id: SubscriptionID, _ payload: Int, _ slow: SlowPolicy, topic: String = "") -> Received {
        slow == .queue ? .event(id, payload) : .yieldingEvent(id, payload, topic, slow)
    }

    @Test("each subscriber gets an EVENT as it has asked for, on every shard", arguments: 1...3)
    func everyPolicy(shards: Int) {
        let cluster = Cluster(shards: shards)
        let publisher = cluster.join()
        let peers = (0..<9 * shards).map { number in
            (peer: cluster.join(number % shards), slow: SlowPolicy.allCases[number / shards % 3])
        }
        var id = SubscriptionID.none
        for (peer, slow) in peers { id = cluster.subscribe(peer, to: "a.b", slow: slow) }
        cluster.checkInvariants()
        for payload in 1...2 {
            cluster.publish(publisher, "a.b", payload: payload)
            cluster.settle()
            for (peer, slow) in peers { #expect(cluster.take(peer) == [event(id, payload, slow)]) }
        }
        for (peer, _) in peers.dropLast() { cluster.send(peer, .unsubscribe(request: 3, subscription: id)) }
        cluster.settle()
        cluster.checkInvariants()
        cluster.publish(publisher, "a.b", payload: 3)
        cluster.settle()
        #expect(cluster.take(peers[peers.count - 1].peer) == [event(id, 3, .latest)], "the last of all shards")
        #expect(cluster.take(publisher).isEmpty)
    }

    @Test("a topic that has no other subscribers is subscribed to all the same", arguments: policies, [1, 2])
    func alone(slow: SlowPolicy, shards: Int) {
        let cluster = Cluster(shards: shards)
        let publisher = cluster.join(shards - 1)
        let peer = cluster.join()
        let id = cluster.subscribe(peer, to: "a.b", slow: slow)
        cluster.publish(publisher, "a.b", payload: 1, acknowledge: true)
        cluster.settle()
        #expect(cluster.take(peer) == [event(id, 1, slow)] && cluster.take(publisher) == [.published(7)])
        cluster.detach(peer)
        cluster.settle()
        cluster.checkInvariants()
        cluster.publish(publisher, "a.b", payload: 2)
        #expect(cluster.packets == 0, "nobody is interested any more")
        cluster.detach(publisher)
        #expect(cluster.isEmpty)
    }

    @Test("a pattern's EVENT tells the topic", arguments: policies, [MatchPolicy.prefix, .wildcard])
    func pattern(slow: SlowPolicy, match: MatchPolicy) {
        let cluster = Cluster(shards: 2)
        let publisher = cluster.join(1)
        let peer = cluster.join()
        let id = cluster.subscribe(peer, to: "a.", match: match, slow: slow)
        let other = cluster.subscribe(peer, to: "a.b", slow: slow)
        cluster.publish(publisher, "a.b", payload: 1)
        cluster.settle()
        #expect(cluster.take(peer) == [event(other, 1, slow), event(id, 1, slow, topic: "a.b")])
    }

    @Test(
        "the publisher is left out unless exclude_me is false, whatever it has asked for",
        arguments: SlowPolicy.allCases)
    func publisherExclusion(slow: SlowPolicy) {
        let cluster = Cluster()
        let peers = SlowPolicy.allCases.flatMap { policy in (0..<3).map { _ in (peer: cluster.join(), slow: policy) } }
        var id = SubscriptionID.none
        for (peer, policy) in peers { id = cluster.subscribe(peer, to: "a.b", slow: policy) }
        for (publisher, policy) in peers where policy == slow {
            cluster.publish(publisher, "a.b", payload: 1)
            for (peer, policy) in peers {
                let expected: [Received] = peer == publisher ? [] : [event(id, 1, policy)]
                #expect(cluster.take(peer) == expected)
            }
            cluster.publish(publisher, "a.b", payload: 2, excludeMe: false)
            for (peer, policy) in peers { #expect(cluster.take(peer) == [event(id, 2, policy)]) }
        }
    }

    @Test("who subscribes again has what it asked for last, and what was left out is forgotten")
    func change() {
        let cluster = Cluster()
        let publisher = cluster.join()
        let peers = (0..<3).map { _ in cluster.join() }
        for peer in peers { _ = cluster.subscribe(peer, to: "a.b") }
        var before = SlowPolicy.queue
        for slow in [.drop, .drop, .latest, .drop, .queue, .queue, .latest, .queue] as [SlowPolicy] {
            cluster.send(peers[0], .subscribe(request: 5, options: MatchOptions(slow: slow)), uri: "a.b")
            let isForgotten = before != .queue && before != slow
            let answers: [Received] = isForgotten ? [.subscribed(5, 1), .yieldingEnded(1)] : [.subscribed(5, 1)]
            #expect(cluster.take(peers[0]) == answers)
            cluster.checkInvariants()
            cluster.publish(publisher, "a.b", payload: 1)
            #expect(cluster.take(peers[0]) == [event(1, 1, slow)])
            for peer in peers.dropFirst() { #expect(cluster.take(peer) == [.event(1, 1)]) }
            before = slow
        }
    }

    @Test("of SUBSCRIBEs that wait for the owner the last one counts", arguments: policies)
    func waiting(slow: SlowPolicy) {
        let cluster = Cluster(shards: 2)
        let publisher = cluster.join()
        let peer = cluster.join(1)
        for (request, slow) in zip([1, 2, 3] as [RequestID], [slow, .queue, slow]) {
            cluster.send(peer, .subscribe(request: request, options: MatchOptions(slow: slow)), uri: "a.b")
        }
        cluster.settle()
        cluster.checkInvariants()
        #expect(
            cluster.take(peer) == [.subscribed(1, 1), .subscribed(2, 1), .yieldingEnded(1), .subscribed(3, 1)])
        cluster.publish(publisher, "a.b", payload: 1)
        cluster.settle()
        #expect(cluster.take(peer) == [event(1, 1, slow)])
    }

    @Test("what was left out is forgotten with the subscription, however it ends", arguments: 0..<4)
    func ending(way: Int) {
        let cluster = Cluster()
        let peer = cluster.join()
        let id = cluster.subscribe(peer, to: "a.b", slow: .latest)
        _ = cluster.subscribe(peer, to: "a.c")
        switch way {
        case 0: cluster.send(peer, .unsubscribe(request: 3, subscription: id))
        case 1: cluster.send(peer, .goodbye, uri: "a.reason")
        case 2: cluster.violate(peer)
        default: cluster.detach(peer)
        }
        #expect(cluster.take(peer).filter { $0 == .yieldingEnded(id) }.count == 1)
        if way < 3 { cluster.detach(peer) }
        #expect(cluster.isEmpty)
        cluster.checkInvariants()
    }

    @Test("a value that is none is refused, and the session goes on")
    func unknown() {
        let cluster = Cluster()
        let peer = cluster.join()
        cluster.send(peer, .subscribe(request: 1, options: MatchOptions(slow: nil)), uri: "a.b")
        #expect(cluster.take(peer) == [.error(.subscribe, 1, .invalidArgument)])
        cluster.publish(peer, "a.b", payload: 1, excludeMe: false)
        #expect(cluster.take(peer).isEmpty)
        #expect(cluster.subscribe(peer, to: "a.b", slow: .drop) == 1)
    }

    @Test("reserved topics may be subscribed to so, and stay closed to publishers")
    func reserved() {
        let cluster = Cluster()
        let peer = cluster.join()
        _ = cluster.subscribe(peer, to: "wamp.session.on_join", slow: .drop)
        cluster.publish(peer, "wamp.session.on_join", payload: 1, acknowledge: true, excludeMe: false)
        #expect(cluster.take(peer) == [.error(.publish, 7, .invalidURI)])
        cluster.checkInvariants()
    }
}
