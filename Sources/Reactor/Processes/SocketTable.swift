/// Stream sockets of a network namespace, as the tables of `/proc/net` have them.
struct SocketTable {
    struct Row: Equatable {
        /// Of the side whose socket it is.
        var local: SocketAddress
        /// 0 where no process has it: it waits to be accepted, or to be forgotten.
        var inode: UInt64
        var isListening: Bool
    }

    private(set) var rows: [Row] = []
    /// Of a path; `nil`: there is none.
    let file: (String) -> FileIdentity?

    /// - Parameters:
    ///   - tcp: text of `tcp` and `tcp6`, in any order.
    ///   - unix: text of `unix`.
    init(tcp: [String], unix: String, file: @escaping (String) -> FileIdentity? = SystemFile.identity) {
        self.file = file
        for text in tcp { rows += text.utf8.split(separator: UInt8(ascii: "\n")).compactMap(SocketTable.tcp) }
        rows += unix.utf8.split(separator: UInt8(ascii: "\n")).compactMap { SocketTable.unix(Substring($0)) }
    }

    /// Sockets that connections to `address` reach: of those that listen there the most particular ones, as the kernel chooses.
    func listeners(at address: SocketAddress) -> Set<UInt64> {
        let listening = rows.filter { $0.isListening && $0.inode != 0 }
        let exact = listening.filter(isAt(address))
        if !exact.isEmpty { return Set(exact.map(\.inode)) }
        let wild = listening.filter { $0.local.isWildcard(for: address) }
        let sameVersion = wild.filter { $0.local.isIPv4 == address.isIPv4 }
        return Set((sameVersion.isEmpty ? wild : sameVersion).map(\.inode))
    }

    /// The server's ends of connections to `address`.
    func accepted(at address: SocketAddress) -> Set<UInt64> {
        Set(rows.filter { !$0.isListening && $0.inode != 0 }.filter(isAt(address)).map(\.inode))
    }

    /// Sockets that are bound to a relative path, by inode. Where it leads to is known of who bound it.
    func relativePaths(isListening: Bool) -> [UInt64: String] {
        rows.reduce(into: [:]) { paths, row in
            guard row.isListening == isListening, row.inode != 0, case .unix(let path) = row.local,
                SocketTable.isRelative(path)
            else { return }
            paths[row.inode] = path
        }
    }

    /// Whether a socket is at the very address. The path of a UNIX socket is that which it was bound to: others lead there, too.
    private func isAt(_ address: SocketAddress) -> (Row) -> Bool {
        guard case .unix(let path) = address else { return { $0.local.isSame(as: address) } }
        let bound = Set(
            rows.compactMap { row -> String? in
                guard case .unix(let path) = row.local, !SocketTable.isRelative(path) else { return nil }
                return path
            })
        let wanted = file(path)
        let same = bound.filter { $0 == path || wanted != nil && file($0) == wanted }
        return { row in
            guard case .unix(let path) = row.local else { return false }
            return same.contains(path)
        }
    }

    /// Neither from the root on nor, with @ in front, in the namespace that has no files.
    private static func isRelative(_ path: String) -> Bool { !path.hasPrefix("/") && !path.hasPrefix("@") }

    // MARK: Lines

    /// `sl local_address rem_address st tx:rx tr:when retrnsmt uid timeout inode …` (proc_net_tcp(5)).
    ///
    /// There are thousands where connections wait to be forgotten: those have no process, and are passed over first.
    private static func tcp(_ line: Substring.UTF8View) -> Row? {
        let fields = line.split(separator: UInt8(ascii: " "), maxSplits: 10)
        guard fields.count > 9, let inode = UInt64(Substring(fields[9])), inode != 0,
            let local = address(Substring(fields[1]))
        else { return nil }
        return Row(local: local, inode: inode, isListening: fields[3].elementsEqual("0A".utf8))
    }

    /// The octets of an address in the order of the network, but printed as words of this machine.
    private static func address(_ field: Substring) -> SocketAddress? {
        let parts = field.split(separator: ":")
        guard parts.count == 2, let port = UInt16(parts[1], radix: 16) else { return nil }
        var words: [UInt32] = []
        var rest = parts[0]
        while !rest.isEmpty {
            guard let word = UInt32(rest.prefix(8), radix: 16) else { return nil }
            words.append(UInt32(bigEndian: word))
            rest = rest.dropFirst(8)
        }
        switch words.count {
        case 1: return .v4(words[0], port: port)
        case 4:
            return .v6(
                high: UInt64(words[0]) << 32 | UInt64(words[1]), low: UInt64(words[2]) << 32 | UInt64(words[3]),
                scope: 0, port: port)
        default: return nil
        }
    }

    /// `Num: RefCount Protocol Flags Type St Inode Path`; a path may hold blanks.
    private static func unix(_ line: Substring) -> Row? {
        let fields = line.split(separator: " ", maxSplits: 7)
        guard fields.count == 8, fields[4] == "0001", let flags = UInt32(fields[3], radix: 16),
            let inode = UInt64(fields[6])
        else { return nil }
        return Row(local: .unix(String(fields[7])), inode: inode, isListening: flags & acceptsConnections != 0)
    }

    /// The kernel's `__SO_ACCEPTCON`.
    private static let acceptsConnections: UInt32 = 1 << 16
}

extension SocketAddress {
    /// The same place of the network, also where one of them is an IPv4 address that is mapped into IPv6.
    fileprivate func isSame(as other: SocketAddress) -> Bool {
        switch (unmapped, other.unmapped) {
        case (.v4(let one, let port), .v4(let two, let otherPort)): one == two && port == otherPort
        case (.v6(let high, let low, _, let port), .v6(let otherHigh, let otherLow, _, let otherPort)):
            high == otherHigh && low == otherLow && port == otherPort
        default: false
        }
    }

    /// Whether who listens here takes connections to any address of the machine. IPv6 stands for both versions: whether a socket
    /// was told to be of IPv6 alone cannot be seen.
    fileprivate func isWildcard(for other: SocketAddress) -> Bool {
        switch self {
        case .v4(0, let port): other.unmapped.isIPv4 && port == other.port
        case .v6(0, 0, _, let port): !other.isUNIX && port == other.port
        case .v4, .v6, .unix: false
        }
    }

    private var unmapped: SocketAddress {
        guard case .v6(0, let low, _, let port) = self, low >> 32 == 0xffff else { return self }
        return .v4(UInt32(truncatingIfNeeded: low), port: port)
    }
}
