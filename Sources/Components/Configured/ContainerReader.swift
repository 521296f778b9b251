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
        for (index, worker) in tree[Keys.Node.workers].enumerated() {
            let place = "\(Keys.Node.workers.name)[\(index)]"
            guard worker[Keys.Worker.kind] == .container else {
                throw Problems([
                    Problem(
                        .unsupported, place, at: worker.place,
                        "not a container; the router has a file of its own: rennbahn router --config")
                ])
            }
            containers.append(container(worker, place, &reader))
        }
        guard reader.problems.isEmpty else { throw Problems(reader.problems) }
        return containers
    }

    private static func container(_ tree: Tree, _ path: String, _ reader: inout ConnectingReader) -> Container {
        let options = tree[Keys.Container.options]
        var components: [PlannedComponent] = []
        for (index, item) in tree[Keys.Container.components].enumerated() {
            let place = "\(Keys.Container.components.place(in: path))[\(index)]"
            let id = item[Keys.Component.id] ?? "component\(index + 1)"
            let name = item[Keys.Component.className]
            let extra = item[Keys.Component.extra]
            let transport = item[Keys.Component.transport]
            guard let component = ComponentRegistry.make(name, extra: extra),
                let connecting = reader.read(transport, name: id, Keys.Component.transport.place(in: place))
            else { continue }
            var planned = PlannedComponent(
                id: id, name: name, component: component, realm: item[Keys.Component.realm], transport: connecting,
                instances: extra[Keys.Extra.instances])
            planned.credentials = reader.secrets.credentials(
                item[Keys.Component.auth], Keys.Component.auth.place(in: place))
            planned.reconnect = transport[Keys.ConnectingTransport.reconnect].map(ReconnectPolicy.init(configured:))
            planned.restart = RestartPolicy(options[Keys.Container.restart])
            components.append(planned)
        }
        var container = Container(components: components)
        container.shutdown = ShutdownPolicy(options[Keys.Container.shutdown])
        return container
    }
}

extension RestartPolicy {
    fileprivate init(_ choice: RestartChoice) {
        switch choice {
        case .always: self = .always
        case .onFailed: self = .onFailure
        case .never: self = .never
        }
    }
}

extension ShutdownPolicy {
    fileprivate init(_ choice: ShutdownChoice) {
        switch choice {
        case .manual: self = .manual
        case .onLastComponentStopped: self = .onLastStopped
        case .onAnyComponentFailed: self = .onAnyFailed
        case .onAnyComponentStopped: self = .onAnyStopped
        }
    }
}

extension ReconnectPolicy {
    fileprivate init(configured tree: Tree) {
        self.init()
        maxRetries = tree[Keys.Reconnect.maxRetries]
        initialDelay = tree[Keys.Reconnect.initialDelay].nanoseconds
        maxDelay = tree[Keys.Reconnect.maxDelay].nanoseconds
        growth = Double(tree[Keys.Reconnect.growth]) / 100
        jitter = Double(tree[Keys.Reconnect.jitter]) / 100
    }
}
