import RennbahnRouter
import RennbahnWAMP
import Testing

@Suite("The session state machine")
struct SessionTests {
    @Test("HELLO to a configured realm is answered with WELCOME and its number")
    func welcome() {
        let cluster = Cluster()
        let peer = cluster.connect()
        cluster.hello(peer, realm: "realm2")
        #expect(cluster.take(peer) == [.welcome(realm: 1)])
        #expect(cluster.sessionCount() == 1)
    }

    @Test(
        "HELLO that cannot be accepted is answered with ABORT and the transport goes",
        arguments: [("realm 1", PredefinedURI.invalidURI), ("realm3", .noSuchRealm)])
    func refusedHello(realm: String, reason: PredefinedURI) {
        let cluster = Cluster()
        let peer = cluster.connect()
        cluster.hello(peer, realm: realm)
        #expect(cluster.take(peer) == [.abort(reason), .closed])
        cluster.hello(peer)
        #expect(cluster.take(peer).isEmpty, "nothing is processed after the refusal")
        #expect(cluster.sessionCount() == 0)
    }

    @Test("a connection awaits HELLO until it has a session, and again after GOODBYE")
    func awaitsHello() {
        let cluster = Cluster()
        let peer = cluster.connect()
        #expect(cluster.awaitsHello(peer))
        cluster.hello(peer)
        #expect(!cluster.awaitsHello(peer))
        cluster.send(peer, .goodbye, uri: "wamp.close.close_realm")
        #expect(cluster.awaitsHello(peer))
        let other = cluster.connect()
        cluster.hello(other, realm: "realm3")
        #expect(!cluster.awaitsHello(other) && !cluster.isWithoutSession(other), "it was refused")
        let late = cluster.connect()
        cluster.shutDown()
        #expect(!cluster.awaitsHello(late) && cluster.isWithoutSession(late))
    }

    @Test(
        "a message before HELLO is a protocol violation",
        arguments: [
            ClientMessage.goodbye, .authenticate, .call(request: 1), .yield(request: 1),
            .subscribe(request: 1, options: MatchOptions()),
        ])
    func messageBeforeHello(message: ClientMessage) {
        let cluster = Cluster()
        let peer = cluster.connect()
        cluster.send(peer, message, uri: "a.b")
        #expect(cluster.take(peer) == [.abort(.protocolViolation), .closed])
        cluster.send(peer, message, uri: "a.b")
        #expect(cluster.take(peer).isEmpty)
    }

    @Test("a second HELLO and AUTHENTICATE out of place are protocol violations")
    func outOfState() {
        let cluster = Cluster()
        let first = cluster.join()
        cluster.hello(first)
        #expect(cluster.take(first) == [.abort(.protocolViolation), .closed])
        let second = cluster.join()
        cluster.send(second, .authenticate)
        #expect(cluster.take(second) == [.abort(.protocolViolation), .closed])
        #expect(cluster.sessionCount() == 0)
    }

    @Test("ABORT drops the session without an answer")
    func abort() {
        let cluster = Cluster()
        let peer = cluster.join()
        cluster.send(peer, .abort, uri: "wamp.error.canceled")
        #expect(cluster.take(peer) == [.closed])
        #expect(cluster.isEmpty)
        let silent = cluster.connect()
        cluster.send(silent, .abort, uri: "wamp.error.canceled")
        #expect(cluster.take(silent) == [.closed])
    }

    @Test("GOODBYE is answered, and the transport may carry another session")
    func goodbye() {
        let cluster = Cluster()
        let peer = cluster.join()
        let other = cluster.join()
        _ = cluster.subscribe(peer, to: "a.b")
        cluster.send(peer, .goodbye, uri: "wamp.close.close_realm")
        #expect(cluster.take(peer) == [.goodbye(.goodbyeAndOut)])
        cluster.publish(other, "a.b", payload: 1)
        #expect(cluster.take(peer).isEmpty, "the old session's subscriptions are gone")
        cluster.hello(peer, realm: "realm2")
        #expect(cluster.take(peer) == [.welcome(realm: 1)])
    }

    @Test("a codec failure is a protocol violation in every state, once")
    func codecFailure() {
        let cluster = Cluster()
        for peer in [cluster.connect(), cluster.join()] {
            cluster.violate(peer)
            #expect(cluster.take(peer) == [.abort(.protocolViolation), .closed])
            cluster.violate(peer)
            #expect(cluster.take(peer).isEmpty)
        }
        #expect(cluster.isEmpty)
    }

