import RennbahnBytes
import RennbahnCookies
package import RennbahnReactor
import Synchronization

/// Why a file of cookies cannot be used.
package enum CookieFileFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// It holds something else.
    case foreign(path: String)
    /// Another process, or another transport of this one, has it.
    case inUse(path: String)
    case system(path: String, SystemError)

    init(_ path: String, _ error: SystemError) {
        self = error.isLocked ? .inUse(path: path) : .system(path: path, error)
    }

    package var description: String {
        switch self {
        case .foreign(let path): "\(path) is no file of cookies; it is not touched"
        case .inUse(let path): "\(path): another process or transport keeps its cookies there"
        case .system(let path, let error): "\(path): \(error)"
        }
    }
}

/// A jar, and the file that it is in.
///
/// * Each change is appended with one `write` by the shard that makes it, so it survives the end of this process before
///   anybody is told of it. A thread of its own waits for the disk: `fdatasync` for all that came in the meantime.
/// * That thread also writes the file anew, beside the old one, when most of it is of no use any more; then it is renamed.
/// * When the file cannot be written, the cookies go on in memory, and it is tried again every 30 s to write all anew. A
///   cookie that is taken away meanwhile must not come back with a restart: then the file, which still has it, is emptied.
final class CookieFileKeeper: Sendable {
    private static let retry: Int32 = 30_000
    /// Nanoseconds that the disk has at the end. What it has not taken by then the kernel has, and a thread that waits for it is
    /// left behind.
    private static let lastPatience: UInt64 = 1_000_000_000
    /// A file below this size is not written anew.
    private static let slack = 64 * 1024

    private struct State: ~Copyable {
        var jar: CookieJar
        /// `nil`: in memory only.
        var file: AppendFile?
        var isUnsynchronized = false
        /// The file lacks changes.
        var isBehind = false
        /// The size of the file when it was new, and whether it shall be so again.
        var freshCount = 0
        var wantsRewriting = false
        /// What came since the snapshot that is being written.
        var sinceSnapshot: ByteBuffer?
        var isStopped = false

        /// Octets of the file.
        var fileCount: Int {
            switch file {
            case .some(let file): file.count
            case nil: 0
            }
        }

        var descriptor: Descriptor? {
            switch file {
            case .some(let file): file.descriptor
            case nil: nil
            }
        }
    }

    let policy: CookiePolicy
    private let path: String
    private let largestFile: Int
    private let report: @Sendable (String) -> Void
    private let state: Mutex<State>
    private let synchronizes: @Sendable (Descriptor) throws(SystemError) -> Void
    private let wakeUp: WakeUp?
    /// Rung when the thread ends.
    private let end: WakeUp?
    private let thread = Mutex<Thread?>(nil)

    init(_ jar: consuming CookieJar) {
        policy = jar.policy
        path = ""
        largestFile = 0
        report = { _ in }
        synchronizes = { _ in }
        wakeUp = nil
        end = nil
        state = Mutex(State(jar: jar))
    }

    init(
        _ jar: consuming CookieJar, path: String, largestFile: Int, now: UInt64,
        synchronizes: @escaping @Sendable (Descriptor) throws(SystemError) -> Void,
        report: @escaping @Sendable (String) -> Void
    ) throws(CookieFileFailure) {
        policy = jar.policy
        self.path = path
        self.largestFile = largestFile
        self.report = report
        self.synchronizes = synchronizes
        do throws(SystemError) {
            wakeUp = try WakeUp()
            end = try WakeUp()
        } catch {
            throw CookieFileFailure(path, error)
        }
        var note: String?
        let file = try CookieFileKeeper.open(path, largestFile, into: &jar, now: now, &note)
        state = Mutex(State(jar: jar, file: file))
        end?.prepareToSleep()
        if let note { report(note) }
    }

    private static func open(
        _ path: String, _ largestFile: Int, into jar: inout CookieJar, now: UInt64, _ note: inout String?
    ) throws(CookieFileFailure) -> AppendFile {
        do throws(SystemError) {
            var file = try AppendFile(path: path, capacity: largestFile)
            let bytes = try file.contents()
            guard let contents = try? CookieLog.contents(of: bytes.span) else { throw SystemError.foreign }
            if contents.isDamaged {
                note = "\(path) is damaged: cookies from before the damage stand for nobody any more"
            }
            jar.restore(contents.changes, now: now)
            try file.truncate(to: contents.soundCount)
            if contents.soundCount == 0 { try file.append(CookieLog.magic.utf8Bytes) }
            return file
        } catch {
            throw error == .foreign ? .foreign(path: path) : CookieFileFailure(path, error)
        }
    }

    // MARK: The shards' side

    /// Does something with the jar and writes down what it changed.
    func change<Result: Sendable>(_ body: (inout CookieJar) -> Result) -> Result {
        var trouble: String?
        var isOfInterest = false
        let result = state.withLock { state in
            let result = body(&state.jar)
            let changes = state.jar.takeChanges()
            if !changes.isEmpty, state.file != nil {
                trouble = write(changes, &state)
                isOfInterest = true
            }
            return result
        }
        if isOfInterest { wakeUp?.wake() }
        if let trouble { report(trouble) }
        return result
    }

