import RennbahnBytes
import RennbahnReactor
import RennbahnSimulationKit

/// Calls of a counted shard to its kernel.
struct Calls {
    var now: UInt64 = 0
    var receive: UInt64 = 0
    var send: UInt64 = 0
    var write: UInt64 = 0
    var poll: UInt64 = 0

    func since(_ before: Calls) -> Calls {
        Calls(
            now: now - before.now, receive: receive - before.receive, send: send - before.send,
            write: write - before.write, poll: poll - before.poll)
    }
}

/// What the way to a simulated kernel changes in reference counts by itself: a router on the machine's kernel does not go that
/// way, so that it is measured, call by call, and taken off.
struct Seam {
    private static let times = 1000

    private let now: Count
    private let receive: Count
    private let send: Count
    /// Without the sends of the chunks.
    private let write: Count
    private let poll: Count

    init() throws {
        let network = SimulatedNetwork(seed: 1)
        let counted = CountedKernel(network)
        let kernel = Kernel(simulatedBy: counted)
        let listener = network.listen(1)
        let peer = try network.connect(to: .loopback(port: 1))
        guard case .accepted(let descriptor) = network.accept(listener) else { fatalError("nobody connects") }
        func measure(_ call: () -> Void) -> Count {
            let before = counted.count
            for _ in 0..<Seam.times { counted.counting(references: true, call) }
            return counted.count.since(before)
        }
        var buffer = ByteBuffer(capacity: 64)
        var pool = ChunkPool()
        var queue = OutputQueue()
        var poller = try Poller(kernel)
        let octets = [1, 2, 3] as [UInt8]
        now = measure { _ = kernel.now() }
        receive = measure { _ = kernel.receive(descriptor, into: &buffer, minimumFree: 16) }
        send = measure { _ = counted.send(descriptor, octets.span) }
        let both = measure {
            pool.append(octets.span, to: &queue)
            _ = kernel.writeQueued(descriptor, pool: &pool, queue: &queue)
        }
        write = both.referencesSince(send)
        poll = measure { _ = poller.wait(timeoutMilliseconds: 0) }
        network.close(peer)
    }

    /// What so many calls change.
    func cost(of calls: Calls) -> Count {
        var cost = Count()
        for (one, times) in [
            (now, calls.now), (receive, calls.receive), (write, calls.write), (send, calls.send), (poll, calls.poll),
        ] {
            cost.addReferences(one, times: times, of: UInt64(Seam.times))
        }
        return cost
    }
}
