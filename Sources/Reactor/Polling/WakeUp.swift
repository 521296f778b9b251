import CRennbahnLinux
import Synchronization

/// Wakes one sleeping consumer thread from any number of producer threads, with a system call only if it sleeps.
///
/// ```
/// producer                          consumer, once per loop turn with nothing left to do
/// P1  ring.push(…)                  C1  wakeUp.prepareToSleep()   asleep ← true, fence
/// P2  wakeUp.wake()                 C2  all rings empty? else do not sleep
///     fence, read asleep,           C3  poller.wait(…)
///     if true: write eventfd        C4  wakeUp.finishSleep()      asleep ← false
/// ```
///
/// Why no wake-up is lost. Each side writes one variable and then reads the other's (Dekker's pattern), with a
/// sequentially consistent fence between the two. Acquire and release would not do: both reads might be served before
/// either write is visible (x86's store buffer does that). The fences have a total order.
/// Either the producer's is first; then C2 sees the ring's new tail, and the consumer stays awake. Or the consumer's is
/// first; then P2 reads `true`, or a later value of `asleep`: `false` from C4, so the consumer is awake and has its next
/// C1 and C2 before it sleeps again; or `false` from another producer, which took the duty to write the eventfd, so the
/// consumer is about to wake, with the same consequence. By coherence P2 cannot read a value older than a C1 whose fence
/// precedes its own, so one of the cases holds for every later sleep, too.
///
/// The eventfd is watched edge-triggered and never read: each write is an edge, which saves a system call per wake-up.
/// A write that arrives after the consumer woke for another reason ends its next sleep early, and does no other harm.
///
/// The fence costs about as much as a locked instruction: call ``wake()`` once per batch and consumer, not per record.
package final class WakeUp: Sendable {
    private let eventDescriptor: Int32
    private let asleep = Atomic<Bool>(false)

    package init() throws(SystemError) {
        eventDescriptor = eventfd(0, clinux_eventfd_flags)
        guard eventDescriptor >= 0 else { throw .last("eventfd") }
    }

    deinit {
        if eventDescriptor >= 0 { _ = close(eventDescriptor) }
    }

    /// Watch it with ``register(in:token:)``.
    package var descriptor: Descriptor { Descriptor(eventDescriptor) }

    /// Lets `poller` report wake-ups with `token`; the events need no handling.
    package func register(in poller: inout Poller, token: UInt64) throws(SystemError) {
        try poller.add(descriptor, token: token, interest: [.read, .edgeTriggered])
    }

    /// Producer: wakes the consumer if it sleeps or is about to. Call after the push.
    ///
    /// - Returns: whether it took a system call.
    @discardableResult
    package func wake() -> Bool {
        atomicMemoryFence(ordering: .sequentiallyConsistent)
        guard asleep.load(ordering: .relaxed), asleep.exchange(false, ordering: .relaxed) else { return false }
        var one: UInt64 = 1
        while unsafe write(eventDescriptor, &one, 8) < 0 && clinux_errno() == EINTR {}
        return true
    }

    /// Consumer: announces that it is about to sleep. It must look at all its rings after this call, and sleep only if
    /// they are empty.
    package func prepareToSleep() {
        asleep.store(true, ordering: .relaxed)
        atomicMemoryFence(ordering: .sequentiallyConsistent)
    }

    /// Consumer: is awake again, or did not sleep after all.
    package func finishSleep() {
        asleep.store(false, ordering: .relaxed)
    }
}
