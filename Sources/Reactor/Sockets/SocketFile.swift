import CRennbahnLinux

/// The file that a UNIX socket listens at. Linux leaves it behind when the socket is closed, and refuses to bind to a
/// path that exists; so whoever listens removes it, before and after.
package struct SocketFile: Sendable, Equatable {
    package let path: String
    // Which file it is: another one may stand at the path by the time ours is to be removed.
    private let device: UInt64
    private let inode: UInt64

    /// Why a path cannot be listened at, beyond what the system says.
    package enum Occupied: Error, Sendable, Equatable, CustomStringConvertible {
        /// Something that is no socket is there; it is not touched.
        case noSocket(String)
        /// A process accepts connections there.
        case inUse(String)
        case system(SystemError)

        package var description: String {
            switch self {
            case .noSocket(let path): "\(path) exists and is no socket; it is not removed"
            case .inUse(let path): "\(path): another process listens there"
            case .system(let error): error.description
            }
        }
    }

    /// The socket that is at `path` now.
    package init(at path: String) throws(SystemError) {
        guard let found = try SocketFile.status(path) else {
            throw SystemError(code: ENOENT, operation: "stat")
        }
        (self.path, device, inode) = (path, found.device, found.inode)
    }

    /// Removes the socket that a process which is gone has left at `path`, if there is one.
    package static func clear(_ path: String) throws(Occupied) {
        let isAbandoned: Bool
        do throws(SystemError) {
            guard let found = try status(path) else { return }
            guard found.isSocket else { throw SystemError(code: ENOTSOCK, operation: "stat") }
            isAbandoned = try SocketFile.isAbandoned(path)
        } catch {
            throw error.code == ENOTSOCK ? .noSocket(path) : .system(error)
        }
        guard isAbandoned else { throw .inUse(path) }
        guard unsafe unlink(path) == 0 || clinux_errno() == ENOENT else { throw .system(.last("unlink")) }
    }

    /// Removes the file, unless another one has taken its place.
    package func remove() {
        guard let found = try? SocketFile.status(path), found.device == device, found.inode == inode else { return }
        _ = unsafe unlink(path)
    }

    /// Whether nobody accepts connections at `path`, which only a connection can tell.
    private static func isAbandoned(_ path: String) throws(SystemError) -> Bool {
        do throws(SystemError) {
            Sockets.close(try Sockets.connect(to: .unix(path)).descriptor)
            return false
        } catch {
            switch error.code {
            case ECONNREFUSED, ENOENT: return true
            // The queue of the one who listens is full.
            case EAGAIN: return false
            default: throw error
            }
        }
    }

    /// `nil` when there is no such file.
    private static func status(
        _ path: String
    ) throws(SystemError) -> (isSocket: Bool, device: UInt64, inode: UInt64)? {
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else {
            if clinux_errno() == ENOENT { return nil }
            throw .last("stat")
        }
        return unsafe (clinux_is_socket(&status) != 0, UInt64(status.st_dev), UInt64(status.st_ino))
    }
}
