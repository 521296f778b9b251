import CRennbahnLinux

/// A thread of the operating system with a name that `top -H` and debuggers show.
///
/// It must be joined; a value that is dropped without a ``join()`` leaves its thread running on its own.
package struct Thread: ~Copyable, Sendable {
    private let handle: pthread_t

    /// Runs `body` on a new thread.
    ///
    /// - Parameter name: at most 15 bytes are shown.
    package static func spawn(name: String, _ body: @escaping @Sendable () -> Void) throws(SystemError) -> Thread {
        var handle = pthread_t()
        let start = unsafe Unmanaged.passRetained(Start(name: name, body: body)).toOpaque()
        let code = unsafe pthread_create(&handle, nil, Thread.enter, start)
        guard code == 0 else {
            unsafe Unmanaged<Start>.fromOpaque(start).release()
            throw SystemError(code: code, operation: "pthread_create")
        }
        return Thread(handle: handle)
    }

    /// Runs `body` on a new thread with a state that cannot be copied, such as an end of a ring.
    package static func spawn<State: ~Copyable & Sendable>(
        name: String, state: consuming State, _ body: @escaping @Sendable (consuming State) -> Void
    ) throws(SystemError) -> Thread {
        let parcel = Parcel(state)
        return try spawn(name: name) { body(parcel.open()) }
    }

    /// The number of the calling thread, as the kernel lists it.
    package static var ownID: Int32 { clinux_thread_id() }

    /// Waits until the thread's body has returned.
    package consuming func join() {
        _ = pthread_join(handle, nil)
        discard self
    }

    /// How much later than asked for the calling thread may wake up, in nanoseconds; without it 50 µs (PR_SET_TIMERSLACK).
    package static func setTimerSlack(_ nanoseconds: UInt) {
        _ = clinux_set_timer_slack(nanoseconds)
    }

    /// Lets another thread run on this processor.
    package static func yield() {
        _ = sched_yield()
    }

    private init(handle: pthread_t) {
        self.handle = handle
    }

    deinit {
        _ = pthread_detach(handle)
    }

    private final class Start: Sendable {
        let name: String
        let body: @Sendable () -> Void

        init(name: String, body: @escaping @Sendable () -> Void) {
            self.name = name
            self.body = body
        }
    }

    private static let enter: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { argument in
        guard let argument = unsafe argument else { return nil }
        let start = unsafe Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
        _ = unsafe clinux_set_thread_name(start.name)
        start.body()
        return nil
    }
}

/// Carries one value into a thread. Unchecked: it is written before the thread is created and opened once, by it;
/// `pthread_create` orders the two.
private final class Parcel<State: ~Copyable & Sendable>: @unchecked Sendable {
    private var state: State?

    init(_ state: consuming State) {
        self.state = consume state
    }

    func open() -> State {
        guard let state = state.take() else { preconditionFailure("a parcel is opened once") }
        return state
    }
}