    /// Appends to the file; what went wrong, if that is news.
    private func write(_ changes: [CookieChange], _ state: inout State) -> String? {
        var bytes = ByteBuffer()
        for change in changes { CookieLog.append(change, to: &bytes) }
        state.sinceSnapshot?.append(bytes.span)
        var trouble: String?
        if !state.isBehind {
            do throws(SystemError) {
                try state.file?.append(bytes.span)
                state.isUnsynchronized = true
                if state.fileCount > 2 * state.freshCount + CookieFileKeeper.slack { state.wantsRewriting = true }
                return nil
            } catch {
                state.isBehind = true
                trouble = "\(path) cannot be written: \(error); the cookies go on in memory"
            }
        }
        if changes.contains(where: \.takesAway), state.fileCount > 0 {
            do throws(SystemError) {
                try state.file?.truncate(to: 0)
                state.isUnsynchronized = true
            } catch {
                // Better no file than one that gives back what was taken away.
                AppendFile.remove(path)
            }
        }
        return trouble
    }

    // MARK: The thread's side

    func start() throws(CookieFileFailure) {
        do throws(SystemError) {
            var spawned: Thread? = try Thread.spawn(name: "cookies") { [self] in
                do throws(SystemError) {
                    var poller = try Poller()
                    try wakeUp?.register(in: &poller, token: 0)
                    run(poller)
                } catch {
                    report("\(path): nobody waits for the disk: \(error)")
                }
                end?.wake()
            }
            thread.withLock { $0 = spawned.take() }
        } catch {
            throw CookieFileFailure(path, error)
        }
    }

    func stop() {
        state.withLock { $0.isStopped = true }
        wakeUp?.wake()
        let started = thread.withLock { $0.take() }
        if let started {
            if hasEnded() { started.join() }
        }
    }

    /// Waits for the end of the thread; false where its disk takes too long.
    private func hasEnded() -> Bool {
        guard let end else { return true }
        let deadline = MonotonicClock.now() + CookieFileKeeper.lastPatience
        do throws(SystemError) {
            var poller = try Poller()
            try end.register(in: &poller, token: 0)
            while true {
                let now = MonotonicClock.now()
                guard now < deadline else { return false }
                if poller.wait(timeoutNanoseconds: deadline - now) > 0 { return true }
            }
        } catch {
            // There is nothing to look with: it is waited for.
            return true
        }
    }

    private func run(_ poller: consuming Poller) {
        while true {
            wakeUp?.prepareToSleep()
            let (isStopped, isBehind, wants, unsynchronized) = state.withLock { state in
                (state.isStopped, state.isBehind, state.wantsRewriting, state.isUnsynchronized)
            }
            var isDue = wants
            if !isStopped, !wants, !unsynchronized {
                let events = poller.wait(timeoutMilliseconds: isBehind ? CookieFileKeeper.retry : -1)
                isDue = isBehind && events == 0
            }
            wakeUp?.finishSleep()
            if isDue { rewrite() } else { synchronize() }
            if isStopped { return }
        }
    }

    /// What comes while the disk is waited for is for the next time.
    func synchronize() {
        let descriptor: Descriptor? = state.withLock { state in
            defer { state.isUnsynchronized = false }
            return state.isUnsynchronized ? state.descriptor : nil
        }
        guard let descriptor else { return }
        do throws(SystemError) {
            try synchronizes(descriptor)
        } catch {
            report("\(path) cannot be brought to the disk: \(error)")
        }
    }

    /// Writes all that there is to a new file and puts that in the place of the old one.
    func rewrite() {
        let jar: CookieJar = state.withLock { state in
            state.wantsRewriting = false
            state.sinceSnapshot = ByteBuffer()
            return state.jar
        }
        var bytes = ByteBuffer()
        bytes.append(CookieLog.magic)
        for change in jar.snapshot { CookieLog.append(change, to: &bytes) }
        let fresh = path + ".new"
        do throws(SystemError) {
            var file = try AppendFile(path: fresh, capacity: largestFile)
            try file.truncate(to: 0)
            try file.append(bytes.span)
            try file.synchronize()
            let wasBehind = try exchange(file, at: fresh)
            AppendFile.synchronizeFolder(of: path)
            synchronize()
            if wasBehind { report("\(path) is written again, with all cookies") }
        } catch {
            AppendFile.remove(fresh)
            let isNews = state.withLock { state in
                state.sinceSnapshot = nil
                // Not before it has grown once more, or in a while where changes are missing.
                state.freshCount = state.fileCount
                return !state.isBehind
            }
            if isNews { report("\(fresh) cannot be written: \(error)") }
        }
    }

    /// Whether the file that goes lacked changes.
    private func exchange(_ file: consuming AppendFile, at fresh: String) throws(SystemError) -> Bool {
        var parcel: AppendFile? = consume file
        let outcome: Result<Bool, SystemError> = state.withLock { state in
            guard var file = parcel.take() else { preconditionFailure("exchanged once") }
            do throws(SystemError) {
                if let more = state.sinceSnapshot.take() { try file.append(more.span) }
                try AppendFile.rename(fresh, to: path)
            } catch {
                return .failure(error)
            }
            defer { state.isBehind = false }
            state.isUnsynchronized = true
            state.freshCount = file.count
            state.file = consume file
            return .success(state.isBehind)
        }
        return try outcome.get()
    }
}

extension SystemError {
    /// Stands for a file that is somebody else's, on its way through errors of the system.
    fileprivate static let foreign = SystemError(code: 0, operation: "cookies")
}
