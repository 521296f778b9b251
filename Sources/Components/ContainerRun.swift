package import RennbahnAuthentication
package import WAMPClient

/// One component of a container, ready to run.
package struct PlannedComponent: Sendable {
    package var id: String
    /// As the configuration names it.
    package var name: String
    package var component: any HostedComponent
    package var realm: String
    /// In the order in which they are offered; none: the component is anonymous.
    package var credentials: [ClientCredential] = []
    package var transport: ConnectingTransport
    package var reconnect: ReconnectPolicy?
    package var restart = RestartPolicy.never
    /// One for each instance.
    package var figures: [ComponentFigures]

    package init(
        id: String, name: String, component: any HostedComponent, realm: String, transport: ConnectingTransport,
        instances: Int
    ) {
        self.id = id
        self.name = name
        self.component = component
        self.realm = realm
        self.transport = transport
        figures = (0..<instances).map { _ in ComponentFigures() }
    }
}

/// A container: all its components, side by side.
package struct Container: Sendable {
    package var components: [PlannedComponent]
    package var shutdown = ShutdownPolicy.manual

    package init(components: [PlannedComponent]) {
        self.components = components
    }

    package var instances: Int { components.reduce(0) { $0 + $1.figures.count } }

    /// Runs until all that has an end is at it, or the task is canceled; then every session is left in good order.
    ///
    /// - Returns: for each component, how its instances ended.
    package func run(agent: String) async -> [[ComponentLife.Outcome]] {
        var outcomes = [[ComponentLife.Outcome]](repeating: [], count: components.count)
        let services = components.filter(\.component.isService).reduce(0) { $0 + $1.figures.count }
        var life = ContainerLife(shutdown, workers: instances - services, services: services)
        await withTaskGroup(of: (Int, ComponentLife.Outcome).self) { group in
            for (index, planned) in components.enumerated() {
                for figures in planned.figures {
                    var instance = InstanceRun(
                        component: planned.component, realm: planned.realm, credentials: planned.credentials,
                        transport: planned.transport, agent: agent, figures: figures,
                        life: ComponentLife(restart: planned.restart, reconnect: planned.reconnect))
                    group.addTask { (index, await instance.run()) }
                }
            }
            for await (index, outcome) in group {
                outcomes[index].append(outcome)
                if life.ended(outcome, isService: components[index].component.isService) { group.cancelAll() }
            }
        }
        return outcomes
    }
}
