import RennbahnLoadGenerator

/// The processes that the sides of a group work against, for one start.
///
/// Formats are sides of one router process, so that only the format differs between them: one binary, one layout of the memory.
/// Each side has a realm of its own there, and each compression a transport of its own.
struct TrialServers {
    /// Where one side works.
    struct Place {
        var target: LoadTarget
        var realm: String
        var process: MeasuredServer
        var name: String
        var shards: Int?
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
        let router = try startRouter(tasks, settings, servers)
        var echo: MeasuredServer?
        for (index, task) in tasks.enumerated() {
            switch task.server {
            case .router(let shards):
                guard let router else { preconditionFailure("a router was started for the sides that need one") }
                let compression = router.compressions.firstIndex(of: task.compression.text) ?? 0
                places.append(
                    Place(
                        target: router.server.targets[compression], realm: TrialServers.realm(index),
                        process: router.server, name: "rennbahn", shards: shards))
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

    /// One for all sides that need a router of ours, and the compressions of its transports.
    private mutating func startRouter(
        _ tasks: [CellTask], _ settings: BenchSettings, _ servers: RunningServers
    ) throws -> (server: MeasuredServer, compressions: [String])? {
        var compressions: [CompressionOption] = []
        var shards: Int?
        for task in tasks {
            guard case .router(let count) = task.server else { continue }
            precondition(shards == nil || shards == count, "sides of one process have its shards")
            shards = count
            if !compressions.contains(where: { $0.text == task.compression.text }) {
                compressions.append(task.compression)
            }
        }
        guard let shards else { return nil }
        var options = RunningServers.RouterOptions(
            shards: shards, processors: Array(settings.routerPins.prefix(shards)))
        options.realms = tasks.indices.map(TrialServers.realm)
        let server = try servers.router(settings.executable, options, compressions: compressions)
        started.append(server)
        return (server, compressions.map(\.text))
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
