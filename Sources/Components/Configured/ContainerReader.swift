package import Logging
package import RennbahnConfiguration
package import RennbahnRouterNode
import RennbahnTransport
import WAMPClient

extension Container {
    /// The containers that a checked tree describes, each with its components.
    ///
    /// - Parameter logger: for what `debug` traces.
    /// - Throws: what only shows when it is run, such as an environment variable that is not set.
    package static func all(
        in tree: Tree, _ surroundings: NodeConfiguration.Surroundings, logger: Logger
    ) throws(Problems) -> [Container] {
        var reader = ConnectingReader(surroundings, logger: logger)
        var containers: [Container] = []
        for (index, worker) in (tree["workers"]?.elements ?? []).enumerated() {
            guard worker["type"]?.text == "container" else {
                throw Problems([
                    Problem(
                        .unsupported, "workers[\(index)]", at: worker.place,
                        "not a container; the router has a file of its own: rennbahn router --config")
                ])
            }
            containers.append(container(worker, "workers[\(index)]", &reader))
        }
        guard reader.problems.isEmpty else { throw Problems(reader.problems) }
        return containers
    }

    private static func container(_ tree: Tree, _ path: String, _ reader: inout ConnectingReader) -> Container {
        var components: [PlannedComponent] = []
        for (index, item) in (tree["components"]?.elements ?? []).enumerated() {
            let place = "\(path).components[\(index)]"
            let id = item["id"]?.text ?? "component\(index + 1)"
            guard let name = item["classname"]?.text,
                let component = ComponentRegistry.make(name, extra: item["extra"]),
                let transport = item["transport"],
                let connecting = reader.read(transport, name: id, place + ".transport")
            else { continue }
            var planned = PlannedComponent(
                id: id, name: name, component: component, realm: item["realm"]?.text ?? "", transport: connecting,
                instances: item["extra"]?["instances"]?.integer ?? 1)
            planned.credentials = reader.credentials(item["auth"], place + ".auth")
            planned.reconnect = transport["reconnect"].map(ReconnectPolicy.init(configured:))
            planned.restart = RestartPolicy(configured: tree["options"]?["restart"]?.text)
            components.append(planned)
        }
        var container = Container(components: components)
        container.shutdown = tree["options"]?["shutdown"]?.text.flatMap(ShutdownPolicy.init(rawValue:)) ?? .manual
        return container
    }
}

extension RestartPolicy {
    init(configured name: String?) {
        switch name {
        case "restart-always": self = .always
        case "restart-on-failed": self = .onFailure
        case _: self = .never
        }
    }
}

extension ReconnectPolicy {
    init(configured tree: Tree) {
        self.init()
        maxRetries = tree["max_retries"]?.integer
        if let delay = tree["initial_delay"]?.integer { initialDelay = UInt64(clamping: delay) * 1_000_000 }
        if let delay = tree["max_delay"]?.integer { maxDelay = UInt64(clamping: delay) * 1_000_000 }
        if let growth = tree["growth"]?.integer { self.growth = Double(growth) / 100 }
        if let jitter = tree["jitter"]?.integer { self.jitter = Double(jitter) / 100 }
    }
}
