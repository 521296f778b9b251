import CRennbahnLinux
package import RennbahnBytes

/// A regular file that is open for reading; closed when nobody has it any more.
package final class ServedFile {
    package enum Outcome {
        case file(ServedFile)
        case folder
        /// Nothing that is anybody's to read: no such name, no permission, no regular file, or a link that leads out.
        case nothing
        /// No descriptor or memory is left.
        case noRoom
    }

    /// Octets when it was opened.
    package let count: Int
    /// Nanoseconds since 1970-01-01 UTC.
    package let modified: UInt64
    private let descriptor: Int32

    private init(_ descriptor: Int32, _ status: stat) {
        self.descriptor = descriptor
        count = Int(status.st_size)
        modified = UInt64(clamping: status.st_mtim.tv_sec) &* 1_000_000_000 &+ UInt64(clamping: status.st_mtim.tv_nsec)
    }

    deinit {
        _ = close(descriptor)
    }

    /// Opens `path` in the folder `directory`. No component of it, and no symbolic link on the way, leads out of there.
    package static func open(_ path: String, in directory: String) -> Outcome {
        let descriptor = openBeneath(path, in: directory)
        guard descriptor >= 0 else { return failed() }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else {
            _ = close(descriptor)
            return .nothing
        }
        if unsafe clinux_is_regular(&status) != 0 { return .file(ServedFile(descriptor, status)) }
        _ = close(descriptor)
        return unsafe clinux_is_folder(&status) != 0 ? .folder : .nothing
    }

    /// Whether there is a folder at `path` that can be read.
    package static func isFolder(_ path: String) -> Bool {
        let folder = unsafe clinux_open_folder(path)
        guard folder >= 0 else { return false }
        _ = close(folder)
        return true
    }

    private static func failed() -> Outcome {
        switch clinux_errno() {
        // EAGAIN: somebody renamed folders on the way while it was walked.
        case EMFILE, ENFILE, ENOMEM, EAGAIN, EIO: .noRoom
        case _: .nothing
        }
    }

    private static func openBeneath(_ path: String, in directory: String) -> Int32 {
        let folder = unsafe clinux_open_folder(directory)
        guard folder >= 0 else { return folder }
        let descriptor = unsafe clinux_open_beneath(folder, path)
        let error = clinux_errno()
        _ = close(folder)
        if descriptor < 0 { clinux_set_errno(error) }
        return descriptor
    }

    /// Appends up to `count` octets from `offset` on to `buffer`, and says how many; 0 at the end.
    package func read(at offset: Int, atMost count: Int, into buffer: inout ByteBuffer) throws(SystemError) -> Int {
        while true {
            let got = unsafe buffer.fill(minimum: count) { target in
                unsafe pread(descriptor, target.baseAddress, count, off_t(offset))
            }
            if got >= 0 { return got }
            if clinux_errno() != EINTR { throw .last("pread") }
        }
    }

    /// The names in a folder, and which of them are folders; `nil` where it cannot be read.
    ///
    /// - Parameter most: names beyond these are left out.
    package static func names(
        at path: String, in directory: String, atMost most: Int
    ) -> [(name: String, isFolder: Bool)]? {
        let descriptor = openBeneath(path, in: directory)
        guard descriptor >= 0 else { return nil }
        guard let stream = unsafe fdopendir(descriptor) else {
            _ = close(descriptor)
            return nil
        }
        defer { unsafe closedir(stream) }
        var names: [(name: String, isFolder: Bool)] = []
        while names.count < most, let entry = unsafe readdir(stream) {
            let name = unsafe String(cString: clinux_entry_name(entry))
            var status = stat()
            guard name != ".", name != "..", unsafe fstatat(descriptor, name, &status, 0) == 0 else { continue }
            unsafe names.append((name, clinux_is_folder(&status) != 0))
        }
        return names
    }
}
