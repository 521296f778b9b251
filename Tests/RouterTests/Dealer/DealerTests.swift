import RennbahnRouter
import RennbahnWAMP
import Testing

@Suite("The dealer")
struct DealerTests {
    @Test("a callee that asks for a shared registration is refused, and has none", arguments: InvocationPolicy.allCases)
    func sharedRegistration(invoke: InvocationPolicy) {
        let cluster = Cluster(shards: 2)
        let callee = cluster.join(1)
        cluster.send(callee, .register(request: 1, options: RegisterOptions(invoke: invoke)), uri: "a.proc")
        cluster.settle()
        let answer = cluster.take(callee)
        if invoke == .single {
            guard case .registered(1, _)? = answer.first, answer.count == 1 else {
                Issue.record("\(answer)")
                return
            }
        } else {
            #expect(answer == [.error(.register, 1, .optionNotAllowed)])
            let caller = cluster.join()
            cluster.send(caller, .call(request: 2), uri: "a.proc")
            cluster.settle()
            #expect(cluster.take(caller) == [.error(.call, 2, .noSuchProcedure)])
        }
    }

    @Test("a CALL becomes an INVOCATION and its YIELD a RESULT, from any shard to any", arguments: 1...3)
    func call(shards: Int) {
        let cluster = Cluster(shards: shards)
        let callee = cluster.join(shards - 1)
        let registration = cluster.register(callee, "a.proc")
        for round in 1...3 {
            let caller = cluster.join(round % shards)
            cluster.send(caller, .call(request: 11), uri: "a.proc", payload: 100 + round)
            cluster.settle()
            #expect(cluster.take(callee) == [.invocation(RequestID(UInt64(round)), registration, 100 + round)])
            cluster.send(callee, .yield(request: RequestID(UInt64(round))), payload: 200 + round)
            cluster.settle()
            #expect(cluster.take(caller) == [.result(11, 200 + round)])
        }
        cluster.checkInvariants()
    }

    @Test("a callee's ERROR reaches the caller with URI and payload; a bad URI becomes invalid_uri", arguments: 1...2)
    func error(shards: Int) {
        let cluster = Cluster(shards: shards)
        let callee = cluster.join(shards - 1)
        let caller = cluster.join()
        _ = cluster.register(callee, "a.proc")
        for request in [1, 2] as [RequestID] { cluster.send(caller, .call(request: request), uri: "a.proc") }
        cluster.settle()
        cluster.send(callee, .invocationError(request: 1), uri: "My.Error", payload: 5)
        cluster.send(callee, .invocationError(request: 2), uri: "no good", payload: 5)
        cluster.settle()
        #expect(cluster.take(caller) == [.callError(1, "My.Error", 5), .error(.call, 2, .invalidURI)])
    }

