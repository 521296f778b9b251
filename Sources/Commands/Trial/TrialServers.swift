import RennbahnLoadGenerator

/// The processes that the sides of a group work against, for one start.
///
/// Formats are sides of one router process, so that only the format differs between them: one binary, one layout of the memory.
/// Each side has a realm of its own there, and each compression a transport of its own. Where the router itself differs, in its
/// shards or where they are, there is a process of each kind.
struct TrialServers {
    /// Where one side works.
    struct Place {
        var target: LoadTarget
        /// Of subscribers and callees, where they are to be on another shard than the others.
        var receiverTarget: LoadTarget?
        var realm: String
        var process: MeasuredServer
        var name: String
        var shards: Int?
    }

    /// What sides have in common that work against one router process.
    private struct Kind: Equatable {
        var shards: Int
        var processors: [Int]
        /// The compression of sides that go from shard to shard: shards have ports of their own at one transport only. Else `nil`:
        /// a transport for each compression.
        var crossed: String?

        init?(_ task: CellTask, _ settings: BenchSettings) {
            guard case .router(let shards) = task.server else { return nil }
            self.shards = shards
            processors = Array(settings.routerPins.prefix(shards))
            crossed = task.isCrossed ? task.compression.text : nil
        }
    }

    private struct Router {
        var kind: Kind
        var server: MeasuredServer
        /// Of its transports.
        var compressions: [String]
    }

    private(set) var places: [Place] = []
    private var started: [MeasuredServer] = []

    /// Starts what the sides need, and waits until it accepts connections.
    init(_ tasks: [CellTask], _ settings: BenchSettings, _ servers: RunningServers) throws {
        do {
            try start(tasks, settings, servers)
        } catch {
            stopQuietly()
            throw error
        }
    }

    private mutating func start(_ tasks: [CellTask], _ settings: BenchSettings, _ servers: RunningServers) throws {
        let routers = try startRouters(tasks, settings, servers)
        var echo: MeasuredServer?
        for (index, task) in tasks.enumerated() {
            switch task.server {
            case .router(let shards):
                guard let router = routers.first(where: { $0.kind == Kind(task, settings) }) else {
                    preconditionFailure("a router was started for the sides that need one")
                }
                let compression = router.compressions.firstIndex(of: task.compression.text) ?? 0
                places.append(
                    Place(
                        target: router.server.targets[compression],
                        receiverTarget: task.isCrossed ? router.server.receiverTarget : nil,
                        realm: TrialServers.realm(index), process: router.server, name: "rennbahn", shards: shards))
            case .echo:
                let server = try echo ?? servers.router(settings.executable, echoOptions(settings))
                if echo == nil { started.append(server) }
                echo = server
                places.append(
                    Place(target: server.target, realm: "", process: server, name: "rennbahn-echo", shards: 1))
            case .floor(let path):
                let server = try servers.floorProgram(path, processors: Array(settings.routerPins.prefix(1)))
                started.append(server)
                places.append(Place(target: server.target, realm: "", process: server, name: "c-floor", shards: 1))
            case .peer(let peer):
                places.append(
                    Place(
                        target: peer.target, realm: settings.peerRealm, process: peer, name: peer.name, shards: nil))
            }
        }
    }

    private func echoOptions(_ settings: BenchSettings) -> RunningServers.RouterOptions {
        var options = RunningServers.RouterOptions(processors: Array(settings.routerPins.prefix(1)))
        options.isEcho = true
        return options
    }

    /// One of each kind that the sides need, with a transport for each of their compressions.
    private mutating func startRouters(
        _ tasks: [CellTask], _ settings: BenchSettings, _ servers: RunningServers
    ) throws -> [Router] {
        var kinds: [(kind: Kind, compressions: [CompressionOption])] = []
        for task in tasks {
            guard let kind = Kind(task, settings) else { continue }
            guard let known = kinds.firstIndex(where: { $0.kind == kind }) else {
                kinds.append((kind, [task.compression]))
                continue
            }
            if !kinds[known].compressions.contains(where: { $0.text == task.compression.text }) {
                kinds[known].compressions.append(task.compression)
            }
        }
        var routers: [Router] = []
        for (kind, compressions) in kinds {
            var options = RunningServers.RouterOptions(shards: kind.shards, processors: kind.processors)
            options.realms = tasks.indices.map(TrialServers.realm)
            options.portPerShard = kind.crossed != nil
            let server = try servers.router(settings.executable, options, compressions: compressions)
            started.append(server)
            routers.append(Router(kind: kind, server: server, compressions: compressions.map(\.text)))
        }
        return routers
    }

    /// Equally long, so that HELLO is.
    private static func realm(_ side: Int) -> String {
        precondition(side < 100)
        return side < 10 ? "side0\(side)" : "side\(side)"
    }

    /// Our own must end well.
    func stop() throws {
        for server in started { try server.stop() }
    }

    func stopQuietly() {
        for server in started { try? server.stop() }
    }
}
