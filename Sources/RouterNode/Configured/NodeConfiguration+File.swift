package import RennbahnConfiguration
import RennbahnCrypto
package import RennbahnTransport
import RennbahnWAMP

extension NodeConfiguration {
    /// What surrounds a configuration file.
    package struct Surroundings {
        /// The folder of the file, which relative paths start from.
        package var folder: String
        /// Our own, for `show_server_version`.
        package var version: String
        /// When the process was started, in seconds since 1970-01-01 UTC, and its id: for the web service `nodeinfo`.
        package var started: UInt64 = 0
        package var processID: Int32 = 0
        /// What nobody else knows, the same after a restart if it can be: challenges for names that do not exist are made of it.
        package var secret = [UInt8](repeating: 0, count: 32)
        /// The value of an environment variable.
        package var environment: (String) -> String?
        /// Is told of what goes wrong while the router runs and that no connection is the cause of.
        package var report: @Sendable (String) -> Void

        package init(
            folder: String, version: String, report: @escaping @Sendable (String) -> Void = { _ in },
            environment: @escaping (String) -> String?
        ) {
            self.folder = folder
            self.version = version
            self.report = report
            self.environment = environment
            SecureRandom.fillBytes(&secret)
        }

        /// A path from the folder of the file.
        package func placed(_ path: String) -> String {
            path.hasPrefix("/") || folder.isEmpty ? path : "\(folder)/\(path)"
        }
    }

    /// The router that a checked tree describes (``Checker``).
    ///
    /// - Parameter limits: for what the file has no keys for.
    /// - Throws: what only shows when it is run, such as an environment variable that is not set.
    package init(
        _ tree: Tree, _ surroundings: Surroundings, limits: Limits = Limits()
    ) throws(Problems) {
        let workers = tree[Keys.Node.workers]
        let place = Keys.Node.workers.name
        if let container = workers.firstIndex(where: { $0[Keys.Worker.kind] == .container }) {
            throw Problems([
                Problem(
                    .unsupported, "\(place)[\(container)]", at: workers[container].place,
                    "a container; give it a file of its own: rennbahn load --config runs it")
            ])
        }
        guard let index = workers.firstIndex(where: { $0[Keys.Worker.kind] == .router }) else {
            throw Problems([Problem(.invalid, place, at: tree.place, "no worker of type router")])
        }
        let worker = workers[index]
        var reader = TransportReader(surroundings)
        var transports: [ListeningTransport] = []
        for (number, transport) in worker[Keys.Router.transports].enumerated() {
            let path = "\(Keys.Router.transports.place(in: "\(place)[\(index)]"))[\(number)]"
            if let read = reader.read(transport, number, path) { transports.append(read) }
        }
        guard reader.problems.isEmpty else { throw Problems(reader.problems) }
        let realms = worker[Keys.Router.realms]
        self.init(
            service: .router(realms: realms.map { $0[Keys.Realm.name] }), transports: transports,
            processors: worker[Keys.Router.options][Keys.WorkerOptions.processors], limits: limits)
        for realm in realms {
            let all = realm[Keys.Realm.roles]
            roles[realm[Keys.Realm.name]] = Set(all.map { $0[Keys.Role.name] })
            rolesWithoutHolds[realm[Keys.Realm.name]] = Set(
                all.filter { !$0[Keys.Role.mayHold] }.map { $0[Keys.Role.name] })
            for role in all {
                guard let choice = role[Keys.Role.slowReceivers] else { continue }
                slowReceiversOfRoles[realm[Keys.Realm.name], default: [:]][role[Keys.Role.name]] = SlowReceivers(choice)
            }
        }
        // The same in all realms.
        let rule = realms.first?[Keys.Realm.options]
        uriStrictness = rule[Keys.Realm.uriCheck] == .strict ? .strict : .loose
        self.limits.maxConnections = ListeningTransport.room(for: transports)
    }
}

extension ListeningTransport {
    /// Connections that one shard needs room for, since the kernel may give all of them to it. Room that is not used costs
    /// next to nothing, but there is an end to it.
    fileprivate static func room(for transports: [ListeningTransport]) -> Int {
        let wanted = transports.reduce(0) { $0 + ($1.profile.quota?.limit ?? 0) }
        let largest = transports.reduce(1) { max($0, $1.profile.quota?.limit ?? 0) }
        return max(largest, min(wanted, 1_000_000))
    }
}
