import CRennbahnLinux

/// How a process ended.
package enum ExitStatus: Sendable, Equatable {
    case exited(code: Int32)
    case signalled(Int32)
    /// It has ended, but somebody else took its status (as in a process that ignores SIGCHLD).
    case lost
}

/// A program that this process started. It never outlives this value: dropping it kills what still runs.
///
/// One owner, one thread.
package final class ChildProcess {
    /// Where one of the program's output streams goes.
    package enum Stream: Sendable, Equatable {
        /// To where our own goes.
        case inherit
        /// Into a pipe: it must be read, or the program blocks once the pipe is full (64 KiB).
        case pipe
        case discard
    }

    package let pid: Int32
    private var status: ExitStatus?
    private let processDescriptor: Descriptor?
    private var output: LineReader

    /// Starts a program with no signal blocked or ignored.
    ///
    /// - Parameters:
    ///   - executable: a path, or a name that is looked for in PATH.
    ///   - arguments: without the program's own name.
    ///   - environment: changes to our own environment.
    ///   - input: what there is on its standard input.
    ///   - errors: no pipe, since nobody would read it.
    ///   - processors: the processors the program may run on; `nil` for those of the calling thread.
    package init(
        _ executable: String, arguments: [String] = [], environment: [String: String] = [:],
        input: [UInt8] = [], output: Stream = .pipe, errors: Stream = .inherit, processors: [Int]? = nil
    ) throws(SystemError) {
        var spawn = SpawnRequest()
        if !input.isEmpty { try spawn.provide(input.span) }
        self.output = LineReader(try spawn.redirect(1, to: output))
        precondition(errors != .pipe)
        _ = try spawn.redirect(2, to: errors)
        // A new process inherits the affinity of the thread that spawns it.
        let allowed = Processor.allowed
        if let processors { try Processor.pinCurrentThread(to: processors) }
        let result = spawn.run(executable, arguments: arguments, environment: environment)
        if processors != nil { try? Processor.pinCurrentThread(to: allowed) }
        pid = try result.get()
        let number = clinux_pidfd_open(pid)
        processDescriptor = number >= 0 ? Descriptor(number) : nil
    }

    deinit {
        if status == nil {
            _ = kill(pid, SIGKILL)
            _ = reap(blocking: true)
        }
        if let processDescriptor { Sockets.close(processDescriptor) }
    }

    /// Sends a signal, unless the program is known to have ended.
    package func terminate(_ signal: Int32 = Signals.terminate) {
        if poll() == nil { _ = kill(pid, signal) }
    }

    /// How the program ended, if it has; does not wait.
    package func poll() -> ExitStatus? {
        if status == nil { status = reap(blocking: false) }
        return status
    }

    /// Waits for the program's end; `nil` if the deadline (of ``MonotonicClock``, in ns) passes first.
    package func wait(deadline: UInt64) -> ExitStatus? {
        while poll() == nil {
            let now = MonotonicClock.now()
            if now >= deadline { return nil }
            // Without a process descriptor (old kernels, sandboxes) look again every few milliseconds.
            let step = processDescriptor == nil ? min(deadline, now + 2_000_000) : deadline
            DescriptorWait.untilReadable(processDescriptor, deadline: step)
        }
        return status
    }

    /// The next line of the program's standard output.
    package func readLine(deadline: UInt64) -> LineResult { output.next(deadline: deadline) }

    private func reap(blocking: Bool) -> ExitStatus? {
        var raw: Int32 = 0
        while true {
            let reaped = unsafe waitpid(pid, &raw, blocking ? 0 : WNOHANG)
            if reaped == pid { break }
            if reaped == 0 { return nil }
            if clinux_errno() != EINTR { return .lost }
        }
        return clinux_exited(raw) != 0
            ? .exited(code: clinux_exit_code(raw)) : .signalled(clinux_termination_signal(raw))
    }
}
