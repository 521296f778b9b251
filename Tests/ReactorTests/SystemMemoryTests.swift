import Glibc
import Testing

@testable import RennbahnReactor

/// What /proc and control groups say of memory.
struct SystemMemoryTests {
    @Test func `The machine's memory is in kibibytes`() {
        let text = "MemTotal:       131923456 kB\nMemFree:         1234567 kB\nMemAvailable:    2345678 kB\n"
        #expect(SystemMemory.total(meminfo: text) == 131_923_456 * 1024)
        #expect(SystemMemory.total(meminfo: "MemFree: 5 kB\n") == nil)
        #expect(SystemMemory.total(meminfo: "MemTotal: \(UInt64.max) kB\n") == nil)
    }

    @Test func `What is in memory is the second number`() {
        #expect(SystemMemory.pages(statm: "52143 1821 1203 812 0 9123 0\n") == 1821)
        #expect(SystemMemory.pages(statm: "52143") == nil)
    }

    @Test func `A group of the second version has its limit, and so have those that it is in`() {
        #expect(
            SystemMemory.limitFiles(cgroup: "0::/system.slice/router.service\n") == [
                "/sys/fs/cgroup/system.slice/router.service/memory.max", "/sys/fs/cgroup/system.slice/memory.max",
                "/sys/fs/cgroup/memory.max",
            ])
        #expect(SystemMemory.limitFiles(cgroup: "0::/\n") == ["/sys/fs/cgroup/memory.max"])
    }

    @Test func `A group of the first version is that of memory`() {
        let text = "12:cpu,cpuacct:/docker/a\n4:memory:/docker/a\n1:name=systemd:/docker/a\nnonsense\n"
        #expect(
            SystemMemory.limitFiles(cgroup: text) == [
                "/sys/fs/cgroup/memory/docker/a/memory.limit_in_bytes",
                "/sys/fs/cgroup/memory/docker/memory.limit_in_bytes",
                "/sys/fs/cgroup/memory/memory.limit_in_bytes",
            ])
    }

    @Test(
        arguments: [
            ("536870912\n", 536_870_912), ("9223372036854771712", 9_223_372_036_854_771_712), ("max\n", nil), ("", nil),
        ] as [(String, Int?)])
    func `A limit is a number of octets, or none`(text: String, octets: Int?) {
        #expect(SystemMemory.limit(of: text) == octets)
    }

    @Test func `Sockets may have what stands last in the kernel's settings`() {
        let memory = SocketMemory(
            receiving: "4096\t131072\t6291456\n", sending: "4096\t16384\t4194304\n",
            total: "1531980\t2042641\t3063960\n",
            pageSize: 4096)
        #expect(memory == SocketMemory(receiving: 6_291_456, sending: 4_194_304, all: 3_063_960 * 4096))
        let endless = SocketMemory(receiving: "1 2 3", sending: "4 5 6", total: "7 8 \(Int.max)", pageSize: 4096)
        #expect(endless == SocketMemory(receiving: 3, sending: 6, all: Int.max))
        #expect(SocketMemory(receiving: "1 2", sending: "4 5 6", total: "7 8 9", pageSize: 4096) == nil)
        #expect(SocketMemory(receiving: "1 2 3", sending: "4 5 x", total: "7 8 9", pageSize: 4096) == nil)
    }

    @Test func `This system tells what it has, and what this process takes`() throws {
        let available = try #require(SystemMemory.available)
        let resident = try #require(SystemMemory.resident)
        #expect(resident > 0 && available > 0)
        // Sandboxes may have no settings of the network at all.
        let isTold = access("/proc/sys/net/ipv4/tcp_rmem", R_OK) == 0
        #expect((SocketMemory.ofSystem != nil) == isTold)
        if let sockets = SocketMemory.ofSystem {
            #expect(sockets.receiving > 0 && sockets.sending > 0 && sockets.all > 0)
        }
    }
}