    @Test("a slot is free for another connection once the transport is gone")
    func slotReuse() {
        let cluster = Cluster()
        let old = cluster.join()
        cluster.detach(old)
        let new = cluster.join()
        #expect(new.handle.index == old.handle.index && new.handle != old.handle)
        cluster.send(old, .goodbye)
        #expect(cluster.take(old).isEmpty, "a handle that outlived its connection is ignored")
        #expect(cluster.sessionCount() == 1)
        cluster.checkInvariants()
    }

    @Test("shutting down says GOODBYE, ignores everything but GOODBYE, then closes")
    func shutDown() {
        let cluster = Cluster()
        let peer = cluster.join()
        let other = cluster.join()
        _ = cluster.subscribe(peer, to: "a.b")
        cluster.shutDown()
        #expect(cluster.take(peer) == [.goodbye(.systemShutdown)])
        #expect(cluster.take(other) == [.goodbye(.systemShutdown)])
        cluster.publish(other, "a.b", payload: 1, acknowledge: true)
        cluster.send(peer, .abort, uri: "wamp.error.canceled")
        #expect(cluster.take(peer).isEmpty && cluster.take(other).isEmpty)
        cluster.send(peer, .goodbye, uri: "wamp.close.goodbye_and_out")
        #expect(cluster.take(peer) == [.closed])
        let late = cluster.connect()
        cluster.hello(late)
        #expect(cluster.take(late) == [.abort(.systemShutdown), .closed])
        #expect(cluster.isEmpty)
    }

    @Test("more sessions than the limit are refused")
    func sessionLimit() {
        var configuration = RouterConfiguration(realms: ["realm1"])
        configuration.limits.sessions = 1
        let cluster = Cluster(configuration: configuration)
        let first = cluster.join()
        let second = cluster.connect()
        cluster.hello(second)
        #expect(cluster.take(second) == [.abort(.unavailable), .closed])
        cluster.detach(first)
        _ = cluster.join()
    }

    @Test("request ids are checked as configured")
    func requestOrder() {
        for (order, ids, accepted) in [
            (RequestIDOrder.off, [5, 3, 3], 3), (.monotonic, [5, 9, 9], 2), (.sequential, [1, 2, 4], 2),
            (.sequential, [2], 0),
        ] as [(RequestIDOrder, [RequestID], Int)] {
            var configuration = RouterConfiguration(realms: ["realm1"])
            configuration.requestIDOrder = order
            let cluster = Cluster(configuration: configuration)
            let peer = cluster.join()
            for id in ids { cluster.send(peer, .unsubscribe(request: id, subscription: 1)) }
            let received = cluster.take(peer)
            let errors = received.filter { if case .error = $0 { true } else { false } }
            #expect(errors.count == accepted)
            #expect((received.last == .closed) == (accepted < ids.count))
        }
    }

    @Test("realms are created on demand where that is switched on, with one number on all shards")
    func realmsOnDemand() {
        var configuration = RouterConfiguration(realms: ["realm1", "realm1", "other"])
        configuration.createsRealms = true
        configuration.limits.realms = 3
        let cluster = Cluster(shards: 2, configuration: configuration)
        let peers = [cluster.connect(to: 1), cluster.connect(to: 0), cluster.connect(to: 1)]
        for peer in peers { cluster.hello(peer, realm: "new") }
        cluster.settle()
        for peer in peers { #expect(cluster.take(peer) == [.welcome(realm: 3)]) }
        let refused = cluster.connect(to: 1)
        cluster.hello(refused, realm: "newer")
        cluster.send(refused, .call(request: 1), uri: "a.b")
        #expect(cluster.take(refused) == [.abort(.protocolViolation), .closed], "not established yet")
        let second = cluster.connect(to: 1)
        cluster.hello(second, realm: "newer")
        cluster.settle()
        #expect(cluster.take(second) == [.abort(.noSuchRealm), .closed])
        let numbered = cluster.connect(to: 1)
        cluster.hello(numbered, realm: "newest", as: 7)
        #expect(cluster.take(numbered) == [.abort(.noSuchRealm), .closed], "a numbered session creates none")
    }
}
