import RennbahnLoadGenerator
import RennbahnMeasurement
import RennbahnReactor
import RennbahnRouterNode
import RennbahnWAMP
import RennbahnWebSocket
import RennbahnWorkload
import Testing

/// Where a run connects to, of all the addresses that a host has.
@Suite(.serialized)
struct LoadAddressTests {
    private func silent(_ host: String) throws -> SocketAddress {
        let listener = try Sockets.listen(try SocketAddress(parsing: "\(host):0"))
        defer { Sockets.close(listener) }
        return try Sockets.boundAddress(of: listener)
    }

    private func address(
        of target: LoadTarget, _ addresses: [SocketAddress]
    ) throws(LoadFailure) -> SocketAddress {
        try target.address(patience: 10_000_000_000) { _ in addresses }
    }

    @Test("a run goes to an IPv6 address, and to a router that listens there alone")
    func overIPv6() throws {
        let node = try Node(
            NodeConfiguration(service: .router(realms: ["realm1"]), listen: try SocketAddress(parsing: "[::1]:0")))
        defer {
            node.stop()
            node.wait()
        }
        let configuration = LoadConfiguration(
            target: try LoadTarget(parsing: "ws://[::1]:\(node.address.port)/"),
            workload: .short(.rpc(callers: 1, callees: 1), clients: 2), serializer: .json)
        let outcome = try LoadRun(configuration).run()
        #expect(outcome.connectionsEstablished == 2 && outcome.messages > 0 && outcome.verification.isClean)
    }

    @Test("the first address of a host where somebody listens is that of the whole fleet")
    func inTurn() throws {
        let bench = try LoadBench()
        defer { bench.stop() }
        let target = try LoadTarget(parsing: "ws://localhost:\(bench.node.address.port)/")
        let deaf = [try silent("[::1]"), try silent("127.0.0.1")]
        #expect(try address(of: target, deaf + [bench.node.address]) == bench.node.address)
        #expect(try address(of: target, [bench.node.address] + deaf) == bench.node.address)
        // A single one is not tried first: the run says what is wrong with it.
        #expect(try address(of: target, [deaf[0]]) == deaf[0])
    }

    @Test("where nobody answers the failure names every address, and is none of the command line")
    func nobody() throws {
        let target = try LoadTarget(parsing: "ws://localhost:9/")
        let deaf = [try silent("[::1]"), try silent("127.0.0.1")]
        do throws(LoadFailure) {
            _ = try address(of: target, deaf)
            Issue.record("somebody answered")
        } catch {
            #expect(!error.isConfiguration)
            #expect(
                "\(error)" == "ws://localhost:9/: nobody answers at any address of its host: "
                    + "\(deaf[0]): Connection refused, \(deaf[1]): Connection refused")
        }
    }

    @Test("a name without an address is told as such")
    func unresolved() throws {
        let target = try LoadTarget(parsing: "ws://localhost:9/")
        do throws(LoadFailure) {
            _ = try target.address(patience: 1) { (_) throws(SocketAddress.Malformed) -> [SocketAddress] in
                throw .unresolved("localhost", reason: "nobody knows it")
            }
            Issue.record("it has an address")
        } catch {
            #expect(error.isConfiguration)
            #expect("\(error)" == #"ws://localhost:9/: cannot resolve "localhost": nobody knows it"#)
        }
    }
}
