/// Keys of a configuration file that readers ask for, by the sections that have them: the typed half of ``Schema``.
package enum Keys {
    package enum Node {
        package static let workers = Key<[Tree]>(
            required: "workers", .list(of: Schema.workers, atLeast: 1),
            "What runs. A router has one worker of type `router`.")
    }

    /// Of workers, whatever they are.
    package enum Worker {
        package static let kind = Key<WorkerKind>(kind: "Kind of the worker.")
        static let id = Row(
            "id", .text(.id), initial: "generated", .hint("names the item in messages"), "Name of the item.")
    }

    package enum Router {
        package static let options = Key<Tree?>("options", .section("workerOptions"), "Options of the worker.")
        package static let realms = Key<[Tree]>(
            required: "realms", .list(of: .section("realm"), atLeast: 1), "The realms that sessions may join.")
        package static let transports = Key<[Tree]>(
            required: "transports", .list(of: Schema.transports, atLeast: 1), "Where the router listens.")
    }

    package enum WorkerOptions {
        package static let processors = Key<[Int]>(
            "cpu_affinity", .list(of: .integer(0...4095), atLeast: 1), initial: [],
            "Processors to pin the shards to, in turn.")
    }

    package enum Realm {
        package static let name = Key<String>(required: "name", .text(.realm), "Name that sessions join.")
        package static let options = Key<Tree?>("options", .section("realmOptions"), "Options of the realm.")
        package static let roles = Key<[Tree]>(
            required: "roles", .list(of: .section("role")),
            "Roles that sessions may have; without `auth` everybody has the role `anonymous`.")
        package static let uriCheck = Key<URICheckChoice>(
            "uri_check", initial: .loose,
            "Rule that URIs of topics and procedures are checked by. The same for all realms.")
    }

    package enum Role {
        package static let name = Key<String>(required: "name", .text(.role), "Name of the role.")
        package static let mayHold = Key<Bool>(
            "may_hold", initial: true,
            "Its sessions may wait a moment for receivers that are behind; if not, those are detached at once.")
        package static let slowReceivers = Key<SlowReceiversChoice?>(
            "slow_receivers", SlowReceiversChoice.shape, without: "the transport's",
            "Of its sessions that take less than they are sent: whether others wait for them (`hold`), or they are ended."
        )
        static let allowsByDefault = Key<Bool>(
            "allow-by-default", initial: false, "What no permission names is allowed.")
    }
}

extension Schema {
    static let nodeSections: [Section] = [
        Section(
            "node", "The file", "The top of the file.",
            [
                Row("version", .integers([2]), required: true, "Version of the layout."),
                Row("$schema", .text(.any), .hint("for editors"), "JSON Schema of the file."),
                Row(
                    "controller", .section("controller"), .hint("there is no controller process"),
                    "The node controller."),
                Keys.Node.workers,
            ], rules: [.oneRouter]),
        Section(
            "controller", "Controller", "Read and without effect: Rennbahn is one process without a controller.",
            [
                Row("id", .text(.id), "Id of the node."),
                Row("options", .section("controllerOptions"), "Options of the controller."),
                Row("manhole", .anything, .notYet, "SSH access to the process."),
                Row("connections", .anything, .notYet, "Database connections."),
                Row("keyring", .anything, .notYet, "Keys of the node."),
            ]),
        Section(
            "controllerOptions", "Options of the controller", "",
            [
                Row("title", .text(.any), "Title of the process."),
                Row("shutdown", .either(shutdown, .list(of: shutdown)), "When the node ends."),
                Row("enable_parallel_worker_start", .boolean, initial: false, "Workers start side by side."),
            ]),
        Section(
            "router", "Router worker", "",
            [
                Keys.Worker.kind.row(.router), Keys.Worker.id, Keys.Router.options,
                Row("manhole", .anything, .notYet, "SSH access to the process."),
                Keys.Router.realms, Keys.Router.transports,
                Row(
                    "components", .list(of: .anything), .only([.list([])], "no components run in the router"),
                    "Components in the router."),
                Row(
                    "connections", .list(of: .anything), .only([.list([])], "not supported by this version"),
                    "Database connections."),
            ], rules: [.distinct, .uriCheck, .logins]),
        Section(
            "workerOptions", "Options of a worker", "",
            [
                Row("title", .text(.any), .hint("the process keeps its name"), "Title of the process."),
                Row("python", .text(.any), .hint("nothing runs Python"), "Python to run."),
                Row(
                    "pythonpath", .list(of: .text(.any)), .hint("nothing runs Python"),
                    "Where Python looks for modules."),
                Keys.WorkerOptions.processors,
                Row("env", .anything, .notYet, "Environment of the worker."),
                Row("expose_controller", .anything, .notYet, "Whether components reach the controller."),
                Row("expose_shared", .anything, .notYet, "Whether components share objects."),
                Row(
                    "disabled", .either(.boolean, .text(.any)), initial: false,
                    .only([.boolean(false)], "leave the worker out instead"), "The worker is not started."),
                Row("extra", .anything, .hint("handed to nobody"), "Free data."),
            ]),
    ]

