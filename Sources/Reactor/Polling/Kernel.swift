package import RennbahnBytes

/// What a loop asks of the kernel: its sockets, its poller and its clock.
///
/// A simulation may stand in the place of the kernel, so that whole nodes run in one thread from a seed, the very loops
/// and shards that serve real sockets. Encrypting by the kernel is not simulated, nor offered there. Each call looks whether there is one: a branch that always goes the same way.
package struct Kernel {
    /// The machine's own.
    package static var system: Kernel { Kernel(simulation: nil) }

    let simulation: (any SimulatedKernel)?

    private init(simulation: (any SimulatedKernel)?) {
        self.simulation = simulation
    }

    package init(simulatedBy simulation: any SimulatedKernel) {
        self.simulation = simulation
    }

    /// As ``MonotonicClock/now()``.
    package func now() -> UInt64 {
        if let simulation { return simulation.lookAtClock() }
        return MonotonicClock.now()
    }

    // MARK: Making and ending connections

    package func accept(_ listener: Descriptor) -> AcceptResult {
        if let simulation { return simulation.accept(listener) }
        return Sockets.accept(listener)
    }

    package func connect(
        to address: SocketAddress, from source: SocketAddress?
    ) throws(SystemError) -> (descriptor: Descriptor, inProgress: Bool) {
        if let simulation { return (try simulation.connect(to: address), true) }
        return try Sockets.connect(to: address, from: source)
    }

    package func connectError(_ descriptor: Descriptor) -> SystemError? {
        if let simulation { return simulation.connectError(descriptor) }
        return Sockets.connectError(descriptor)
    }

    package func shutdownWrite(_ descriptor: Descriptor) {
        if let simulation { return simulation.shutdownWrite(descriptor) }
        Sockets.shutdownWrite(descriptor)
    }

    package func shutdownRead(_ descriptor: Descriptor) {
        if let simulation { return simulation.shutdownRead(descriptor) }
        Sockets.shutdownRead(descriptor)
    }

    package func resetOnClose(_ descriptor: Descriptor) {
        if let simulation { return simulation.resetOnClose(descriptor) }
        Sockets.resetOnClose(descriptor)
    }

    package func close(_ descriptor: Descriptor) {
        if let simulation { return simulation.close(descriptor) }
        Sockets.close(descriptor)
    }

    // MARK: Bytes

    package func receive(_ descriptor: Descriptor, into buffer: inout ByteBuffer, minimumFree: Int) -> IOResult {
        if let simulation { return simulation.receive(descriptor, into: &buffer, minimumFree: minimumFree) }
        return Sockets.receive(descriptor, into: &buffer, minimumFree: minimumFree)
    }

    package func send(_ descriptor: Descriptor, _ bytes: Span<UInt8>) -> IOResult {
        if let simulation { return bytes.isEmpty ? .bytes(0) : simulation.send(descriptor, bytes) }
        return Sockets.send(descriptor, bytes)
    }

    package func writeQueued(
        _ descriptor: Descriptor, pool: inout ChunkPool, queue: inout OutputQueue
    ) -> IOResult {
        if let simulation { return simulation.writeQueued(descriptor, pool: &pool, queue: &queue) }
        return Sockets.writeQueued(descriptor, pool: &pool, queue: &queue)
    }

    // MARK: What is known of a socket

    package func boundAddress(of descriptor: Descriptor) throws(SystemError) -> SocketAddress {
        if let simulation { return simulation.address(of: descriptor) }
        return try Sockets.boundAddress(of: descriptor)
    }

    package func peerAddress(of descriptor: Descriptor) throws(SystemError) -> SocketAddress {
        if let simulation { return simulation.address(of: descriptor) }
        return try Sockets.peerAddress(of: descriptor)
    }

    /// As ``Sockets/unsentBytes(_:)``.
    package func unsentBytes(_ descriptor: Descriptor) -> Int {
        if let simulation { return simulation.unsentBytes(descriptor) }
        return Sockets.unsentBytes(descriptor)
    }

    package func sinceReceived(_ descriptor: Descriptor) -> UInt64? {
        if let simulation { return simulation.sinceReceived(descriptor) }
        return Sockets.sinceReceived(descriptor)
    }

    package func setNoDelay(_ descriptor: Descriptor) throws(SystemError) {
        if simulation != nil { return }
        try Sockets.setNoDelay(descriptor)
    }

    package func setReceiveBuffer(_ descriptor: Descriptor, _ size: Int32) {
        if simulation != nil { return }
        try? Sockets.setBufferSizes(descriptor, receive: size)
    }
}

/// What stands in the kernel's place in a simulation. Its descriptors are its own; a call means what the one of the same
/// name in ``Sockets`` or ``Poller`` means.
package protocol SimulatedKernel: AnyObject {
    /// Nanoseconds; that alone may take time.
    func lookAtClock() -> UInt64

    func accept(_ listener: Descriptor) -> AcceptResult
    /// The connection is being made: the descriptor becomes writable when it is there or has failed.
    func connect(to address: SocketAddress) throws(SystemError) -> Descriptor
    func connectError(_ descriptor: Descriptor) -> SystemError?
    func shutdownWrite(_ descriptor: Descriptor)
    func shutdownRead(_ descriptor: Descriptor)
    func resetOnClose(_ descriptor: Descriptor)
    func close(_ descriptor: Descriptor)

    func receive(_ descriptor: Descriptor, into buffer: inout ByteBuffer, minimumFree: Int) -> IOResult
    /// Some of `bytes`, at least one of them if any; never called with none.
    func send(_ descriptor: Descriptor, _ bytes: Span<UInt8>) -> IOResult
    /// As ``Sockets/writeQueued(_:pool:queue:)``; ``sendPiecewise(_:pool:queue:)`` if there is nothing to say about it.
    func writeQueued(_ descriptor: Descriptor, pool: inout ChunkPool, queue: inout OutputQueue) -> IOResult

    func address(of descriptor: Descriptor) -> SocketAddress
    func sinceReceived(_ descriptor: Descriptor) -> UInt64?
    func unsentBytes(_ descriptor: Descriptor) -> Int

    /// Names a new poller.
    func makePoller() -> Int
    /// Begins to watch, or changes what is watched for.
    func watch(_ descriptor: Descriptor, poller: Int, token: UInt64, interest: Interest)
    func unwatch(_ descriptor: Descriptor, poller: Int)
    /// Calls `report` for what is ready, at most `limit` times. Never waits: time passes as the simulation says.
    func poll(_ poller: Int, limit: Int, report: (UInt64, Readiness) -> Void)
}

extension SimulatedKernel {
    package func writeQueued(
        _ descriptor: Descriptor, pool: inout ChunkPool, queue: inout OutputQueue
    ) -> IOResult {
        sendPiecewise(descriptor, pool: &pool, queue: &queue)
    }

    /// Sends what is queued, chunk by chunk.
    package func sendPiecewise(
        _ descriptor: Descriptor, pool: inout ChunkPool, queue: inout OutputQueue
    ) -> IOResult {
        let before = queue.count
        while queue.count > 0 {
            var outcome = IOResult.bytes(0)
            var isShort = false
            pool.drain(&queue) { bytes in
                outcome = send(descriptor, bytes)
                guard case .bytes(let sent) = outcome else { return 0 }
                isShort = sent < bytes.count
                return sent
            }
            guard case .bytes = outcome else { return outcome }
            if isShort { return .wouldBlock }
        }
        return .bytes(before)
    }
}
