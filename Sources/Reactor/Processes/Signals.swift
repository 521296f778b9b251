import CRennbahnLinux

/// Signals as events of a loop instead of handlers that interrupt it.
package enum Signals {
    package static let interrupt: Int32 = SIGINT
    package static let terminate: Int32 = SIGTERM
    /// The terminal is gone, or a supervisor wants a daemon to begin anew.
    package static let hangUp: Int32 = SIGHUP
    package static let kill: Int32 = SIGKILL
    package static let brokenPipe: Int32 = SIGPIPE
    /// Beyond the limit of a file's size.
    package static let fileTooLarge: Int32 = SIGXFSZ

    /// Blocks `signals` in the calling thread and in threads that it creates later. Call it before there are others: a
    /// process-wide signal goes to any thread that does not block it. Programs of ``ChildProcess`` start with none blocked.
    package static func block(_ signals: [Int32]) throws(SystemError) {
        var set = Signals.set(signals)
        let code = unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
        guard code == 0 else { throw SystemError(code: code, operation: "pthread_sigmask") }
    }

    /// What ends a program in good order. SIGHUP is no part of it where whoever started the program had it ignored (nohup): a
    /// signal that is blocked would come all the same.
    static var ending: [Int32] {
        clinux_is_ignored(hangUp) == 0 ? [interrupt, terminate, hangUp] : [interrupt, terminate]
    }

    static func set(_ signals: [Int32]) -> sigset_t {
        var set = sigset_t()
        _ = unsafe sigemptyset(&set)
        for signal in signals { _ = unsafe sigaddset(&set, signal) }
        return set
    }
}

/// Receives blocked signals through a descriptor. While the value lives, and afterwards, the signals stay blocked.
package struct SignalWatcher: ~Copyable, Sendable {
    /// Readable while a signal waits.
    package let descriptor: Descriptor

    /// Blocks `signals`, and SIGPIPE, in the calling thread (see ``Signals/block(_:)``) and watches the former.
    ///
    /// - Parameter signals: `nil`: SIGINT, SIGTERM and, unless it is ignored, SIGHUP.
    package init(_ signals: [Int32]? = nil) throws(SystemError) {
        let signals = signals ?? Signals.ending
        try Signals.block(signals + [Signals.brokenPipe])
        var set = Signals.set(signals)
        let number = unsafe signalfd(-1, &set, clinux_signalfd_flags)
        guard number >= 0 else { throw .last("signalfd") }
        descriptor = Descriptor(number)
    }

    deinit {
        Sockets.close(descriptor)
    }

    /// The next signal that arrived; `nil` when none waits.
    package func next() -> Int32? {
        var info = signalfd_siginfo()
        let size = MemoryLayout<signalfd_siginfo>.size
        while true {
            if unsafe read(descriptor.rawValue, &info, size) == size { return Int32(bitPattern: info.ssi_signo) }
            if clinux_errno() != EINTR { return nil }
        }
    }
}

/// Ties a child to the life of the process that started it.
package enum ParentWatch {
    /// Asks the kernel to send this process SIGTERM when its parent ends. More precisely: when the parent's *thread* that
    /// spawned it ends, so spawn from a thread that lives as long as the process.
    ///
    /// - Parameter parent: the expected parent. If it is somebody else, the parent ended before the call, and the SIGTERM
    ///   is sent at once. Without it only an end during the call itself is noticed.
    package static func exitWithParent(_ parent: Int32? = nil) throws(SystemError) {
        let before = parent ?? getppid()
        guard clinux_signal_on_parent_death(SIGTERM) == 0 else { throw .last("prctl PR_SET_PDEATHSIG") }
        if getppid() != before { _ = kill(getpid(), SIGTERM) }
    }
}
