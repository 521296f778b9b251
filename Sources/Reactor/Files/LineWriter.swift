import Synchronization

/// Writes lines to a stream on a thread of its own, so that whoever has something to say never waits for a reader: a pipe that is
/// full, a terminal that was stopped, a disk.
///
/// What waits is bounded. A line that has no room is left out and counted, as are all that follow, until half of the room is free
/// again: then a line says how many there were, where they would have been.
package final class LineWriter: Sendable {
    /// What may wait to be written; the line that the thread has at hand comes on top.
    package struct Bounds: Sendable {
        package var lines = 10_000
        package var octets = 4 * 1024 * 1024

        package init() {}
    }

    private struct Entry {
        var text: String
        /// How many lines go with it: those that it tells of, or itself.
        var weight: UInt64 = 1
    }

    private struct State {
        let bounds: Bounds
        let notice: @Sendable (UInt64) -> String
        /// What is before `first` was taken.
        var entries: [Entry] = []
        var first = 0
        var octets = 0
        /// Lines that nothing that waits tells of.
        var leftOut: UInt64 = 0
        /// Lines that could not be written; told with the next that can.
        var unwritable: UInt64 = 0
        var isStarted = false
        var isStopped = false

        private var count: Int { entries.count - first }

        /// False where there was no room.
        mutating func put(_ line: String) -> Bool {
            let share = leftOut > 0 ? 2 : 1
            guard count < bounds.lines / share, octets + line.utf8.count <= bounds.octets / share else {
                leftOut += 1
                return false
            }
            noteLeftOut()
            append(Entry(text: line))
            return true
        }

        /// The next one, which is the thread's from now on; `nil`: there is none.
        mutating func take() -> Entry? {
            if count == 0 { noteLeftOut() }
            guard count > 0 else { return nil }
            let entry = entries[first]
            entries[first].text = ""
            first += 1
            octets -= entry.text.utf8.count
            // Seldom enough that each is moved once or twice.
            if first == entries.count || (first > 1024 && first > entries.count / 2) {
                entries.removeFirst(first)
                first = 0
            }
            return entry
        }

        mutating func noteWritten() {
            leftOut += unwritable
            unwritable = 0
        }

        private mutating func noteLeftOut() {
            guard leftOut > 0 else { return }
            append(Entry(text: notice(leftOut), weight: leftOut))
            leftOut = 0
        }

        private mutating func append(_ entry: Entry) {
            entries.append(entry)
            octets += entry.text.utf8.count
        }
    }

    private let descriptor: Descriptor
    private let state: Mutex<State>
    /// Wakes the thread when there is something to write.
    private let bell: WakeUp
    /// Rings once: when the thread has written all that it could, and ends.
    private let end: WakeUp
    private let thread = Mutex<Thread?>(nil)

    /// Without its thread: lines wait until ``start()``.
    ///
    /// - Parameter notice: the line, with its end, that says how many were left out.
    package convenience init(
        _ stream: StandardStream, bounds: Bounds = Bounds(), notice: @escaping @Sendable (UInt64) -> String
    ) throws(SystemError) {
        try self.init(to: stream.descriptor, bounds: bounds, notice: notice)
    }

    init(
        to descriptor: Descriptor, bounds: Bounds, notice: @escaping @Sendable (UInt64) -> String
    ) throws(SystemError) {
        self.descriptor = descriptor
        state = Mutex(State(bounds: bounds, notice: notice))
        bell = try WakeUp()
        end = try WakeUp()
        end.prepareToSleep()
    }

    /// Puts a line, with its end, behind the others. From any thread; it never waits for what is written.
    package func write(_ line: String) {
        let isTaken = state.withLock { $0.put(line) }
        if isTaken { bell.wake() }
    }

    /// Begins to write, once. Signals that the calling thread blocks are blocked in the thread that writes, too.
    package func start() throws(SystemError) {
        state.withLock { $0.isStarted = true }
        var spawned: Thread? = try Thread.spawn(name: "log") { [self] in
            run()
            end.wake()
        }
        thread.withLock { $0 = spawned.take() }
    }

    /// Returns when all is written, or after so many nanoseconds: a thread that waits for its reader is left behind then.
    ///
    /// - Returns: whether the thread has ended.
    @discardableResult
    package func finish(within patience: UInt64) -> Bool {
        let isStarted = state.withLock { state in
            state.isStopped = true
            return state.isStarted
        }
        if !isStarted { try? start() }
        bell.wake()
        let deadline = MonotonicClock.now() + patience
        while !DescriptorWait.isReadable(end.descriptor) {
            guard MonotonicClock.now() < deadline else { return false }
            DescriptorWait.untilReadable(end.descriptor, deadline: deadline)
        }
        let ended = thread.withLock { $0.take() }
        if let ended { ended.join() }
        return true
    }

    // MARK: The thread's side

    private func run() {
        do throws(SystemError) {
            var poller = try Poller()
            try bell.register(in: &poller, token: 0)
            while true {
                bell.prepareToSleep()
                writeAll()
                if isStopped { break }
                _ = poller.wait(timeoutMilliseconds: -1)
                bell.finishSleep()
            }
        } catch {
            // Nothing wakes this thread: it looks by itself, ten times a second.
            while !isStopped {
                writeAll()
                DescriptorWait.untilReadable(nil, deadline: MonotonicClock.now() + 100_000_000)
            }
        }
        // What came between the last look and the order to stop.
        writeAll()
    }

    private var isStopped: Bool { state.withLock { $0.isStopped } }

    private func writeAll() {
        while let entry = state.withLock({ $0.take() }) {
            do throws(SystemError) {
                try StandardStream.write(entry.text, to: descriptor, named: "log")
                state.withLock { $0.noteWritten() }
            } catch {
                state.withLock { $0.unwritable += entry.weight }
            }
        }
    }
}
