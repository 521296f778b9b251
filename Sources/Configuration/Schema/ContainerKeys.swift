extension Schema {
    static let containerSections: [Section] = [
        Section(
            "container", "Container worker", "Run by `rennbahn load --config`; see [components](components.md).",
            [
                Key("type", .choices("container"), required: true, "Kind of the worker."),
                Key("id", .text(.id), initial: "generated", .hint("names the item in messages"), "Name of the item."),
                Key("options", .section("containerOptions"), "Options of the worker."),
                Key("manhole", .anything, .notYet, "SSH access to the process."),
                Key("components", .list(of: .section("component"), atLeast: 1), required: true, "What runs in it."),
                Key(
                    "connections", .list(of: .anything), .only([.list([])], "not supported by this version"),
                    "Database connections."),
            ]),
        Section(
            "containerOptions", "Options of a container", "Those of a worker, and:",
            Schema.section("workerOptions", of: nodeSections).keys.map(containerOption) + [
                Key(
                    "shutdown",
                    .choices(
                        "shutdown-manual", "shutdown-on-last-component-stopped", "shutdown-on-any-component-failed",
                        "shutdown-on-any-component-stopped"), initial: "`shutdown-manual`",
                    "When the run ends before its time is over; with `shutdown-manual` when nothing is left to run."),
                Key(
                    "restart", .choices("restart-always", "restart-on-failed", "restart-never"),
                    initial: "`restart-never`", "When a component that has ended is started again."),
            ], rules: [.restart]),
        Section(
            "component", "Component", "",
            [
                Key(
                    "type", .choice([Choice("class"), Choice("function", .none("Python only"))]), required: true,
                    "Kind of the component."),
                Key("id", .text(.id), initial: "generated", "Name of the component in the result."),
                Key("realm", .text(.realm), required: true, "Realm to join."),
                Key(
                    "transport",
                    .variants([("websocket", "connecting", .full), ("rawsocket", "connectingRawSocket", .full)]),
                    required: true, "Connection to the router."),
                Key(
                    "classname", .choice(extras.map { Choice($0.name) }), required: true,
                    "What the component does: see [components](components.md)."),
                Key("auth", .section("componentAuth"), initial: "anonymous", "Credentials."),
                Key("callbacks", .anything, .none("Python only"), "Callbacks."),
                Key("extra", .anything, "Handed to the component: keys by `classname`, below."),
            ], rules: [.componentExtra, .componentLogin]),
    ]

    private static func containerOption(_ key: Key) -> Key {
        guard key.name == "cpu_affinity" else { return key }
        var key = key
        key.support = .none("not supported for containers")
        return key
    }

    /// The keys that the component `name` is handed.
    static func extra(of name: String) -> Section? {
        guard let place = extras.firstIndex(where: { $0.name == name }) else { return nil }
        return componentSections[place]
    }

    private static let extras: [(name: String, about: String, keys: [Key])] = [
        (
            "adder", "Registers a procedure that returns the sum of its arguments, which are numbers.",
            [procedure("com.example.add")]
        ),
        (
            "echo", "Registers a procedure that returns what it is called with.",
            [procedure("com.example.echo")]
        ),
        (
            "publisher", "Publishes to a topic: events with one argument, a text.",
            [
                topic,
                Key(
                    "rate", .integer(0...1_000_000), initial: "1",
                    "Events in a second of each instance; 0: as many as the router takes."),
                Key("payload_size", .integer(0...1_048_576), initial: "32", "Characters of the text."),
                Key(
                    "count", .integer(0...1_000_000_000), initial: "0 = no end",
                    "Events of each instance; then it is done."),
                Key("acknowledge", .boolean, initial: "false", "Waits for PUBLISHED before the next."),
            ]
        ),
        (
            "subscriber", "Subscribes to a topic and counts the events.",
            [
                topic,
                Key(
                    "count", .integer(0...1_000_000_000), initial: "0 = no end",
                    "Events of each instance; then it is done."),
            ]
        ),
    ]

    private static func procedure(_ name: String) -> Key {
        Key("procedure", .text(.uri), initial: "`\(name)`", "Procedure to register; not more than one may do so.")
    }
    private static let topic = Key("topic", .text(.uri), initial: "`com.example.topic`", "Topic.")
    private static let instances = Key(
        "instances", .integer(1...1000), initial: "1",
        "Sessions that run the component, each over a connection of its own.")

    static let componentSections: [Section] = extras.map { name, about, keys in
        let shares = name == "publisher" || name == "subscriber"
        return Section("extra.\(name)", "Extra of \(name)", about, keys + (shares ? [instances] : []))
    }
}
