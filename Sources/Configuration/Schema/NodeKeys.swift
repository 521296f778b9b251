extension Schema {
    private static let id = Key(
        "id", .text(.id), initial: "generated", .hint("names the item in messages"), "Name of the item.")

    static let nodeSections: [Section] = [
        Section(
            "node", "The file", "The top of the file.",
            [
                Key("version", .integers([2]), required: true, "Version of the layout."),
                Key("$schema", .text(.any), .hint("for editors"), "JSON Schema of the file."),
                Key(
                    "controller", .section("controller"), .hint("there is no controller process"),
                    "The node controller."),
                Key(
                    "workers", .list(of: workers, atLeast: 1), required: true,
                    "What runs. A router has one worker of type `router`."),
            ], rules: [.oneRouter]),
        Section(
            "controller", "Controller", "Read and without effect: Rennbahn is one process without a controller.",
            [
                Key("id", .text(.id), "Id of the node."),
                Key("options", .section("controllerOptions"), "Options of the controller."),
                Key("manhole", .anything, .notYet, "SSH access to the process."),
                Key("connections", .anything, .notYet, "Database connections."),
                Key("keyring", .anything, .notYet, "Keys of the node."),
            ]),
        Section(
            "controllerOptions", "Options of the controller", "",
            [
                Key("title", .text(.any), "Title of the process."),
                Key("shutdown", .either(shutdown, .list(of: shutdown)), "When the node ends."),
                Key("enable_parallel_worker_start", .boolean, initial: "false", "Workers start side by side."),
            ]),
        Section(
            "router", "Router worker", "",
            [
                Key("type", .choices("router"), required: true, "Kind of the worker."), id,
                Key("options", .section("workerOptions"), "Options of the worker."),
                Key("manhole", .anything, .notYet, "SSH access to the process."),
                Key(
                    "realms", .list(of: .section("realm"), atLeast: 1), required: true,
                    "The realms that sessions may join."),
                Key("transports", .list(of: transports, atLeast: 1), required: true, "Where the router listens."),
                Key(
                    "components", .list(of: .anything), .only([.list([])], "no components run in the router"),
                    "Components in the router."),
                Key(
                    "connections", .list(of: .anything), .only([.list([])], "not supported by this version"),
                    "Database connections."),
            ], rules: [.distinct, .uriCheck, .logins]),
        Section(
            "workerOptions", "Options of a worker", "",
            [
                Key("title", .text(.any), .hint("the process keeps its name"), "Title of the process."),
                Key("python", .text(.any), .hint("nothing runs Python"), "Python to run."),
                Key(
                    "pythonpath", .list(of: .text(.any)), .hint("nothing runs Python"),
                    "Where Python looks for modules."),
                Key(
                    "cpu_affinity", .list(of: .integer(0...4095), atLeast: 1),
                    "Processors to pin the shards to, in turn."),
                Key("env", .anything, .notYet, "Environment of the worker."),
                Key("expose_controller", .anything, .notYet, "Whether components reach the controller."),
                Key("expose_shared", .anything, .notYet, "Whether components share objects."),
                Key(
                    "disabled", .either(.boolean, .text(.any)), initial: "false",
                    .only([.boolean(false)], "leave the worker out instead"), "The worker is not started."),
                Key("extra", .anything, .hint("handed to nobody"), "Free data."),
            ]),
    ]

    private static let shutdown = Shape.choices(
        "shutdown_on_shutdown_requested", "shutdown_on_worker_exit", "shutdown_on_worker_exit_with_error",
        "shutdown_on_last_worker_exit")

    private static let workers = Shape.variants([
        ("router", "router", .full),
        ("container", "container", .full),
        ("guest", "", .none("other programs are not started from here")),
        ("websocket-testee", "", .none("`rennbahn router --echo` is the echo service")),
        ("proxy", "", .none("one router uses several cores by itself: --shards")),
    ])

    static let transports = Shape.variants([
        ("websocket", "websocket", .full), ("web", "web", .full), ("rawsocket", "rawsocket", .full),
        ("universal", "universal", .full), ("mqtt", "", .none("MQTT is not spoken here")),
        ("flashpolicy", "", .none("obsolete")),
        ("websocket.testee", "", .none("`rennbahn router --echo` is the echo service")),
        ("stream.testee", "", .none("not supported")),
    ])

    static let realmSections: [Section] = [
        Section(
            "realm", "Realm", "",
            [
                Key("name", .text(.realm), required: true, "Name that sessions join."), id,
                Key("options", .section("realmOptions"), "Options of the realm."),
                Key(
                    "roles", .list(of: .section("role")), required: true,
                    "Roles that sessions may have; without `auth` everybody has the role `anonymous`."),
                Key("store", .anything, .notYet, "Event history."),
                Key("inventory", .anything, .notYet, "Types of payloads."),
                Key("stats", .anything, .notYet, "Statistics of sessions."),
            ]),
        Section(
            "realmOptions", "Options of a realm", "",
            [
                Key(
                    "enable_meta_api", .boolean, initial: "false",
                    .only([.boolean(false)], "there are no meta procedures and events yet"),
                    "Meta procedures and events `wamp.*`."),
                Key(
                    "bridge_meta_api", .boolean, initial: "false",
                    .only([.boolean(false)], "there are no meta events yet"), "Meta events of other routers."),
                Key(
                    "event_dispatching_chunk_size", .integer(1...1_000_000_000), initial: "100",
                    .hint("the order of events never depends on the number of receivers"),
                    "Receivers served before others have a turn."),
                Key(
                    "uri_check", .choices("loose", "strict"), initial: "`loose`",
                    "Rule that URIs of topics and procedures are checked by. The same for all realms."),
            ]),
        Section(
            "role", "Role", "",
            [
                Key("name", .text(.role), required: true, "Name of the role."), id,
                Key("permissions", .list(of: .section("permission")), "What the role may do: today everything."),
                Key("authorizer", .text(.uri), .notYet, "Procedure that decides what is allowed."),
                Key("allow-by-default", .boolean, initial: "false", "What no permission names is allowed."),
            ], rules: [.openRole]),
        Section(
            "permission", "Permission",
            "Only the rule that allows everything is supported: there is no authorization yet.",
            [
                Key("uri", .text(.permissionURI), required: true, "URIs that the rule is for."),
                Key(
                    "match", .choices("exact", "prefix", "wildcard"), initial: "from `*` in the URI",
                    "How the URI is compared."),
                Key("allow", .section("allow"), initial: "nothing", "Actions that are allowed."),
                Key("disclose", .section("disclose"), initial: "nothing", "Identities that are told."),
                Key("cache", .boolean, initial: "false", .hint("nothing is asked twice"), "Decisions are kept."),
                Key("validate", .anything, .notYet, "Types of payloads."),
            ]),
        Section(
            "allow", "Actions", "",
            ["call", "register", "publish", "subscribe"].map { action in
                Key(
                    action, .boolean, initial: "false",
                    .only([.boolean(true)], "there is no authorization yet: everything is allowed"),
                    "Whether the role may \(action).")
            }),
        Section(
            "disclose", "Disclosure", "",
            ["caller", "publisher"].map { party in
                Key(
                    party, .boolean, initial: "false", .only([.boolean(false)], "not supported by this version"),
                    "Whether the \(party) is told.")
            }),
    ]
}
