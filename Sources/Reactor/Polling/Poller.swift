import CRennbahnLinux

/// What a descriptor is watched for. Errors and hang-ups are always reported.
package struct Interest: OptionSet, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    package static let read = Interest(rawValue: 1)
    package static let write = Interest(rawValue: 2)
    /// The other side has ended its stream (EPOLLRDHUP), even while its last bytes are not read yet.
    package static let peerClosed = Interest(rawValue: 4)
    /// Report changes only, instead of every `wait` while the state lasts.
    package static let edgeTriggered = Interest(rawValue: 8)
    /// Of several pollers that watch the same socket, wake one at a time. Can only be added, not modified.
    package static let exclusive = Interest(rawValue: 16)

    fileprivate var events: UInt32 {
        (contains(.read) ? clinux_epollin : 0) | (contains(.write) ? clinux_epollout : 0)
            | (contains(.peerClosed) ? clinux_epollrdhup : 0) | (contains(.edgeTriggered) ? clinux_epollet : 0)
            | (contains(.exclusive) ? clinux_epollexclusive : 0)
    }
}

/// What a descriptor is ready for.
package struct Readiness: OptionSet, Sendable {
    package let rawValue: UInt32

    package init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    package static let readable = Readiness(rawValue: clinux_epollin)
    package static let writable = Readiness(rawValue: clinux_epollout)
    /// Both directions are shut.
    package static let hangUp = Readiness(rawValue: clinux_epollhup)
    /// The other side has ended its stream.
    package static let peerClosed = Readiness(rawValue: clinux_epollrdhup)
    /// An error is pending; ``Sockets/connectError(_:)`` tells which.
    package static let error = Readiness(rawValue: clinux_epollerr)

    // For each event of a loop: plain arithmetic in this module. What OptionSet offers is generic, is not specialized in
    // another module, and allocates there for a literal of several options.

    /// Whether a read would tell something: bytes, the end of the stream or an error.
    package var concernsReading: Bool {
        rawValue & (clinux_epollin | clinux_epollrdhup | clinux_epollhup | clinux_epollerr) != 0
    }

    package var concernsWriting: Bool { rawValue & clinux_epollout != 0 }

    /// Both directions are shut, or an error is pending.
    package var isBroken: Bool { rawValue & (clinux_epollhup | clinux_epollerr) != 0 }
}

/// An epoll instance and the events of its last `wait`. One owner, one thread.
@safe
package struct Poller: ~Copyable {
    /// Events one `wait` can report; the rest come with the next.
    package static let eventLimit = 1024

    private let epoll: Int32
    /// Of the simulation that stands in the kernel's place, if one does, and the number of this poller there.
    private let simulation: (any SimulatedKernel)?
    private let simulated: Int
    private let events: UnsafeMutablePointer<epoll_event>
    private var count = 0

    package init(_ kernel: Kernel = .system) throws(SystemError) {
        simulation = kernel.simulation
        simulated = simulation?.makePoller() ?? 0
        epoll = simulation == nil ? epoll_create1(clinux_epoll_cloexec) : -1
        unsafe events = .allocate(capacity: Poller.eventLimit)
        unsafe events.initialize(repeating: epoll_event(), count: Poller.eventLimit)
        guard epoll >= 0 || simulation != nil else { throw .last("epoll_create1") }
    }

    deinit {
        unsafe events.deallocate()
        if epoll >= 0 { _ = close(epoll) }
    }

    /// Starts to watch `descriptor`; its events carry `token`.
    package mutating func add(_ descriptor: Descriptor, token: UInt64, interest: Interest) throws(SystemError) {
        try control(EPOLL_CTL_ADD, descriptor, token, interest, "epoll_ctl add")
    }

    package mutating func modify(_ descriptor: Descriptor, token: UInt64, interest: Interest) throws(SystemError) {
        try control(EPOLL_CTL_MOD, descriptor, token, interest, "epoll_ctl modify")
    }

    /// Stops watching. Events that the last `wait` reported stay in the list, so the owner must know dead tokens.
    /// Closing a descriptor removes it too.
    package mutating func remove(_ descriptor: Descriptor) throws(SystemError) {
        if let simulation { return simulation.unwatch(descriptor, poller: simulated) }
        try control(EPOLL_CTL_DEL, descriptor, 0, [], "epoll_ctl remove")
    }

    /// Waits for events: -1 for ever, 0 not at all. A signal ends the wait with no event.
    ///
    /// - Returns: how many events ``event(at:)`` has, 0 to ``eventLimit``.
    package mutating func wait(timeoutMilliseconds: Int32) -> Int {
        if let simulation { return poll(simulation) }
        let code = unsafe epoll_wait(epoll, events, Int32(Poller.eventLimit), timeoutMilliseconds)
        return finish(code)
    }

    /// As ``wait(timeoutMilliseconds:)`` with the resolution that timers and paced sending need.
    package mutating func wait(timeoutNanoseconds: UInt64) -> Int {
        if let simulation { return poll(simulation) }
        var timeout = timespec(
            tv_sec: Int(timeoutNanoseconds / 1_000_000_000), tv_nsec: Int(timeoutNanoseconds % 1_000_000_000))
        let code = unsafe clinux_epoll_wait(epoll, events, Int32(Poller.eventLimit), &timeout)
        if code < 0, clinux_errno() == ENOSYS {
            // Kernels before 5.11: whole milliseconds, rounded up so that no timer is early and the loop does not spin.
            let milliseconds = (min(timeoutNanoseconds, 3_600_000_000_000) + 999_999) / 1_000_000
            return wait(timeoutMilliseconds: Int32(milliseconds))
        }
        return finish(code)
    }

    /// An event of the last `wait`.
    package func event(at index: Int) -> (token: UInt64, readiness: Readiness) {
        precondition(index >= 0 && index < count)
        let event = unsafe events[index]
        return unsafe (event.data.u64, Readiness(rawValue: event.events))
    }

    private mutating func finish(_ code: Int32) -> Int {
        precondition(code >= 0 || clinux_errno() == EINTR, "epoll_wait on a bad descriptor")
        count = max(0, Int(code))
        return count
    }

    private mutating func poll(_ simulation: any SimulatedKernel) -> Int {
        var found = 0
        simulation.poll(simulated, limit: Poller.eventLimit) { token, readiness in
            unsafe events[found] = epoll_event(events: readiness.rawValue, data: epoll_data_t(u64: token))
            found += 1
        }
        count = found
        return found
    }

    private func control(
        _ action: Int32, _ descriptor: Descriptor, _ token: UInt64, _ interest: Interest, _ operation: StaticString
    ) throws(SystemError) {
        if let simulation {
            return simulation.watch(descriptor, poller: simulated, token: token, interest: interest)
        }
        var event = unsafe epoll_event(events: interest.events, data: epoll_data_t(u64: token))
        guard unsafe epoll_ctl(epoll, action, descriptor.rawValue, &event) == 0 else { throw .last(operation) }
    }
}
