import CRennbahnLinux

/// What `posix_spawn` is told: descriptors, signals, arguments, environment. Owns the descriptors that are the program's, such as
/// the pipes' writing ends, until it has them.
@safe
struct SpawnRequest: ~Copyable {
    private let actions: UnsafeMutablePointer<posix_spawn_file_actions_t>
    private let attributes: UnsafeMutablePointer<posix_spawnattr_t>
    private var given: [Descriptor] = []

    init() {
        unsafe actions = .allocate(capacity: 1)
        unsafe attributes = .allocate(capacity: 1)
        _ = unsafe posix_spawn_file_actions_init(actions)
        _ = unsafe posix_spawnattr_init(attributes)
        _ = unsafe posix_spawn_file_actions_addopen(actions, 0, "/dev/null", O_RDONLY, 0)
        // The program starts with no signal blocked and all at their defaults, whatever we block or ignore.
        var none = Signals.set([])
        var all = sigset_t()
        _ = unsafe sigfillset(&all)
        _ = unsafe posix_spawnattr_setsigmask(attributes, &none)
        _ = unsafe posix_spawnattr_setsigdefault(attributes, &all)
        _ = unsafe posix_spawnattr_setflags(attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    }

    deinit {
        _ = unsafe posix_spawn_file_actions_destroy(actions)
        _ = unsafe posix_spawnattr_destroy(attributes)
        unsafe actions.deallocate()
        unsafe attributes.deallocate()
        for descriptor in given { Sockets.close(descriptor) }
    }

    /// Sends the program's descriptor `number` to `stream`; returns the reading end if that is a pipe.
    mutating func redirect(_ number: Int32, to stream: ChildProcess.Stream) throws(SystemError) -> Descriptor? {
        switch stream {
        case .inherit:
            return nil
        case .discard:
            _ = unsafe posix_spawn_file_actions_addopen(actions, number, "/dev/null", O_WRONLY, 0)
            return nil
        case .pipe:
            var ends: (Int32, Int32) = (-1, -1)
            let code = unsafe withUnsafeMutableBytes(of: &ends) { raw in
                unsafe clinux_pipe(raw.baseAddress?.assumingMemoryBound(to: Int32.self))
            }
            guard code == 0 else { throw .last("pipe2") }
            _ = clinux_set_nonblocking(ends.0)
            given.append(Descriptor(ends.1))
            _ = unsafe posix_spawn_file_actions_adddup2(actions, ends.1, number)
            return Descriptor(ends.0)
        }
    }

    /// Lets the program read `bytes` from its standard input, which is a file without a name: however both processes end, nothing
    /// is left of it.
    mutating func provide(_ bytes: Span<UInt8>) throws(SystemError) {
        let number = clinux_memory_file()
        guard number >= 0 else { throw .last("memfd_create") }
        given.append(Descriptor(number))
        var written = 0
        while written < bytes.count {
            let start = written
            // Where it stands in the file stays: the program reads from the beginning.
            let result = unsafe bytes.withUnsafeBytes { source in
                unsafe pwrite(number, source.baseAddress! + start, source.count - start, off_t(start))
            }
            if result < 0, clinux_errno() == EINTR { continue }
            guard result > 0 else { throw .last("write") }
            written += result
        }
        _ = unsafe posix_spawn_file_actions_adddup2(actions, number, 0)
    }

    func run(
        _ executable: String, arguments: [String], environment: [String: String]
    ) -> Result<Int32, SystemError> {
        let words = CStrings([executable] + arguments)
        let variables = CStrings(SpawnRequest.environment(with: environment))
        var pid: Int32 = 0
        let code = unsafe posix_spawnp(&pid, executable, actions, attributes, words.pointers, variables.pointers)
        return code == 0 ? .success(pid) : .failure(SystemError(code: code, operation: "posix_spawn"))
    }

    /// Our own environment with `changes`, as NAME=value.
    private static func environment(with changes: [String: String]) -> [String] {
        var variables = changes.map { "\($0.key)=\($0.value)" }
        guard var next = unsafe clinux_environment() else { return variables }
        while let variable = unsafe next.pointee {
            let text = unsafe String(cString: variable)
            let name = text.prefix { $0 != "=" }
            if changes[String(name)] == nil { variables.append(text) }
            unsafe next += 1
        }
        return variables
    }
}

/// A null-terminated array of C strings.
@safe
private struct CStrings: ~Copyable {
    let pointers: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
    private let count: Int

    init(_ strings: [String]) {
        count = strings.count
        unsafe pointers = .allocate(capacity: count + 1)
        for (index, string) in strings.enumerated() { unsafe (pointers + index).initialize(to: strdup(string)) }
        unsafe (pointers + count).initialize(to: nil)
    }

    deinit {
        for index in 0..<count { unsafe free(pointers[index]) }
        unsafe pointers.deallocate()
    }
}
