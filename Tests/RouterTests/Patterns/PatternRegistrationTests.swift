import RennbahnRouter
import RennbahnWAMP
import Testing

@Suite("Registrations by pattern")
struct PatternRegistrationTests {
    /// Which of `patterns` a call of `procedure` goes to, each registered by a session of its own.
    private func winner(_ patterns: [ReferencePattern], _ procedure: String, shards: Int = 1) -> ReferencePattern? {
        let cluster = Cluster(shards: shards)
        let caller = cluster.join()
        let callees = patterns.indices.map { cluster.join($0 % shards) }
        let ids = zip(callees, patterns).map { cluster.register($0, $1.uri, match: $1.match) }
        cluster.send(caller, .call(request: 1), uri: procedure, payload: 5)
        cluster.settle()
        var winner: ReferencePattern?
        for (callee, (id, pattern)) in zip(callees, zip(ids, patterns)) {
            let received = cluster.take(callee)
            guard !received.isEmpty else { continue }
            let expected: Received =
                pattern.match == .exact ? .invocation(1, id, 5) : .patternInvocation(1, id, 5, procedure)
            #expect(winner == nil && received == [expected])
            winner = pattern
            cluster.send(callee, .yield(request: 1), payload: 6)
        }
        cluster.settle()
        #expect(cluster.take(caller) == [winner == nil ? .error(.call, 1, .noSuchProcedure) : .result(1, 6)])
        return winner
    }

    @Test("exact goes before prefix, prefix before wildcard, the longest prefix before others", arguments: 1...3)
    func precedence(shards: Int) {
        let patterns: [ReferencePattern] = [
            .init("a.b.c", .exact), .init("a.b.c", .prefix), .init("a.b", .prefix), .init("a.", .prefix),
            .init("a.b.", .wildcard), .init("", .prefix),
        ]
        let order = [0, 1, 2, 3, 5, 4].map { patterns[$0] }
        for start in order.indices {
            #expect(winner(order[start...].reversed(), "a.b.c", shards: shards) == order[start])
        }
    }

    @Test("of two wildcards the one with the longer first run of literal components, then the second run")
    func wildcards() {
        let name = "a1.b2.c3.d4.e5"
        let order = [
            "a1.b2.c3.d4.", "a1.b2.c3..e5", "a1.b2.c3..", "a1.b2..d4.e5", "a1.b2..d4.", "a1.b2...e5", ".b2..d4.",
            "....",
        ]
        .map { ReferencePattern($0, .wildcard) }
        for start in order.indices {
            #expect(winner(order[start...].reversed(), name) == order[start])
            #expect(ReferencePattern.best(order[start...], for: name) == order[start])
        }
        #expect(winner(order, "a1.b2.c3.d4") == nil)
    }

    @Test("a1.b2.c33 is called through the string prefix a1.b2.c3")
    func stringPrefix() {
        let pattern = ReferencePattern("a1.b2.c3", .prefix)
        #expect(winner([pattern], "a1.b2.c33.d4") == pattern)
        #expect(winner([pattern], "a1.b2.c2") == nil)
    }

    @Test("a URI can be registered once under each policy", arguments: 1...2)
    func alreadyExists(shards: Int) {
        let cluster = Cluster(shards: shards)
        let first = cluster.join(shards - 1)
        let second = cluster.join()
        let ids = MatchPolicy.allCases.map { cluster.register(first, "a.b", match: $0) }
        #expect(Set(ids).count == 3)
        for (number, match) in MatchPolicy.allCases.enumerated() {
            let request = RequestID(UInt64(number + 1))
            cluster.send(second, .register(request: request, options: RegisterOptions(match: match)), uri: "a.b")
            cluster.settle()
            #expect(cluster.take(second) == [.error(.register, request, .procedureAlreadyExists)])
        }
        cluster.send(first, .unregister(request: 9, registration: ids[1]))
        cluster.settle()
        #expect(cluster.take(first) == [.unregistered(9)])
        #expect(cluster.register(second, "a.b", match: .prefix) != ids[1])
        cluster.checkInvariants()
        cluster.detach(first)
        cluster.detach(second)
        cluster.settle()
        #expect(cluster.isEmpty)
    }

    @Test("when the best goes, the next best is called", arguments: 1...2)
    func fallBack(shards: Int) {
        let cluster = Cluster(shards: shards)
        let callee = cluster.join(shards - 1)
        let caller = cluster.join()
        let exact = cluster.register(callee, "a.b")
        let prefix = cluster.register(callee, "a", match: .prefix)
        let wildcard = cluster.register(callee, ".b", match: .wildcard)
        var calls: UInt64 = 0
        for expected in [
            Received.invocation(1, exact, 0), .patternInvocation(2, prefix, 0, "a.b"),
            .patternInvocation(3, wildcard, 0, "a.b"),
        ] {
            calls += 1
            cluster.send(caller, .call(request: RequestID(calls)), uri: "a.b")
            cluster.settle()
            #expect(cluster.take(callee) == [expected])
            let registration = [exact, prefix, wildcard][Int(calls) - 1]
            cluster.send(callee, .unregister(request: RequestID(calls + 10), registration: registration))
            cluster.settle()
            _ = cluster.take(callee)
        }
        cluster.send(caller, .call(request: 9), uri: "a.b")
        cluster.settle()
        #expect(cluster.take(caller) == [.error(.call, 9, .noSuchProcedure)])
    }

    @Test("no pattern answers for the reserved procedures, or for one that is no URI")
    func reserved() {
        let cluster = Cluster()
        let callee = cluster.join()
        let caller = cluster.join()
        _ = cluster.register(callee, "", match: .prefix)
        _ = cluster.register(callee, "..", match: .wildcard)
        cluster.send(caller, .call(request: 1), uri: "wamp.session.count")
        cluster.send(caller, .call(request: 2), uri: "a..b")
        cluster.send(caller, .call(request: 3), uri: "wampum.session.count")
        #expect(
            cluster.take(caller) == [.error(.call, 1, .noSuchProcedure), .error(.call, 2, .invalidURI)])
        #expect(cluster.take(callee).count == 1)
        for (number, match) in MatchPolicy.allCases.enumerated() {
            let request = RequestID(UInt64(number + 20))
            cluster.send(callee, .register(request: request, options: RegisterOptions(match: match)), uri: "wamp.a")
            #expect(cluster.take(callee) == [.error(.register, request, .invalidURI)])
        }
    }
}
