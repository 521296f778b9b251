/// The sockets at some addresses, and which processes have them.
struct SocketSearch {
    /// Inodes of those that are there, whoever has them.
    let known: Set<UInt64>
    /// Those that are bound to a relative path, by inode: they are there if it leads there from the folder of who has them.
    private let relative: [UInt64: String]
    /// Of the UNIX sockets among the addresses.
    private let files: Set<FileIdentity>
    private let file: (String) -> FileIdentity?

    /// - Parameter isListening: those that listen at the addresses, instead of the server's ends of connections to them.
    init(at addresses: [SocketAddress], in table: SocketTable, isListening: Bool) {
        known = addresses.reduce(into: []) { inodes, address in
            inodes.formUnion(isListening ? table.listeners(at: address) : table.accepted(at: address))
        }
        file = table.file
        files = Set(
            addresses.compactMap { address -> FileIdentity? in
                guard case .unix(let path) = address else { return nil }
                return table.file(path)
            })
        relative = files.isEmpty ? [:] : table.relativePaths(isListening: isListening)
    }

    /// Whether no process can have any of them.
    var isEmpty: Bool { known.isEmpty && relative.isEmpty }

    /// Inodes of those that a process has.
    func inodes(of pid: Int32, isOneEnough: Bool) -> Set<UInt64> {
        var found = Set<UInt64>()
        let folder = "/proc/\(pid)/fd"
        for descriptor in ((try? SystemFile.numbers(in: folder)) ?? []).sorted() {
            guard let inode = SocketSearch.socketInode("\(folder)/\(descriptor)"), isThere(inode, of: pid) else {
                continue
            }
            found.insert(inode)
            if isOneEnough || relative.isEmpty && found.count == known.count { break }
        }
        return found
    }

    private func isThere(_ inode: UInt64, of pid: Int32) -> Bool {
        if known.contains(inode) { return true }
        guard let path = relative[inode], let identity = file("/proc/\(pid)/cwd/\(path)") else { return false }
        return files.contains(identity)
    }

    /// Of a link in a folder of descriptors, which leads to "socket:[123]" where it is one of a socket.
    private static func socketInode(_ path: String) -> UInt64? {
        guard let target = SystemFile.link(path), target.hasPrefix("socket:["), target.hasSuffix("]") else {
            return nil
        }
        return UInt64(target.dropFirst("socket:[".count).dropLast())
    }
}

/// A file, whatever its path.
struct FileIdentity: Hashable {
    let device: UInt64
    let inode: UInt64
}
