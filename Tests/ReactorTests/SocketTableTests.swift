import Testing

@testable import RennbahnReactor

/// What is read of the kernel's tables of sockets.
struct SocketTableTests {
    private static let header =
        "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"

    /// A line as the kernel of a little-endian machine prints it.
    private static func line(_ local: String, _ state: String, inode: Int) -> String {
        "   0: \(local) 00000000:0000 \(state) 00000000:00000000 00:00000000 00000000  1000        0 \(inode) 1 0000 99 0 0 10\n"
    }

    private static func tcp(_ lines: String...) -> SocketTable {
        SocketTable(tcp: [header + lines.joined()], unix: "")
    }

    private static let loopback = "0100007F:1F90"
    private static let mapped = "0000000000000000FFFF00000100007F:1F90"
    private static let anyV6 = "00000000000000000000000000000000:1F90"
    private let address = SocketAddress.loopback(port: 8080)

    @Test func `Addresses of both versions are read, the header and what is cut off are not`() {
        let table = Self.tcp(
            Self.line(Self.loopback, "0A", inode: 7),
            Self.line("B80D01200000000000000000010000FE:0050", "01", inode: 8), "  1: 0100007F:1F90 00000000:00\n",
            Self.line("0100007F", "0A", inode: 9), Self.line("XX00007F:1F90", "0A", inode: 9),
            Self.line("0100007F0100007F:1F90", "0A", inode: 9))
        #expect(
            table.rows == [
                SocketTable.Row(local: address, inode: 7, isListening: true),
                SocketTable.Row(
                    local: .v6(high: 0x2001_0db8_0000_0000, low: 0xfe00_0001, scope: 0, port: 80), inode: 8,
                    isListening: false),
            ])
    }

    @Test func `Who listens at the very address gets its connections, else who listens at all of its version`() {
        let all = [
            Self.line(Self.loopback, "0A", inode: 1), Self.line(Self.mapped, "0A", inode: 2),
            Self.line("00000000:1F90", "0A", inode: 3), Self.line(Self.anyV6, "0A", inode: 4),
            Self.line("00000000:1F91", "0A", inode: 5), Self.line("0200007F:1F90", "0A", inode: 6),
        ]
        func listeners(_ lines: ArraySlice<String>) -> Set<UInt64> {
            SocketTable(tcp: [lines.joined()], unix: "").listeners(at: address)
        }
        #expect(listeners(all[...]) == [1, 2])
        #expect(listeners(all[2...]) == [3])
        #expect(listeners(all[3...]) == [4])
        #expect(listeners(all[4...]) == [])
        let v6 = SocketAddress.v6(high: 0, low: 1, scope: 0, port: 8080)
        #expect(SocketTable(tcp: all, unix: "").listeners(at: v6) == [4])
    }

    @Test func `Several sockets that share a port are all found, and one that nobody has is not`() {
        let table = Self.tcp(
            Self.line(Self.loopback, "0A", inode: 1), Self.line(Self.loopback, "0A", inode: 2),
            Self.line(Self.loopback, "0A", inode: 0))
        #expect(table.listeners(at: address) == [1, 2])
    }

    @Test func `The server's end of a connection is told from the client's and from who listens`() {
        let table = Self.tcp(
            Self.line(Self.loopback, "0A", inode: 1), Self.line(Self.loopback, "01", inode: 2),
            Self.line("0100007F:9C40", "01", inode: 3), Self.line(Self.mapped, "01", inode: 4),
            Self.line(Self.loopback, "06", inode: 0))
        #expect(table.accepted(at: address) == [2, 4])
    }

    @Test func `A UNIX socket goes by its path, which may hold blanks`() {
        let table = SocketTable(
            tcp: [],
            unix: """
                Num       RefCount Protocol Flags    Type St Inode Path
                0000000000000000: 00000002 00000000 00010000 0001 01 11 /run/a router
                0000000000000000: 00000003 00000000 00000000 0001 03 12 /run/a router
                0000000000000000: 00000003 00000000 00000000 0001 03 13
                0000000000000000: 00000002 00000000 00010000 0002 01 14 /run/a router
                0000000000000000: 00000002 00000000 00010000 0001 01 15 /run/a
                """)
        #expect(table.listeners(at: .unix("/run/a router")) == [11])
        #expect(table.accepted(at: .unix("/run/a router")) == [12])
    }

    /// One file at three paths, as where a folder is a link to another, and another file beside it.
    private static func file(_ path: String) -> FileIdentity? {
        switch path {
        case "/run/router", "/var/run/router", "/run//router": FileIdentity(device: 1, inode: 2)
        case "/run/other": FileIdentity(device: 1, inode: 3)
        case "/mnt/router": FileIdentity(device: 2, inode: 2)
        default: nil
        }
    }

    private static let unix = """
        0000000000000000: 00000002 00000000 00010000 0001 01 11 /run/router
        0000000000000000: 00000002 00000000 00010000 0001 01 12 /run/other
        0000000000000000: 00000002 00000000 00010000 0001 01 13 /mnt/router
        0000000000000000: 00000002 00000000 00010000 0001 01 14 router
        0000000000000000: 00000002 00000000 00010000 0001 01 15 @router
        0000000000000000: 00000002 00000000 00010000 0001 01 16 /run/gone
        0000000000000000: 00000003 00000000 00000000 0001 03 17 /run/router
        0000000000000000: 00000003 00000000 00000000 0001 03 18 router
        """

    private var sameFile: SocketTable { SocketTable(tcp: [], unix: Self.unix, file: Self.file) }

    @Test(arguments: ["/run/router", "/var/run/router", "/run//router"])
    func `A UNIX socket is at every path that leads to its file`(path: String) {
        #expect(sameFile.listeners(at: .unix(path)) == [11])
        #expect(sameFile.accepted(at: .unix(path)) == [17])
    }

    @Test func `Paths that lead to no file are the same where they are written so`() {
        #expect(sameFile.listeners(at: .unix("/run/gone")) == [16])
        #expect(sameFile.listeners(at: .unix("/run/nowhere")) == [])
    }

    @Test func `A relative path is not the same for all, and is told apart`() {
        #expect(sameFile.listeners(at: .unix("router")) == [])
        #expect(sameFile.relativePaths(isListening: true) == [14: "router"])
        #expect(sameFile.relativePaths(isListening: false) == [18: "router"])
    }
}
