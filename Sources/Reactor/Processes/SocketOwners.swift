import CRennbahnLinux

/// Which processes of this machine serve an address: found through the inodes of its sockets, which the descriptors of a process
/// name.
package struct SocketOwners: Sendable, Equatable {
    /// Processes that have a socket which listens at the address, ascending.
    package let listening: [Int32]
    /// Sockets listen at the address whose process may not be looked into, or that stand for a server in a container.
    package let areSomeHidden: Bool
    /// Nobody listens at the address in this network namespace: the server is on another machine, or in a container.
    package let areElsewhere: Bool

    package init(listening: [Int32], areSomeHidden: Bool = false, areElsewhere: Bool = false) {
        self.listening = listening
        self.areSomeHidden = areSomeHidden
        self.areElsewhere = areElsewhere
    }

    /// Looks into every process that may be looked into: some milliseconds, and more where processes have many descriptors.
    package init(of address: SocketAddress) {
        let sockets = SocketSearch(at: [address], in: .current, isListening: true)
        guard !sockets.isEmpty else {
            self.init(listening: [], areElsewhere: true)
            return
        }
        var unowned = sockets.known
        var listening: [Int32] = []
        for pid in SocketOwners.allProcesses {
            let found = sockets.inodes(of: pid, isOneEnough: false)
            guard !found.isEmpty, !SocketOwners.isRelay(pid) else { continue }
            listening.append(pid)
            unowned.subtract(found)
        }
        // Who makes a socket for others, as a service manager does, does not serve.
        if listening.count > 1, listening[0] == 1 { listening.removeFirst() }
        self.init(
            listening: listening, areSomeHidden: !unowned.isEmpty,
            areElsewhere: listening.isEmpty && sockets.known.isEmpty)
    }

    /// Those of the children, their children, and the members of the process groups of `pids` that have the server's end of a
    /// connection to one of the addresses, ascending; never this process. For routers whose workers do not listen themselves.
    package static func workers(of pids: [Int32], at addresses: [SocketAddress]) -> [Int32] {
        let candidates = relatives(of: pids)
        guard !candidates.isEmpty else { return [] }
        let connections = SocketSearch(at: addresses, in: .current, isListening: false)
        return candidates.filter { !connections.inodes(of: $0, isOneEnough: true).isEmpty }
    }

    /// Children, their children, and members of the process groups of `pids`, without them and this process; ascending.
    package static func relatives(of pids: [Int32]) -> [Int32] {
        let kin = Kinship(of: allProcesses)
        return kin.relatives(of: Set(pids)).filter { $0 != getpid() }
    }

    /// Whether a process has sockets of the network namespace that this one has; `nil` where that may not be seen.
    package static func sharesNetwork(_ pid: Int32) -> Bool? {
        guard let own = SystemFile.link("/proc/self/ns/net"), let other = SystemFile.link("/proc/\(pid)/ns/net")
        else { return nil }
        return own == other
    }

    /// Whether a process listens in the place of a server in a container.
    private static func isRelay(_ pid: Int32) -> Bool {
        guard let name = try? ProcessSampler.kin(of: pid).name else { return false }
        return ["docker-proxy", "rootlessport"].contains(name)
    }

    private static var allProcesses: [Int32] {
        ((try? SystemFile.numbers(in: "/proc")) ?? []).sorted()
    }
}

/// Who is whose child, and in which process group.
struct Kinship {
    private let parents: [Int32: Int32]
    private let groups: [Int32: Int32]

    init(parents: [Int32: Int32], groups: [Int32: Int32]) {
        self.parents = parents
        self.groups = groups
    }

    /// Of those of the processes that there still are.
    init(of pids: [Int32]) {
        var (parents, groups) = ([Int32: Int32](), [Int32: Int32]())
        for pid in pids {
            guard let kin = try? ProcessSampler.kin(of: pid) else { continue }
            parents[pid] = kin.parent
            groups[pid] = kin.group
        }
        self.init(parents: parents, groups: groups)
    }

    /// Children, their children, and members of the process groups of `pids`, without them; ascending.
    func relatives(of pids: Set<Int32>) -> [Int32] {
        let ownGroups = Set(pids.compactMap { groups[$0] })
        return parents.keys.filter { pid in
            guard !pids.contains(pid) else { return false }
            return ownGroups.contains(groups[pid] ?? -1) || descends(pid, from: pids)
        }.sorted()
    }

    private func descends(_ pid: Int32, from pids: Set<Int32>) -> Bool {
        var next = parents[pid]
        // The table is not of one moment: what it says need not end at the first process.
        for _ in 0..<parents.count {
            guard let parent = next else { return false }
            if pids.contains(parent) { return true }
            next = parents[parent]
        }
        return false
    }
}

extension SocketTable {
    /// Of this process's network namespace.
    static var current: SocketTable {
        SocketTable(
            tcp: ["tcp", "tcp6"].map { (try? SystemFile.text("/proc/net/\($0)")) ?? "" },
            unix: (try? SystemFile.text("/proc/net/unix")) ?? "")
    }
}
