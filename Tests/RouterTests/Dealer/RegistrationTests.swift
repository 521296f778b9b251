import RennbahnRouter
import RennbahnTestKit
import RennbahnWAMP
import Testing

@Suite("Registrations between shards")
struct RegistrationTests {
    @Test("an INVOCATION that comes before all shards have taken note brings REGISTERED with it")
    func earlyInvocation() {
        let cluster = Cluster(shards: 3)
        let callee = cluster.join(1)
        let caller = cluster.join(0)
        cluster.send(callee, .register(request: 5, options: RegisterOptions()), uri: "a.proc")
        while cluster.deliver(from: 1, to: 0) || cluster.deliver(from: 0, to: 1) {}
        #expect(cluster.take(callee).isEmpty, "shard 2 has not taken note")
        cluster.send(caller, .call(request: 1), uri: "a.proc", payload: 9)
        cluster.deliver(from: 0, to: 1)
        #expect(cluster.take(callee) == [.registered(5, 1), .invocation(1, 1, 9)])
        cluster.settle()
        #expect(cluster.take(callee).isEmpty, "REGISTERED comes once")
    }

    @Test("a call that crosses UNREGISTER fails with no_such_procedure")
    func crossedUnregister() {
        let cluster = Cluster(shards: 2)
        let callee = cluster.join(1)
        let caller = cluster.join(0)
        let registration = cluster.register(callee, "a.proc")
        cluster.send(caller, .call(request: 1), uri: "a.proc")
        cluster.send(callee, .unregister(request: 2, registration: registration))
        cluster.settle()
        #expect(cluster.take(caller) == [.error(.call, 1, .noSuchProcedure)])
        #expect(cluster.take(callee) == [.unregistered(2)])
    }

    @Test("a callee that leaves at any point of its registration leaves nothing behind", arguments: 0...8)
    func leaveWhileRegistering(steps: Int) {
        let cluster = Cluster(shards: 3)
        let callee = cluster.join(2)
        cluster.send(callee, .register(request: 1, options: RegisterOptions()), uri: "a.proc")
        var generator = SeededGenerator(seed: UInt64(steps))
        for _ in 0..<steps { cluster.deliverAny(&generator) }
        cluster.detach(callee)
        cluster.settle()
        #expect(cluster.isEmpty)
        let next = cluster.join(2)
        _ = cluster.register(next, "a.proc")
        cluster.checkInvariants()
    }
}