    @Test("a CALL without registration fails with no_such_procedure, with an invalid URI with invalid_uri")
    func noSuchProcedure() {
        let cluster = Cluster()
        let callee = cluster.join(0, realm: "realm2")
        let caller = cluster.join()
        _ = cluster.register(callee, "a.proc")
        cluster.send(caller, .call(request: 1), uri: "a.proc")
        cluster.send(caller, .call(request: 2), uri: "a..proc")
        cluster.send(caller, .call(request: 3), uri: "wamp.session.count")
        #expect(
            cluster.take(caller) == [
                .error(.call, 1, .noSuchProcedure), .error(.call, 2, .invalidURI),
                .error(.call, 3, .noSuchProcedure),
            ])
    }

    @Test("a procedure has one callee", arguments: 1...2)
    func oneCallee(shards: Int) {
        let cluster = Cluster(shards: shards)
        let first = cluster.join(shards - 1)
        let second = cluster.join()
        let registration = cluster.register(first, "a.proc")
        cluster.send(second, .register(request: 1, options: RegisterOptions()), uri: "a.proc")
        cluster.settle()
        #expect(cluster.take(second) == [.error(.register, 1, .procedureAlreadyExists)])
        cluster.send(first, .unregister(request: 2, registration: registration))
        cluster.settle()
        #expect(cluster.take(first) == [.unregistered(2)])
        #expect(cluster.register(second, "a.proc") != registration)
    }

    @Test("REGISTER with a bad or reserved URI is refused")
    func refusedRegister() {
        let cluster = Cluster()
        let peer = cluster.join()
        for (request, uri) in ["a b", "wamp.x", ""].enumerated() {
            cluster.send(peer, .register(request: RequestID(UInt64(request + 1)), options: RegisterOptions()), uri: uri)
            #expect(cluster.take(peer) == [.error(.register, RequestID(UInt64(request + 1)), .invalidURI)])
        }
    }

    @Test("UNREGISTER of an unknown or another's registration fails")
    func noSuchRegistration() {
        let cluster = Cluster(shards: 2)
        let owner = cluster.join(1)
        let registration = cluster.register(owner, "a.proc")
        for peer in [cluster.join(0), cluster.join(1)] {
            for id in [registration, .none, RegistrationID(registration.value + 1), RegistrationID(.max)] {
                cluster.send(peer, .unregister(request: 4, registration: id))
                #expect(cluster.take(peer) == [.error(.unregister, 4, .noSuchRegistration)])
            }
        }
        cluster.send(owner, .unregister(request: 5, registration: registration))
        cluster.send(owner, .unregister(request: 6, registration: registration))
        cluster.settle()
        #expect(cluster.take(owner) == [.error(.unregister, 6, .noSuchRegistration), .unregistered(5)])
    }

    @Test("invocation ids count 1, 2, 3 … for each callee")
    func invocationIDs() {
        let cluster = Cluster()
        let callees = [cluster.join(), cluster.join()]
        let caller = cluster.join()
        var registrations: [Peer: RegistrationID] = [:]
        for (index, callee) in callees.enumerated() { registrations[callee] = cluster.register(callee, "p\(index)") }
        for number in 1...6 as ClosedRange<UInt64> {
            cluster.send(caller, .call(request: RequestID(number)), uri: "p\(number % 2)")
        }
        for callee in callees {
            let invocations = [1, 2, 3].map { Received.invocation($0, registrations[callee] ?? 0, 0) }
            #expect(cluster.take(callee) == invocations)
        }
    }

    @Test("an answer to an invocation that was never made is a violation, a second answer is dropped")
    func unknownInvocation() {
        let cluster = Cluster()
        let callee = cluster.join()
        let caller = cluster.join()
        _ = cluster.register(callee, "a.proc")
        cluster.send(caller, .call(request: 1), uri: "a.proc")
        cluster.send(callee, .yield(request: 1))
        cluster.send(callee, .yield(request: 1))
        cluster.send(callee, .invocationError(request: 1), uri: "an.error")
        #expect(cluster.take(caller) == [.result(1, 0)])
        #expect(cluster.take(callee).count == 1)
        cluster.send(callee, .yield(request: 2))
        #expect(cluster.take(callee) == [.abort(.protocolViolation), .closed])
        let other = cluster.join()
        cluster.send(other, .invocationError(request: 0), uri: "an.error")
        #expect(cluster.take(other) == [.abort(.protocolViolation), .closed])
    }

    @Test("a CALL with the id of a pending call is a violation")
    func pendingID() {
        let cluster = Cluster()
        let callee = cluster.join()
        let caller = cluster.join()
        _ = cluster.register(callee, "a.proc")
        cluster.send(caller, .call(request: 1), uri: "a.proc")
        cluster.send(caller, .call(request: 1), uri: "a.proc")
        #expect(cluster.take(caller) == [.abort(.protocolViolation), .closed])
        cluster.send(callee, .yield(request: 1))
        #expect(cluster.take(caller).isEmpty)
        cluster.checkInvariants()
    }

    @Test("callers of a callee that leaves get canceled", arguments: 1...2)
    func calleeLeaves(shards: Int) {
        let cluster = Cluster(shards: shards)
        let callee = cluster.join(shards - 1)
        let caller = cluster.join()
        _ = cluster.register(callee, "a.proc")
        cluster.send(caller, .call(request: 1), uri: "a.proc")
        cluster.settle()
        cluster.send(callee, .goodbye)
        cluster.settle()
        #expect(cluster.take(caller) == [.error(.call, 1, .canceled)])
        cluster.send(caller, .call(request: 2), uri: "a.proc")
        cluster.settle()
        #expect(cluster.take(caller) == [.error(.call, 2, .noSuchProcedure)])
        cluster.detach(caller)
        #expect(cluster.isEmpty)
    }

    @Test("the answer to a caller that has left is dropped", arguments: 1...2)
    func callerLeaves(shards: Int) {
        let cluster = Cluster(shards: shards)
        let callee = cluster.join(shards - 1)
        let caller = cluster.join()
        _ = cluster.register(callee, "a.proc")
        cluster.send(caller, .call(request: 1), uri: "a.proc")
        cluster.settle()
        cluster.send(caller, .goodbye)
        _ = cluster.take(caller)
        cluster.hello(caller)
        _ = cluster.take(caller)
        cluster.send(caller, .call(request: 1), uri: "a.proc")
        cluster.settle()
        cluster.send(callee, .yield(request: 1), payload: 66)
        cluster.settle()
        #expect(cluster.take(caller).isEmpty, "the connection's next session has a call of the same id")
        cluster.send(callee, .yield(request: 2), payload: 77)
        cluster.settle()
        #expect(cluster.take(caller) == [.result(1, 77)])
        cluster.checkInvariants()
    }

    @Test("a session may call itself, and leave with the call open")
    func selfCall() {
        let cluster = Cluster()
        let peer = cluster.join()
        _ = cluster.register(peer, "a.proc")
        cluster.send(peer, .call(request: 1), uri: "a.proc", payload: 3)
        #expect(cluster.take(peer) == [.invocation(1, 1, 3)])
        cluster.send(peer, .goodbye)
        #expect(cluster.take(peer) == [.goodbye(.goodbyeAndOut)])
        #expect(cluster.isEmpty)
    }

    @Test(
        "CANCEL fails the call at once in every mode; the answer that follows is dropped",
        arguments: [CancelMode.skip, .kill, .killNoWait], 1...2)
    func cancel(mode: CancelMode, shards: Int) {
        let cluster = Cluster(shards: shards)
        let callee = cluster.join(shards - 1)
        let caller = cluster.join()
        _ = cluster.register(callee, "a.proc")
        cluster.send(caller, .call(request: 1), uri: "a.proc")
        cluster.settle()
        cluster.send(caller, .cancel(request: 1, mode: mode))
        cluster.send(caller, .cancel(request: 1, mode: mode))
        cluster.send(caller, .cancel(request: 2, mode: mode))
        #expect(cluster.take(caller) == [.error(.call, 1, .canceled)])
        cluster.send(callee, .yield(request: 1))
        cluster.settle()
        #expect(cluster.take(caller).isEmpty)
        #expect(cluster.take(callee).count == 1)
        cluster.checkInvariants()
    }

    @Test("pending calls and registrations of a session are limited")
    func limits() {
        var configuration = RouterConfiguration(realms: ["realm1"])
        configuration.limits.pendingCallsPerSession = 1
        configuration.limits.registrationsPerSession = 1
        let cluster = Cluster(configuration: configuration)
        let peer = cluster.join()
        _ = cluster.register(peer, "a")
        cluster.send(peer, .register(request: 1, options: RegisterOptions()), uri: "b")
        #expect(cluster.take(peer) == [.error(.register, 1, .unavailable)])
        cluster.send(peer, .call(request: 2), uri: "a")
        cluster.send(peer, .call(request: 3), uri: "a")
        #expect(cluster.take(peer).last == .error(.call, 3, .unavailable))
    }
}
