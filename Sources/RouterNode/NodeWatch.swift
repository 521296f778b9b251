import RennbahnReactor
import Synchronization

/// Asks the shards of a router how they are doing, from a thread that is none of them.
package final class NodeWatch: Sendable {
    private let controls: [ShardControl]
    private let answered: WakeUp
    private let askedAt = Mutex<UInt64?>(nil)

    /// What a shard told.
    package struct Told: Sendable, Equatable {
        package var status: ShardStatus
        /// It did not answer in time, or stops: this is what it told before.
        package var isOld: Bool
    }

    init(_ controls: [ShardControl]) throws(SystemError) {
        self.controls = controls
        answered = try WakeUp()
    }

    /// Asks all shards, which answer in their next turn. One that never answered is left out. For one thread at a time.
    ///
    /// - Parameters:
    ///   - patience: nanoseconds that they have.
    ///   - age: nanoseconds for which an answer is good: whoever asks all the time wakes nobody more often.
    package func look(patience: UInt64, age: UInt64 = 0) -> [Told] {
        let now = MonotonicClock.now()
        let isDue = askedAt.withLock { askedAt in
            if let askedAt, now - min(now, askedAt) < age { return false }
            askedAt = now
            return true
        }
        if isDue {
            for control in controls { control.ask(waking: answered) }
            wait(until: now + patience)
        }
        return controls.compactMap { control in
            let isOld = !control.isAnswered || control.current != .run
            return control.lastStatus.map { Told(status: $0, isOld: isOld) }
        }
    }

    private func wait(until deadline: UInt64) {
        do throws(SystemError) {
            var poller = try Poller()
            try answered.register(in: &poller, token: 0)
            while true {
                answered.prepareToSleep()
                let now = MonotonicClock.now()
                if now >= deadline || controls.allSatisfy(\.isAnswered) { return answered.finishSleep() }
                _ = poller.wait(timeoutNanoseconds: deadline - now)
                answered.finishSleep()
            }
        } catch {
            // Without descriptors for that, what was told before is told again.
        }
    }
}
