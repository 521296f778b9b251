import RennbahnBytes
import RennbahnReactor
import RennbahnSimulationKit
import RennbahnTransport
import Testing

@Suite("Accepting when descriptors or memory have run out, without sockets")
struct ExhaustionTests {
    @Test(
        "whoever waits is accepted once there is room again, and each attempt is counted with its reason",
        arguments: [23, 24, 105, 12] as [Int32])
    func survived(code: Int32) throws {
        let network = SimulatedNetwork(seed: 1)
        var limits = Limits()
        limits.maxConnections = 4
        let loop = try LinkLoop(
            limits: limits, accept: [AcceptProfile(subprotocols: [], requiresSubprotocol: false)],
            kernel: Kernel(simulatedBy: network))
        try loop.listen(on: network.listen(80))
        let server = Station(loop)
        network.acceptErrors = [code, code, code]
        _ = try network.connect(to: .loopback(port: 80))
        for attempts: UInt64 in 1...3 {
            for _ in 0..<3 { server.turn(milliseconds: 0) }
            let (failed, errno) = (loop.counters.value.failedAccepts, loop.counters.value.acceptErrno)
            #expect(failed == attempts && errno == code && loop.linkCount == 0)
            network.advance(200_000_000)
        }
        for _ in 0..<3 { server.turn(milliseconds: 0) }
        let failed = loop.counters.value.failedAccepts
        #expect(failed == 3 && loop.linkCount == 1)
    }
}
