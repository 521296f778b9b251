package import RennbahnBytes
package import RennbahnReactor
import RennbahnTestKit

/// A network and a clock in memory: connections whose octets arrive when, and in what pieces, a seed says.
///
/// Descriptors are numbers of its own, never used twice, so that a use behind a close is found.
package final class SimulatedNetwork: SimulatedKernel {
    /// What the network does to those who use it.
    package struct Weather: Sendable {
        /// Octets that a connection holds in each direction before its sender has to wait.
        package var capacity = 1 << 20
        /// Whether reads and writes take less than they could, and octets arrive late.
        package var isRough = false
        /// Of a thousand calls of those who were connected to, so many fail (``KernelFault``).
        package var faultsInThousand = 0
        /// Connections that are made now have none of the faults that would end them.
        package var isSparing = false

        package init() {}
    }

    /// The errno of a connection that the peer has reset.
    private static let connectionReset: Int32 = 104
    private static let connectionRefused: Int32 = 111
    private static let brokenPipe: Int32 = 32

    package private(set) var now: UInt64 = 1_000_000_000
    /// Nanoseconds that go by with each look of a loop at the clock, which is after so much work (`WorkSlice`); else work takes no time.
    package var timeOfLook: UInt64 = 0
    package var weather: Weather
    /// The errno values that the next calls of accept fail with.
    package var acceptErrors: [Int32] = []
    /// Where the connections that are made from now on come from.
    package var clientAddress = SocketAddress.loopback(port: 1)
    /// What nobody should have done: a use of a closed descriptor.
    package private(set) var faults: [String] = []
    /// Octets that were sent, and that were received, so far: as long as it grows something happens.
    package private(set) var octets = 0
    /// Whether ``digest`` is made.
    package var isDigesting = false
    /// Of everything that was sent, by whom and in which pieces: equal for two runs that did the same, to the octet.
    package private(set) var digest = OctetDigest()
    /// How often each fault was.
    package private(set) var injected: [KernelFault: Int] = [:]
    private var random: SeededGenerator
    private var sockets = SocketTable()
    private var pollers: [[Int32]] = []
    private var listeners: [UInt16: Int32] = [:]

    package init(seed: UInt64, weather: Weather = Weather()) {
        random = SeededGenerator(seed: seed)
        self.weather = weather
    }

    // MARK: What the simulation does

    /// A listening socket; connects to the port find it.
    package func listen(_ port: UInt16) -> Descriptor {
        let descriptor = add(SimulatedSocket(.listener))
        listeners[port] = descriptor
        return Descriptor(descriptor)
    }

    package func lookAtClock() -> UInt64 {
        now += timeOfLook
        return now
    }

    package func advance(_ nanoseconds: UInt64) {
        now += nanoseconds
    }

    /// Lets some octets of one connection arrive; false when nothing is on its way.
    @discardableResult
    package func deliverSome() -> Bool {
        let waiting = sockets.open.filter { sockets[$0]?.incoming?.isInTransit == true }
        guard !waiting.isEmpty else { return false }
        let chosen = waiting[random.below(waiting.count)]
        if let socket = sockets[chosen] {
            deliver(to: socket, random.chance(30) ? 1 + random.below(8) : 1 + random.below(1 << 16))
        }
        return true
    }

    package func deliverAll() {
        for descriptor in sockets.open {
            if let socket = sockets[descriptor] { deliver(to: socket) }
        }
    }

    /// Lets something arrive wherever something is on its way, but for a share of the connections, where it takes longer.
    ///
    /// - Parameter late: of a hundred.
    package func deliverMost(late: Int) {
        for descriptor in sockets.open {
            guard let socket = sockets[descriptor], socket.incoming?.isInTransit == true, !random.chance(late) else {
                continue
            }
            if random.chance(10) { deliver(to: socket, 1 + random.below(64)) } else { deliver(to: socket) }
        }
    }

    private func deliver(to socket: SimulatedSocket, _ limit: Int = 1 << 40) {
        guard let pipe = socket.incoming, pipe.isInTransit else { return }
        pipe.deliver(limit)
        socket.receivedAt = now
    }

    /// In calm weather, nothing is on its way for long.
    private func deliverIfCalm(from socket: SimulatedSocket) {
        if !weather.isRough, let peer = socket.peer.flatMap({ sockets[$0] }) { deliver(to: peer) }
    }

    /// Whether octets or ends are on their way.
    package var isInTransit: Bool { sockets.open.contains { sockets[$0]?.incoming?.isInTransit == true } }

    /// What waits where, for reports of faults.
    package var waiting: String {
        sockets.open.compactMap { descriptor in
            guard let socket = sockets[descriptor], let incoming = socket.incoming, let outgoing = socket.outgoing,
                incoming.count > 0 || incoming.isInTransit || incoming.isAtEnd || outgoing.count > 0
            else { return nil }
            return """
                \(descriptor): \(incoming.arrived) of \(incoming.count) octets to read\(incoming.isAtEnd ? ", at the end" : ""), \
                room for \(outgoing.room), watched for \(socket.interest.rawValue)
                """
        }.joined(separator: "; ")
    }

    /// Whether the other end of a connection was closed, or broken.
    package func isAbandoned(_ descriptor: Descriptor) -> Bool {
        guard let socket = sockets[descriptor.rawValue] else { return true }
        return socket.isPeerGone || socket.error != nil
    }

    /// Descriptors that nobody has closed.
    package var openDescriptors: Int { sockets.open.count }

    // MARK: Making and ending connections

    package func accept(_ listener: Descriptor) -> AcceptResult {
        guard let socket = find(listener, "accept"), !socket.backlog.isEmpty else { return .wouldBlock }
        if !acceptErrors.isEmpty {
            return .exhausted(SystemError(code: acceptErrors.removeFirst(), operation: "accept4"))
        }
        if weather.faultsInThousand > 0, let fault = fault(KernelFault.ofAccepting) {
            return fault == .connectionAborted
                ? .retry : .exhausted(SystemError(code: fault.errno, operation: "accept4"))
        }
        return .accepted(Descriptor(socket.backlog.removeFirst()))
    }

    package func connect(to address: SocketAddress) throws(SystemError) -> Descriptor {
        let there = Pipe(capacity: weather.capacity)
        let back = Pipe(capacity: weather.capacity)
        let client = SimulatedSocket(.stream)
        (client.outgoing, client.incoming) = (there, back)
        let descriptor = add(client)
        if let listener = listeners[address.port], let socket = sockets[listener] {
            let server = SimulatedSocket(.stream)
            (server.outgoing, server.incoming) = (back, there)
            server.peer = descriptor
            server.hasFaults = true
            server.isSpared = weather.isSparing
            server.address = clientAddress
            client.peer = add(server)
            client.peer.map { socket.backlog.append($0) }
        } else {
            client.error = SimulatedNetwork.connectionRefused
        }
        return Descriptor(descriptor)
    }

    package func connectError(_ descriptor: Descriptor) -> SystemError? {
        guard let socket = find(descriptor, "getsockopt"), let code = socket.error else { return nil }
        return SystemError(code: code, operation: "connect")
    }

    package func shutdownWrite(_ descriptor: Descriptor) {
        guard let socket = find(descriptor, "shutdown") else { return }
        socket.outgoing?.shut()
        deliverIfCalm(from: socket)
    }

    package func shutdownRead(_ descriptor: Descriptor) {
        find(descriptor, "shutdown")?.isDeaf = true
    }

    package func resetOnClose(_ descriptor: Descriptor) {
        find(descriptor, "setsockopt")?.resetsOnClose = true
    }

    package func close(_ descriptor: Descriptor) {
        guard let socket = find(descriptor, "close") else { return }
        sockets.remove(descriptor.rawValue)
        for index in pollers.indices { pollers[index].removeAll { $0 == descriptor.rawValue } }
        for waiting in socket.backlog { close(Descriptor(waiting)) }
        listeners = listeners.filter { $0.value != descriptor.rawValue }
        guard let peer = socket.peer.flatMap({ sockets[$0] }) else { return }
        // As TCP does it: who closes with unread input resets the connection.
        if socket.resetsOnClose || socket.incoming?.count ?? 0 > 0 {
            peer.error = SimulatedNetwork.connectionReset
            peer.incoming?.clear()
            peer.outgoing?.clear()
        }
        peer.isPeerGone = true
        socket.outgoing?.shut()
        deliverIfCalm(from: socket)
    }

    // MARK: Bytes

    package func receive(_ descriptor: Descriptor, into buffer: inout ByteBuffer, minimumFree: Int) -> IOResult {
        guard let socket = find(descriptor, "recv"), let pipe = socket.incoming else { return .closed }
        if let code = socket.takeError() { return .failed(code) }
        if weather.faultsInThousand > 0, let result = faulty(socket, KernelFault.ofReceiving) { return result }
        guard pipe.arrived > 0 else { return pipe.isAtEnd || socket.isDeaf ? .closed : .wouldBlock }
        let limit = weather.isRough && random.chance(40) ? 1 + random.below(pipe.arrived) : minimumFree
        let count = pipe.receive(min(limit, minimumFree), into: &buffer)
        octets += count
        return .bytes(count)
    }

    package func send(_ descriptor: Descriptor, _ bytes: Span<UInt8>) -> IOResult {
        guard let socket = find(descriptor, "send"), let pipe = socket.outgoing else { return .failed(9) }
        if let code = socket.takeError() { return .failed(code) }
        guard !socket.isPeerGone, !pipe.isShut else { return .failed(SimulatedNetwork.brokenPipe) }
        if weather.faultsInThousand > 0, let result = faulty(socket, KernelFault.ofSending) { return result }
        var count = min(bytes.count, pipe.room)
        guard count > 0 else { return .wouldBlock }
        if weather.isRough, random.chance(20) { count = 1 + random.below(count) }
        pipe.send(bytes.extracting(0..<count))
        if isDigesting { digest.add(bytes.extracting(0..<count), of: descriptor.rawValue) }
        octets += count
        deliverIfCalm(from: socket)
        return .bytes(count)
    }

    package func address(of descriptor: Descriptor) -> SocketAddress {
        sockets[descriptor.rawValue]?.address ?? .loopback(port: 1)
    }

    package func sinceReceived(_ descriptor: Descriptor) -> UInt64? {
        find(descriptor, "getsockopt").map { now - min(now, $0.receivedAt) }
    }

    package func unsentBytes(_ descriptor: Descriptor) -> Int { find(descriptor, "ioctl")?.outgoing?.count ?? 0 }

    // MARK: The poller

    package func makePoller() -> Int {
        pollers.append([])
        return pollers.count - 1
    }

    package func watch(_ descriptor: Descriptor, poller: Int, token: UInt64, interest: Interest) {
        // Wake-ups are descriptors of the machine: who runs the shards by turns has no need of them.
        guard descriptor.rawValue >= SocketTable.firstDescriptor, let socket = find(descriptor, "epoll_ctl") else {
            return
        }
        if !pollers[poller].contains(descriptor.rawValue) { pollers[poller].append(descriptor.rawValue) }
        (socket.token, socket.interest) = (token, interest)
    }

    package func unwatch(_ descriptor: Descriptor, poller: Int) {
        pollers[poller].removeAll { $0 == descriptor.rawValue }
    }

    package func poll(_ poller: Int, limit: Int, report: (UInt64, Readiness) -> Void) {
        var left = limit
        for descriptor in pollers[poller] where left > 0 {
            guard let socket = sockets[descriptor] else { continue }
            let ready = socket.readiness
            guard ready.rawValue != 0 else { continue }
            report(socket.token, ready)
            left -= 1
        }
    }

    // MARK: Faults

    /// Which of these is due now, if one is.
    private func fault(_ kinds: [KernelFault]) -> KernelFault? {
        guard random.below(1000) < weather.faultsInThousand else { return nil }
        let fault = kinds[random.below(kinds.count)]
        injected[fault, default: 0] += 1
        return fault
    }

    /// Most faults are such that asking again helps.
    private func faulty(_ socket: SimulatedSocket, _ kinds: [KernelFault]) -> IOResult? {
        guard socket.hasFaults else { return nil }
        let isHarmless = socket.isSpared || random.chance(70)
        guard let fault = fault(isHarmless ? KernelFault.harmless : kinds) else { return nil }
        guard fault != .wouldBlock else { return .wouldBlock }
        if fault.endsConnection { breakDown(socket) }
        return .failed(fault.errno)
    }

    /// The connection is gone on both sides: what was on its way is lost.
    private func breakDown(_ socket: SimulatedSocket) {
        for pipe in [socket.incoming, socket.outgoing] {
            pipe?.clear()
            pipe?.shut()
            pipe?.deliver(0)
        }
        socket.isPeerGone = true
        guard let peer = socket.peer.flatMap({ sockets[$0] }) else { return }
        peer.error = SimulatedNetwork.connectionReset
        peer.isPeerGone = true
    }

    // MARK: Steps

    private func add(_ socket: SimulatedSocket) -> Int32 { sockets.add(socket) }

    private func find(_ descriptor: Descriptor, _ call: String) -> SimulatedSocket? {
        guard let socket = sockets[descriptor.rawValue] else {
            faults.append("\(call) on descriptor \(descriptor.rawValue), which is closed")
            return nil
        }
        return socket
    }
}