    private static let shutdown = Shape.choices(
        "shutdown_on_shutdown_requested", "shutdown_on_worker_exit", "shutdown_on_worker_exit_with_error",
        "shutdown_on_last_worker_exit")

    static let workers = Shape.variants([
        (WorkerKind.router.rawValue, "router", .full),
        (WorkerKind.container.rawValue, "container", .full),
        ("guest", "", .none("other programs are not started from here")),
        ("websocket-testee", "", .none("`rennbahn router --echo` is the echo service")),
        ("proxy", "", .none("one router uses several cores by itself: --shards")),
    ])

    static let transports = Shape.variants([
        (TransportKind.webSocket.rawValue, "websocket", .full), (TransportKind.web.rawValue, "web", .full),
        (TransportKind.rawSocket.rawValue, "rawsocket", .full), (TransportKind.universal.rawValue, "universal", .full),
        ("mqtt", "", .none("MQTT is not spoken here")),
        ("flashpolicy", "", .none("obsolete")),
        ("websocket.testee", "", .none("`rennbahn router --echo` is the echo service")),
        ("stream.testee", "", .none("not supported")),
    ])

    static let realmSections: [Section] = [
        Section(
            "realm", "Realm", "",
            [
                Keys.Realm.name, Keys.Worker.id, Keys.Realm.options, Keys.Realm.roles,
                Row("store", .anything, .notYet, "Event history."),
                Row("inventory", .anything, .notYet, "Types of payloads."),
                Row("stats", .anything, .notYet, "Statistics of sessions."),
            ]),
        Section(
            "realmOptions", "Options of a realm", "",
            [
                Row(
                    "enable_meta_api", .boolean, initial: false,
                    .only([.boolean(false)], "there are no meta procedures and events yet"),
                    "Meta procedures and events `wamp.*`."),
                Row(
                    "bridge_meta_api", .boolean, initial: false,
                    .only([.boolean(false)], "there are no meta events yet"), "Meta events of other routers."),
                Row(
                    "event_dispatching_chunk_size", .integer(1...1_000_000_000), initial: 100,
                    .hint("the order of events never depends on the number of receivers"),
                    "Receivers served before others have a turn."),
                Keys.Realm.uriCheck,
            ]),
        Section(
            "role", "Role", "",
            [
                Keys.Role.name, Keys.Worker.id,
                Row("permissions", .list(of: .section("permission")), "What the role may do: today everything."),
                Row("authorizer", .text(.uri), .notYet, "Procedure that decides what is allowed."),
                Keys.Role.allowsByDefault, Keys.Role.mayHold, Keys.Role.slowReceivers,
            ], rules: [.openRole]),
        Section(
            "permission", "Permission",
            "Only the rule that allows everything is supported: there is no authorization yet.",
            [
                Row("uri", .text(.permissionURI), required: true, "URIs that the rule is for."),
                Row(
                    "match", .choices("exact", "prefix", "wildcard"), initial: "from `*` in the URI",
                    "How the URI is compared."),
                Row("allow", .section("allow"), initial: "nothing", "Actions that are allowed."),
                Row("disclose", .section("disclose"), initial: "nothing", "Identities that are told."),
                Row("cache", .boolean, initial: false, .hint("nothing is asked twice"), "Decisions are kept."),
                Row("validate", .anything, .notYet, "Types of payloads."),
            ]),
        Section(
            "allow", "Actions", "",
            ["call", "register", "publish", "subscribe"].map { action in
                Row(
                    action, .boolean, initial: false,
                    .only([.boolean(true)], "there is no authorization yet: everything is allowed"),
                    "Whether the role may \(action).")
            }),
        Section(
            "disclose", "Disclosure", "",
            ["caller", "publisher"].map { party in
                Row(
                    party, .boolean, initial: false, .only([.boolean(false)], "not supported by this version"),
                    "Whether the \(party) is told.")
            }),
    ]
}
