import AllocationCounter
import RennbahnBytes
import RennbahnReactor
import RennbahnSimulationKit

/// The kernel as a counted shard sees it: a network in memory, whose own work is left out of every count.
///
/// Where the shard waits, the clients play: so a turn of the shard is what it is under load, and none finds nothing to do.
final class CountedKernel: SimulatedKernel {
    let network: SimulatedNetwork
    /// What the clients do while the shard waits.
    var whileWaiting: () -> Void = {}
    /// Octets that the shard has received and sent.
    private(set) var wireBytes = 0
    private(set) var count = Count()
    private var began = Count.Marks()
    /// How often the shard has asked for what, while it was counted.
    private(set) var calls = Calls()
    private var isCounting = false
    private var countsReferences = false

    init(_ network: SimulatedNetwork) {
        self.network = network
    }

    // MARK: What is counted

    /// Counts what `body` does on this thread, but for what it asks of the kernel.
    ///
    /// - Parameter countsReferences: retains and releases, too, which slows them down.
    @inline(__always)
    func counting(references: Bool, _ body: () -> Void) {
        (isCounting, countsReferences) = (true, references)
        begin()
        body()
        end()
        isCounting = false
    }

    private func begin() {
        if countsReferences { arc_counter_start() }
        began = Count.Marks.now
    }

    private func end() {
        let ended = Count.Marks.now
        if countsReferences { arc_counter_stop() }
        count.add(from: began, to: ended)
    }

    /// Not inlined: `scripts/tier0` stops collecting while it runs.
    @inline(never)
    private func outside<Result>(_ body: () -> Result) -> Result {
        // What is not counted asks the kernel, too: to open and to close.
        guard isCounting else { return body() }
        end()
        defer { begin() }
        return body()
    }

    // MARK: The kernel

    func lookAtClock() -> UInt64 {
        if isCounting { calls.now += 1 }
        return network.now
    }

    func accept(_ listener: Descriptor) -> AcceptResult { outside { network.accept(listener) } }

    func connect(to address: SocketAddress) throws(SystemError) -> Descriptor { try network.connect(to: address) }

    func connectError(_ descriptor: Descriptor) -> SystemError? { outside { network.connectError(descriptor) } }

    func shutdownWrite(_ descriptor: Descriptor) { outside { network.shutdownWrite(descriptor) } }

    func shutdownRead(_ descriptor: Descriptor) { outside { network.shutdownRead(descriptor) } }

    func resetOnClose(_ descriptor: Descriptor) { outside { network.resetOnClose(descriptor) } }

    func close(_ descriptor: Descriptor) { outside { network.close(descriptor) } }

    func receive(_ descriptor: Descriptor, into buffer: inout ByteBuffer, minimumFree: Int) -> IOResult {
        if isCounting { calls.receive += 1 }
        return outside {
            let result = network.receive(descriptor, into: &buffer, minimumFree: minimumFree)
            if case .bytes(let count) = result { wireBytes += count }
            return result
        }
    }

    func send(_ descriptor: Descriptor, _ bytes: Span<UInt8>) -> IOResult {
        if isCounting { calls.send += 1 }
        return outside {
            let result = network.send(descriptor, bytes)
            if case .bytes(let count) = result { wireBytes += count }
            return result
        }
    }

    func writeQueued(_ descriptor: Descriptor, pool: inout ChunkPool, queue: inout OutputQueue) -> IOResult {
        if isCounting { calls.write += 1 }
        return sendPiecewise(descriptor, pool: &pool, queue: &queue)
    }

    func address(of descriptor: Descriptor) -> SocketAddress { outside { network.address(of: descriptor) } }

    func sinceReceived(_ descriptor: Descriptor) -> UInt64? { outside { network.sinceReceived(descriptor) } }

    func unsentBytes(_ descriptor: Descriptor) -> Int { outside { network.unsentBytes(descriptor) } }

    func makePoller() -> Int { network.makePoller() }

    func watch(_ descriptor: Descriptor, poller: Int, token: UInt64, interest: Interest) {
        outside { network.watch(descriptor, poller: poller, token: token, interest: interest) }
    }

    func unwatch(_ descriptor: Descriptor, poller: Int) { outside { network.unwatch(descriptor, poller: poller) } }

    func poll(_ poller: Int, limit: Int, report: (UInt64, Readiness) -> Void) {
        if isCounting { calls.poll += 1 }
        outside {
            whileWaiting()
            network.poll(poller, limit: limit, report: report)
        }
    }
}
