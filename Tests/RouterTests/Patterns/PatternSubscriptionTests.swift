import RennbahnRouter
import RennbahnWAMP
import Testing

@Suite("Subscriptions by pattern")
struct PatternSubscriptionTests {
    @Test("one URI under three policies is three subscriptions, each with its own EVENTs", arguments: 1...3)
    func threePolicies(shards: Int) {
        let cluster = Cluster(shards: shards)
        let publisher = cluster.join()
        let subscriber = cluster.join(shards - 1)
        let ids = MatchPolicy.allCases.map { cluster.subscribe(subscriber, to: "a.b", match: $0) }
        #expect(Set(ids).count == 3)
        let again = MatchPolicy.allCases.map { cluster.subscribe(subscriber, to: "a.b", match: $0) }
        #expect(again == ids, "subscribing again gives the same id")
        cluster.publish(publisher, "a.b", payload: 1)
        cluster.publish(publisher, "a.bc", payload: 2)
        cluster.settle()
        #expect(
            cluster.take(subscriber) == [
                .event(ids[0], 1), .patternEvent(ids[1], 1, "a.b"), .patternEvent(ids[2], 1, "a.b"),
                .patternEvent(ids[1], 2, "a.bc"),
            ])
        #expect(Set(cluster.globalIDs.suffix(4)).count == 2, "one publication id for all EVENTs of a publication")
        cluster.send(subscriber, .unsubscribe(request: 5, subscription: ids[1]))
        _ = cluster.take(subscriber)
        cluster.settle()
        cluster.publish(publisher, "a.b", payload: 3)
        cluster.settle()
        #expect(cluster.take(subscriber) == [.event(ids[0], 3), .patternEvent(ids[2], 3, "a.b")])
        cluster.detach(subscriber)
        cluster.detach(publisher)
        cluster.settle()
        #expect(cluster.isEmpty)
    }

    @Test("a prefix is a string prefix: it may end within a component")
    func stringPrefix() {
        let cluster = Cluster()
        let publisher = cluster.join()
        let subscriber = cluster.join()
        let id = cluster.subscribe(subscriber, to: "a.emergency", match: .prefix)
        for (number, topic) in ["a.emergency", "a.emergency-low", "a.emergency.x", "a.emergenc", "b.a.emergency"]
            .enumerated()
        {
            cluster.publish(publisher, topic, payload: number)
        }
        #expect(
            cluster.take(subscriber) == [
                .patternEvent(id, 0, "a.emergency"), .patternEvent(id, 1, "a.emergency-low"),
                .patternEvent(id, 2, "a.emergency.x"),
            ])
    }

    @Test("the empty prefix means every topic of the realm", arguments: 1...2)
    func everything(shards: Int) {
        let cluster = Cluster(shards: shards)
        let publisher = cluster.join()
        let elsewhere = cluster.join(0, realm: "realm2")
        let subscriber = cluster.join(shards - 1)
        let id = cluster.subscribe(subscriber, to: "", match: .prefix)
        cluster.publish(publisher, "x", payload: 1)
        cluster.publish(elsewhere, "x", payload: 2)
        cluster.publish(publisher, "com.example.y", payload: 3)
        cluster.settle()
        #expect(cluster.take(subscriber) == [.patternEvent(id, 1, "x"), .patternEvent(id, 3, "com.example.y")])
    }

    @Test("an empty component of a wildcard stands for exactly one component")
    func wildcard() {
        let cluster = Cluster()
        let publisher = cluster.join()
        let subscriber = cluster.join()
        let id = cluster.subscribe(subscriber, to: "com..create", match: .wildcard)
        for topic in [
            "com.a.create", "com.create", "com.a.b.create", "com.a.create.x", "org.a.create", "com.ab.create",
        ] {
            cluster.publish(publisher, topic, payload: 0)
        }
        #expect(
            cluster.take(subscriber) == [.patternEvent(id, 0, "com.a.create"), .patternEvent(id, 0, "com.ab.create")])
    }

    @Test("each policy has its own rule for the URI")
    func validity() {
        let cluster = Cluster()
        let peer = cluster.join()
        let cases: [(String, MatchPolicy, Bool)] = [
            ("", .exact, false), ("a.", .exact, false), ("a..b", .exact, false),
            ("", .prefix, true), ("a.", .prefix, true), ("a..b", .prefix, false), (".a", .prefix, false),
            ("", .wildcard, true), ("a.", .wildcard, true), ("a..b", .wildcard, true), ("a b", .wildcard, false),
            ("a#", .prefix, false),
        ]
        for (number, (uri, match, isValid)) in cases.enumerated() {
            let request = RequestID(UInt64(number + 1))
            cluster.send(peer, .subscribe(request: request, options: MatchOptions(match: match)), uri: uri)
            let received = cluster.take(peer)
            if isValid {
                guard case .subscribed(request, _)? = received.first else {
                    Issue.record("\(uri) \(match): \(received)")
                    continue
                }
            } else {
                #expect(received == [.error(.subscribe, request, .invalidURI)], "\(uri) \(match)")
            }
        }
    }

    @Test("an invalid or reserved topic reaches no pattern, whatever it looks like")
    func invalidTopic() {
        let cluster = Cluster()
        let publisher = cluster.join()
        let subscriber = cluster.join()
        _ = cluster.subscribe(subscriber, to: "", match: .prefix)
        _ = cluster.subscribe(subscriber, to: "a..b", match: .wildcard)
        for topic in ["a..b", "", "a b", "wamp.session.on_join"] {
            cluster.publish(publisher, topic, payload: 1)
            cluster.publish(publisher, topic, payload: 1, acknowledge: true)
            #expect(cluster.take(publisher) == [.error(.publish, 7, .invalidURI)])
        }
        #expect(cluster.take(subscriber).isEmpty)
    }

    @Test("exclude_me leaves the publisher out of every subscription", arguments: [true, false])
    func publisherExclusion(excludes: Bool) {
        let cluster = Cluster(shards: 2)
        let peer = cluster.join(1)
        let other = cluster.join(1)
        for match in MatchPolicy.allCases {
            _ = cluster.subscribe(peer, to: "a.b", match: match)
            _ = cluster.subscribe(other, to: "a.b", match: match)
        }
        cluster.publish(peer, "a.b", payload: 1, excludeMe: excludes)
        cluster.settle()
        #expect(cluster.take(peer).count == (excludes ? 0 : 3))
        #expect(cluster.take(other).count == 3)
    }

    @Test("a publication after SUBSCRIBED to a pattern is never missed, on whatever shard")
    func readiness() {
        let cluster = Cluster(shards: 3)
        let subscriber = cluster.join(1)
        let publisher = cluster.join(2)
        cluster.send(subscriber, .subscribe(request: 1, options: MatchOptions(match: .prefix)), uri: "a.")
        while cluster.deliver(from: 1, to: 0) || cluster.deliver(from: 0, to: 1) {}
        #expect(cluster.take(subscriber).isEmpty, "shard 2 has not taken note")
        cluster.publish(publisher, "a.b", payload: 1)
        #expect(cluster.packets(from: 2, to: 1) == 0)
        cluster.deliver(from: 0, to: 2)
        cluster.deliver(from: 2, to: 0)
        cluster.deliver(from: 0, to: 1)
        cluster.publish(publisher, "a.b", payload: 2)
        cluster.settle()
        #expect(cluster.take(subscriber) == [.subscribed(1, 1), .patternEvent(1, 2, "a.b")])
        cluster.checkInvariants()
    }

    @Test("events of one publisher keep their order over subscriptions of all policies")
    func order() {
        let cluster = Cluster(shards: 2)
        let publisher = cluster.join(0)
        let subscriber = cluster.join(1)
        for (uri, match) in [("t.1", .exact), ("t.", .prefix), ("t.", .wildcard), ("", .prefix)]
            as [(String, MatchPolicy)]
        {
            _ = cluster.subscribe(subscriber, to: uri, match: match)
        }
        for number in 0..<50 { cluster.publish(publisher, "t.\(number % 3)", payload: number) }
        cluster.settle()
        let payloads = cluster.take(subscriber).compactMap { received -> Int? in
            switch received {
            case .event(_, let payload), .patternEvent(_, let payload, _): payload
            default: nil
            }
        }
        #expect(payloads == payloads.sorted())
        #expect(payloads.count == 50 * 3 + 17)
    }

    @Test("a publication crosses a ring once, however many subscriptions it has behind it")
    func oneCrossing() {
        let cluster = Cluster(shards: 3)
        let publisher = cluster.join(0)
        let subscriber = cluster.join(1)
        let other = cluster.join(2)
        for uri in ["", "a", "a.", "a.b"] { _ = cluster.subscribe(subscriber, to: uri, match: .prefix) }
        for uri in [".", "a.", ".b"] { _ = cluster.subscribe(subscriber, to: uri, match: .wildcard) }
        for peer in [subscriber, other] { _ = cluster.subscribe(peer, to: "a.b") }
        cluster.publish(publisher, "a.b", payload: 1)
        #expect(cluster.packets(from: 0, to: 1) == 1 && cluster.packets(from: 0, to: 2) == 1)
        cluster.publish(publisher, "c", payload: 2)
        #expect(cluster.packets(from: 0, to: 1) == 2 && cluster.packets(from: 0, to: 2) == 1)
        cluster.settle()
        #expect(cluster.take(subscriber).count == 8 + 1)
        #expect(cluster.take(other).count == 1)
    }

    @Test("a URI that is kept has a limited length, a wildcard a limited number of components")
    func limit() {
        var configuration = RouterConfiguration(realms: ["realm1"])
        configuration.limits.wildcardComponents = 3
        configuration.limits.uriLength = 8
        let cluster = Cluster(configuration: configuration)
        let peer = cluster.join()
        _ = cluster.subscribe(peer, to: "..", match: .wildcard)
        cluster.send(peer, .subscribe(request: 1, options: MatchOptions(match: .wildcard)), uri: "...")
        cluster.send(peer, .register(request: 2, options: RegisterOptions(match: .wildcard)), uri: "a.b.c.d")
        #expect(cluster.take(peer) == [.error(.subscribe, 1, .unavailable), .error(.register, 2, .unavailable)])
        _ = cluster.subscribe(peer, to: "a.b.c.de", match: .prefix)
        cluster.send(peer, .subscribe(request: 3, options: MatchOptions(match: .prefix)), uri: "a.b.c.d.e")
        cluster.send(peer, .register(request: 4, options: RegisterOptions(match: .wildcard)), uri: "abcdefg..")
        #expect(cluster.take(peer) == [.error(.subscribe, 3, .unavailable), .error(.register, 4, .unavailable)])
        _ = cluster.subscribe(peer, to: "a.b.c.de")
        cluster.send(peer, .subscribe(request: 5, options: MatchOptions(match: .exact)), uri: "a.b.c.d.e")
        cluster.send(peer, .register(request: 6, options: RegisterOptions(match: .exact)), uri: "a.b.c.d.e")
        #expect(cluster.take(peer) == [.error(.subscribe, 5, .unavailable), .error(.register, 6, .unavailable)])
    }
}
