import CRennbahnLinux
package import RennbahnBytes

/// A file that grows at its end, which this process alone uses: the lock is let go of when the process ends, however it does.
///
/// What ``append(_:)`` took survives the end of the process at once, and that of the machine after ``synchronize()``.
package struct AppendFile: ~Copyable, Sendable {
    package let descriptor: Descriptor
    /// Octets of the file.
    package private(set) var count: Int
    /// Octets that it may have; beyond, it is as if the disk were full.
    package let capacity: Int

    /// How often the lock is asked for, 5 ms apart: a process that ends may have it a moment longer than it is there.
    private static let patience = 20

    /// Opens the file, or makes an empty one that only its owner may read.
    ///
    /// - Throws: ``SystemError/isLocked`` where another process has it.
    package init(path: String, capacity: Int) throws(SystemError) {
        let number = unsafe clinux_open_update(path)
        guard number >= 0 else { throw .last("open") }
        var patience = AppendFile.patience
        while clinux_lock_file(number) != 0 {
            if clinux_errno() == EWOULDBLOCK, patience > 0 {
                patience -= 1
                _ = poll(nil, 0, 5)
                continue
            }
            let error = SystemError.last("flock")
            _ = close(number)
            throw error
        }
        let end = lseek(number, 0, SEEK_END)
        guard end >= 0 else {
            let error = SystemError.last("lseek")
            _ = close(number)
            throw error
        }
        descriptor = Descriptor(number)
        count = Int(end)
        self.capacity = capacity
    }

    deinit {
        _ = close(descriptor.rawValue)
    }

    /// All of it.
    package func contents() throws(SystemError) -> ByteBuffer {
        var bytes = ByteBuffer(capacity: count)
        while bytes.count < count {
            let (offset, left) = (bytes.count, count - bytes.count)
            let got = unsafe bytes.fill(minimum: left) { target in
                unsafe pread(descriptor.rawValue, target.baseAddress, left, off_t(offset))
            }
            if got < 0, clinux_errno() == EINTR { continue }
            guard got >= 0 else { throw .last("pread") }
            if got == 0 { break }
        }
        return bytes
    }

    /// Writes all of `bytes` behind what there is, or nothing.
    package mutating func append(_ bytes: Span<UInt8>) throws(SystemError) {
        let fitting = min(bytes.count, max(0, capacity - count))
        var written = 0
        var failure: SystemError?
        while written < fitting {
            let (start, offset) = (written, count + written)
            let result = unsafe bytes.withUnsafeBytes { source in
                unsafe pwrite(descriptor.rawValue, source.baseAddress! + start, fitting - start, off_t(offset))
            }
            if result < 0, clinux_errno() == EINTR { continue }
            guard result > 0 else {
                failure = .last("write")
                break
            }
            written += result
        }
        if failure == nil, fitting < bytes.count { failure = SystemError(code: ENOSPC, operation: "write") }
        if let failure {
            // What went in part is torn, which its reader knows to pass over; but the next must not stand behind it.
            _ = ftruncate(descriptor.rawValue, off_t(count))
            throw failure
        }
        count += written
    }

    /// Cuts the file off.
    package mutating func truncate(to size: Int) throws(SystemError) {
        precondition(size <= count)
        guard ftruncate(descriptor.rawValue, off_t(size)) == 0 else { throw .last("ftruncate") }
        count = size
    }

    /// Waits until all is on the disk.
    package func synchronize() throws(SystemError) { try AppendFile.synchronize(descriptor) }

    /// As above, for a thread that has nothing of the file but its descriptor.
    package static func synchronize(_ descriptor: Descriptor) throws(SystemError) {
        guard fdatasync(descriptor.rawValue) == 0 else { throw .last("fdatasync") }
    }

    /// Puts the file at `path` in the place of the one at `other`: whoever opens that finds one of both, whole.
    package static func rename(_ path: String, to other: String) throws(SystemError) {
        guard unsafe clinux_rename(path, other) == 0 else { throw .last("rename") }
    }

    /// Waits until the names in the folder of `path` are on the disk.
    package static func synchronizeFolder(of path: String) {
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        let number = unsafe clinux_open_folder(folder)
        guard number >= 0 else { return }
        _ = fsync(number)
        _ = close(number)
    }

    package static func remove(_ path: String) {
        _ = unsafe unlink(path)
    }
}

extension SystemError {
    /// Whether another process has the file.
    package var isLocked: Bool { code == EWOULDBLOCK }
}
