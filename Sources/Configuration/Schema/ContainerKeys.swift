/// Keys of containers and their components.
extension Keys {
    package enum Container {
        package static let options = Key<Tree?>("options", .section("containerOptions"), "Options of the worker.")
        package static let components = Key<[Tree]>(
            required: "components", .list(of: .section("component"), atLeast: 1), "What runs in it.")
        package static let shutdown = Key<ShutdownChoice>(
            "shutdown", initial: .manual,
            "When the run ends before its time is over; with `shutdown-manual` when nothing is left to run.")
        package static let restart = Key<RestartChoice>(
            "restart", initial: .never, "When a component that has ended is started again.")
    }

    package enum Component {
        package static let id = Key<String?>(
            "id", .text(.id), without: "generated", "Name of the component in the result.")
        package static let realm = Key<String>(required: "realm", .text(.realm), "Realm to join.")
        package static let transport = Key<Tree>(
            required: "transport",
            .variants([
                (ConnectingKind.webSocket.rawValue, "connecting", .full),
                (ConnectingKind.rawSocket.rawValue, "connectingRawSocket", .full),
            ]), "Connection to the router.")
        package static let className = Key<String>(
            required: "classname", .choice(Schema.componentNames.map { Choice($0) }),
            "What the component does: see [components](components.md).")
        package static let auth = Key<Tree?>(
            "auth", .section("componentAuth"), without: "anonymous", "Credentials.")
        package static let extra = Key<Tree?>(
            "extra", .anything, "Handed to the component: keys by `classname`, below.")
    }

    /// What components are handed.
    package enum Extra {
        package static let addProcedure = procedure("com.example.add")
        package static let echoProcedure = procedure("com.example.echo")
        package static let topic = Key<String>("topic", .text(.uri), initial: "com.example.topic", "Topic.")
        package static let rate = Key<Int>(
            "rate", .integer(0...1_000_000), initial: 1,
            "Events in a second of each instance; 0: as many as the router takes.")
        package static let payloadSize = Key<Int>(
            "payload_size", .integer(0...1_048_576), initial: 32, "Characters of the text.")
        package static let count = Key<Int>(
            "count", .integer(0...1_000_000_000), initial: 0, note: "= no end",
            "Events of each instance; then it is done.")
        package static let acknowledges = Key<Bool>(
            "acknowledge", initial: false, "Waits for PUBLISHED before the next.")
        package static let instances = Key<Int>(
            "instances", .integer(1...1000), initial: 1,
            "Sessions that run the component, each over a connection of its own.")

        private static func procedure(_ name: String) -> Key<String> {
            Key("procedure", .text(.uri), initial: name, "Procedure to register; not more than one may do so.")
        }
    }
}

extension Schema {
    static let containerSections: [Section] = [
        Section(
            "container", "Container worker", "Run by `rennbahn load --config`; see [components](components.md).",
            [
                Keys.Worker.kind.row(.container), Keys.Worker.id, Keys.Container.options,
                Row("manhole", .anything, .notYet, "SSH access to the process."),
                Keys.Container.components,
                Row(
                    "connections", .list(of: .anything), .only([.list([])], "not supported by this version"),
                    "Database connections."),
            ]),
        Section(
            "containerOptions", "Options of a container", "Those of a worker, and:",
            section("workerOptions", of: nodeSections).keys.map(containerOption) + [
                Keys.Container.shutdown.row, Keys.Container.restart.row,
            ], rules: [.restart]),
        Section(
            "component", "Component", "",
            [
                Row(
                    "type", .choice([Choice("class"), Choice("function", .none("Python only"))]), required: true,
                    "Kind of the component."),
                Keys.Component.id, Keys.Component.realm, Keys.Component.transport, Keys.Component.className,
                Keys.Component.auth, Row("callbacks", .anything, .none("Python only"), "Callbacks."),
                Keys.Component.extra,
            ], rules: [.componentExtra, .componentLogin]),
    ]

    private static func containerOption(_ row: Row) -> Row {
        guard row.name == Keys.WorkerOptions.processors.name else { return row }
        var row = row
        row.support = .none("not supported for containers")
        return row
    }

    /// The keys that the component `name` is handed.
    static func extra(of name: String) -> Section? {
        guard let place = componentNames.firstIndex(of: name) else { return nil }
        return componentSections[place]
    }

    static let componentNames = extras.map(\.name)

    private static let extras: [(name: String, about: String, keys: [any TableEntry])] = [
        (
            "adder", "Registers a procedure that returns the sum of its arguments, which are numbers.",
            [Keys.Extra.addProcedure]
        ),
        ("echo", "Registers a procedure that returns what it is called with.", [Keys.Extra.echoProcedure]),
        (
            "publisher", "Publishes to a topic: events with one argument, a text.",
            [
                Keys.Extra.topic, Keys.Extra.rate, Keys.Extra.payloadSize, Keys.Extra.count, Keys.Extra.acknowledges,
                Keys.Extra.instances,
            ]
        ),
        (
            "subscriber", "Subscribes to a topic and counts the events.",
            [Keys.Extra.topic, Keys.Extra.count, Keys.Extra.instances]
        ),
    ]

    static let componentSections: [Section] = extras.map { name, about, keys in
        Section("extra.\(name)", "Extra of \(name)", about, keys)
    }
}
