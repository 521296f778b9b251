import CRennbahnLinux

/// What memory there is for this process.
package enum SystemMemory {
    /// Octets of the machine, or of the control group of this process where that may have less; `nil`: the system does not tell.
    package static var available: Int? {
        let machine = (try? SystemFile.text("/proc/meminfo")).flatMap { total(meminfo: $0) }
        let groups = (try? SystemFile.text("/proc/self/cgroup")).map { limitFiles(cgroup: $0) } ?? []
        let limits = groups.compactMap { path in (try? SystemFile.text(path)).flatMap { limit(of: $0) } }
        return (limits + [machine].compactMap { $0 }).min()
    }

    /// Octets of this process that are in memory now; `nil`: the system does not tell.
    package static var resident: Int? {
        guard let text = try? SystemFile.text("/proc/self/statm") else { return nil }
        return pages(statm: text).map { $0 * pageSize }
    }

    static var pageSize: Int { max(1, Int(clinux_page_size())) }

    /// Octets of the machine, by /proc/meminfo.
    static func total(meminfo: String) -> Int? {
        guard let kibibytes = SystemFile.number(labelled: "MemTotal:", in: meminfo), kibibytes <= UInt64(Int.max) / 1024
        else { return nil }
        return Int(kibibytes) * 1024
    }

    /// Pages that are in memory: the second number of /proc/self/statm.
    static func pages(statm: String) -> Int? {
        let fields = statm.split(whereSeparator: \.isWhitespace)
        return fields.count > 1 ? Int(fields[1]) : nil
    }

    /// Where limits may stand that hold for this process, by /proc/self/cgroup: those of its group and of the groups that it is
    /// in. In a container the path may be the host's, of which only the mount's own file is to be seen.
    static func limitFiles(cgroup: String) -> [String] {
        var files: [String] = []
        for line in cgroup.split(separator: "\n") {
            let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3 else { continue }
            let place: (root: String, name: String)
            if fields[0] == "0", fields[1].isEmpty {
                place = ("/sys/fs/cgroup", "memory.max")
            } else if fields[1].split(separator: ",").contains("memory") {
                place = ("/sys/fs/cgroup/memory", "memory.limit_in_bytes")
            } else {
                continue
            }
            let components = fields[2].split(separator: "/").map { String($0) }
            for depth in (0...components.count).reversed() {
                let folder = components[..<depth].reduce(place.root) { "\($0)/\($1)" }
                files.append("\(folder)/\(place.name)")
            }
        }
        return files
    }

    /// Octets; `nil` of `max`, which is no limit.
    static func limit(of text: String) -> Int? {
        text.split(whereSeparator: \.isWhitespace).first.flatMap { Int($0) }
    }
}

/// What the kernel may take for the buffers of sockets.
package struct SocketMemory: Sendable, Equatable {
    /// Octets of one TCP socket, in either direction: the last numbers of `tcp_rmem` and `tcp_wmem`.
    package var receiving: Int
    package var sending: Int
    /// Octets of all of them: the last number of `tcp_mem`; `Int.max` where that is not told.
    package var all: Int

    package init(receiving: Int, sending: Int, all: Int) {
        self.receiving = receiving
        self.sending = sending
        self.all = all
    }

    /// - Parameters: what stands in the files of those names; octets, but of `total` pages.
    init?(receiving: String, sending: String, total: String, pageSize: Int) {
        guard let most = SocketMemory.last(receiving), let mostSent = SocketMemory.last(sending),
            let pages = SocketMemory.last(total)
        else { return nil }
        let (octets, overflows) = pages.multipliedReportingOverflow(by: pageSize)
        self.init(receiving: most, sending: mostSent, all: overflows ? Int.max : octets)
    }

    private static func last(_ text: String) -> Int? {
        let fields = text.split(whereSeparator: \.isWhitespace)
        return fields.count == 3 ? Int(fields[2]) : nil
    }

    /// Of this machine; `nil`: the system does not tell.
    package static var ofSystem: SocketMemory? {
        let folder = "/proc/sys/net/ipv4/"
        guard let receiving = try? SystemFile.text(folder + "tcp_rmem"),
            let sending = try? SystemFile.text(folder + "tcp_wmem")
        else { return nil }
        // What all may take is the machine's: containers with a network of their own are not told.
        let total = try? SystemFile.text(folder + "tcp_mem")
        return SocketMemory(
            receiving: receiving, sending: sending, total: total ?? "0 0 \(Int.max)", pageSize: SystemMemory.pageSize)
    }
}
