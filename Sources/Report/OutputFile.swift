import Foundation

/// A file of results that is being written: the few system calls that decide what is left of it after a crash. One owner, one
/// thread.
final class OutputFile {
    /// A system call that failed.
    struct Refusal: Error, Equatable, CustomStringConvertible {
        let code: Int32

        static var last: Refusal { Refusal(code: errno) }

        /// The system's own words.
        var description: String { unsafe String(cString: strerror(code)) }
    }

    private let descriptor: Int32

    /// - Parameter flags: of `open`, beside those for writing.
    private init(_ path: String, flags: Int32) throws(Refusal) {
        descriptor = unsafe open(path, flags | O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .last }
    }

    deinit {
        close(descriptor)
    }

    /// An empty file, whatever there was.
    static func replacing(_ path: String) throws(Refusal) -> OutputFile { try OutputFile(path, flags: O_TRUNC) }

    /// A file that grows at its end and that this process alone writes, as long as the value lives: empty, or as it was left.
    ///
    /// - Throws: `EWOULDBLOCK` where another process has it.
    static func growing(_ path: String) throws(Refusal) -> OutputFile {
        let file = try OutputFile(path, flags: O_APPEND)
        guard flock(file.descriptor, LOCK_EX | LOCK_NB) == 0 else { throw .last }
        return file
    }

    /// Octets of it.
    var size: Int {
        var status = stat()
        return unsafe fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
    }

    /// Writes all of `bytes`, with one system call unless the system takes only a part; or nothing.
    func append(_ bytes: Data) throws(Refusal) {
        let before = size
        var written = 0
        while written < bytes.count {
            let result = unsafe bytes.withUnsafeBytes { source in
                unsafe write(descriptor, source.baseAddress! + written, bytes.count - written)
            }
            if result > 0 {
                written += result
            } else if result == 0 || errno != EINTR {
                let refusal = Refusal.last
                if written > 0 { _ = ftruncate(descriptor, off_t(before)) }
                throw refusal
            }
        }
    }

    /// Waits until all is on the disk.
    func synchronize() throws(Refusal) {
        guard fsync(descriptor) == 0 else { throw .last }
    }

    /// Writes a file that appears whole or not at all, also where the machine loses its power: under another name, which is then
    /// changed.
    static func put(_ bytes: Data, at path: String) throws(Refusal) {
        let draft = path + ".tmp"
        do throws(Refusal) {
            let file = try replacing(draft)
            try file.append(bytes)
            try file.synchronize()
            guard unsafe rename(draft, path) == 0 else { throw .last }
        } catch {
            remove(draft)
            throw error
        }
        synchronizeFolder(of: path)
    }

    static func remove(_ path: String) { _ = unsafe unlink(path) }

    /// Gives a file another name that no file has; `false`: there is one.
    static func keep(_ path: String, as other: String) throws(Refusal) -> Bool {
        guard unsafe link(path, other) == 0 else {
            if errno == EEXIST { return false }
            throw .last
        }
        remove(path)
        return true
    }

    /// Waits until the names in the folder of `path` are on the disk.
    private static func synchronizeFolder(of path: String) {
        let name = URL(fileURLWithPath: path).deletingLastPathComponent().path
        let folder = unsafe open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { return }
        fsync(folder)
        close(folder)
    }
}
