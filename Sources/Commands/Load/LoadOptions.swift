import ArgumentParser
import RennbahnLoadGenerator
import RennbahnReactor
import RennbahnTLS
import RennbahnWAMP
import RennbahnWorkload

/// The options of `rennbahn load`, and the configuration that they make.
struct LoadOptions: ParsableArguments {
    @Option(
        help: """
            The router: ws://host:port/path, wss://…, ws+unix:socket:/path; rs://host:port, rss://…, rs+unix:socket for \
            RawSocket. The user of ws://user:password@host/ is who a front end asks for (Basic).
            """)
    var url: String?

    @Option(help: "Where subscribers and callees connect, if elsewhere: another address of the same router.")
    var receiverUrl: String?

    @Option(help: "The realm to join.")
    var realm = "realm1"

    @Option(
        help: """
            pubsub, rpc, connect (opens and closes sessions); for WebSocket servers without WAMP echo (what is sent comes back, \
            or --message is answered) and push (they send unasked).
            """)
    var scenario = "pubsub"

    @Option(help: "Connections: as many as the roles that are given add up to, or 100.", transform: Quantity.count)
    var clients: Int?

    @Option(help: "pubsub: clients that publish. Default: one in a hundred.", transform: Quantity.count)
    var publishers: Int?

    @Option(help: "pubsub: clients that subscribe. Default: all others.", transform: Quantity.count)
    var subscribers: Int?

    @Option(
        help: "pubsub: topics that publishers and subscribers are spread over. Default: one for each publisher.",
        transform: Quantity.count)
    var topics: Int?

    @Option(
        help: "pubsub: subscribers that read slowly, once in --slow-interval. Publishers do not wait for them.",
        transform: Quantity.count)
    var slow: Int?

    @Option(
        help: "pubsub: subscribers that never read. The router is to drop them (rennbahn router --stall-timeout).",
        transform: Quantity.count)
    var stuck: Int?

    @Option(
        help: """
            Time between two reads of a slow subscriber, of 128 KiB at most; a bare number is milliseconds. Default: 200.
            """, transform: Quantity.milliseconds)
    var slowInterval: Int?

    @Option(help: "rpc: clients that call. Default: half of them.", transform: Quantity.count)
    var callers: Int?

    @Option(help: "rpc: clients that are called. Default: all others.", transform: Quantity.count)
    var callees: Int?

    @Option(parsing: .upToNextOption, help: ArgumentHelp(PayloadOption.help))
    var payload: [String] = ["32"]

    @Option(
        help:
            "What fills a payload of a size behind its stamp: text (compresses as text does) or random (hardly does). Default: text."
    )
    var filler: Filler?

    @Option(help: "json or msgpack.")
    var serializer = "json"

    @Option(help: CompressionOption.help(standard: "none"), transform: CompressionOption.init(parsing:))
    var compression = CompressionOption.none

    @Option(
        help: """
            Open loop: operations a second of the whole fleet, such as 5000, 5k or 5k/s; 100:5k is a ramp over warm-up and window, \
            30s@500,60s@2k are steps, the last of which goes on.
            """, transform: RateOption.parse)
    var rate: RateOption?

    @Flag(help: "Open loop: independent arrivals instead of even ones.")
    var poisson = false

    @Option(help: "Closed loop: operations in flight of each sender. Default: 1.", transform: Quantity.count)
    var depth: Int?

    @Option(
        help: "Time under load before the measured window; a bare number is seconds. (default: 1)",
        transform: Quantity.seconds)
    var warmup = 1.0

    @Option(
        help: "Length of the measured window; a bare number is seconds. (default: 5)", transform: Quantity.seconds)
    var duration = 5.0

    @Option(
        help: "Connections begun in a second. (default: \(Int(LoadConfiguration.defaultConnectRate)))",
        transform: Quantity.rate)
    var ramp = LoadConfiguration.defaultConnectRate

    @Option(
        help: "Time that messages on their way have after the window; a bare number is seconds. (default: 5)",
        transform: Quantity.seconds)
    var drainTimeout = 5.0

    @Option(
        help: "Time that all connections together may take to be ready; a bare number is seconds. (default: 30)",
        transform: Quantity.seconds)
    var connectTimeout = 30.0

    @Option(help: "Threads of the generator. (default: 1)", transform: Quantity.count)
    var shards = 1

    @Option(help: "Processors to pin the generator's threads to, separated by commas.")
    var cpus: String?

    @Option(help: "Seed of payloads and arrivals.")
    var seed: UInt64 = 1

    @Option(help: "Local addresses to connect from, separated by commas.")
    var source: String?

    @OptionGroup var login: LoginOptions

    @OptionGroup var request: RequestOptions

    @OptionGroup var tls: ClientTLSOptions

    @OptionGroup var bare: BareOptions

    @Option(
        help: "Process id of the router: it must listen at --url. Without it, its processes are found by that socket.")
    var routerPid: Int32?

    static let rules: [OptionRule] = own + LoginOptions.rules + BareOptions.rules

    private static let own: [OptionRule] =
        [
            .oneOf(["--url", "--config"], because: "the router, or a file of containers"),
            .leaves("--config", ["--url", "--duration", "--json"], because: "the file says it"),
            .needs("--poisson", ["--rate"]),
            .excludes("--rate", ["--depth"], because: "an open loop has as many in flight as there are"),
            .excludes("--scenario connect", ["--rate"], because: "--ramp says how fast sessions are opened"),
            .needs("--slow-interval", ["--slow"]),
            .needs("--callers", ["--scenario rpc"]),
            .needs("--callees", ["--scenario rpc"]),
            .excludes("--scenario connect", ["--receiver-url"]),
            .excludes("--scenario echo", ["--receiver-url"]),
        ]
        // The scenario is pubsub where none is given.
        + ["--scenario rpc", "--scenario connect", "--scenario echo", "--scenario push"].map {
            .excludes($0, ["--publishers", "--subscribers", "--topics", "--slow", "--stuck"])
        }

    func configuration() throws -> LoadConfiguration {
        guard let url else { throw Failure.usage("--url is missing") }
        var problems: [String] = []
        let shown = URLUser.hidden(in: url)
        let user = problems.attempt("--url \(shown)") { try URLUser(splitting: url) }
        let target = user.flatMap { user in
            problems.attempt("--url \(shown)") { try LoadTarget(parsing: user.url) }
        }
        let receiverTarget = receiverUrl.flatMap { url in
            problems.attempt("--receiver-url \(URLUser.hidden(in: url))") { try LoadTarget(parsing: url) }
        }
        let scenario = parsedScenario(&problems)
        let serializer = Serializer(name: serializer)
        if serializer == nil { problems.append("--serializer: \(self.serializer) is not one of json, msgpack") }
        let sources = parsedSources(&problems)
        let phases = phaseDurations(&problems)
        if !sources.isEmpty, target?.socketPath != nil { problems.append("--source: does not apply to a UNIX socket") }
        let context = target.flatMap { tlsContext(of: $0, receiverTarget, &problems) }
        rawSocketProblems(target, receiverTarget, scenario, hasUser: user?.field != nil, &problems)
        let cookies = request.cookies(&problems)
        let fields = request.fields(user: user?.field, cookies: cookies, &problems)
        let principals = target.map { target in
            let surroundings = LoginOptions.Surroundings(target: target, tls: tls, cookies: cookies)
            return login.loadPrincipals(surroundings, &problems)
        }
        if realm.isEmpty { problems.append("--realm: is empty") }
        let payload = content(&problems)
        let subprotocol = bare.checkedSubprotocol(&problems)
        var workload: WorkloadParameters?
        if let scenario {
            var parameters = WorkloadParameters(
                scenario: scenario, clients: clients ?? scenario.roleCount ?? LoadOptions.usualClients,
                payload: payload ?? .filler(bytes: Stamp.byteCount), load: loadModel(phases), connectRate: ramp,
                shards: shards, phases: phases, seed: seed)
            parameters.laggards = parsedLaggards(&problems)
            parameters.shape = rate?.shape
            parameters.reply = bare.check(&problems)
            problems += parameters.problems().map { "--\($0)" }
            workload = parameters
        }
        guard problems.isEmpty, let target, let workload, let serializer else {
            throw Failure.usage(all: problems)
        }
        var configuration = LoadConfiguration(target: target, workload: workload, serializer: serializer)
        configuration.receiverTarget = receiverTarget
        configuration.tls = context
        configuration.fields = fields
        configuration.realm = realm
        configuration.principals = principals ?? []
        configuration.subprotocol = subprotocol
        configuration.deflate = compression.policy
        configuration.compressionName = compression.text
        configuration.processors = try ProcessorList.parse(cpus, option: "--cpus")
        configuration.sources = sources
        configuration.targetProcesses = routerPid.map { [$0] } ?? []
        return configuration
    }

    private func rawSocketProblems(
        _ target: LoadTarget?, _ receiverTarget: LoadTarget?, _ scenario: Scenario?, hasUser: Bool,
        _ problems: inout [String]
    ) {
        guard let target else { return }
        if let receiverTarget, receiverTarget.speaksRawSocket != target.speaksRawSocket {
            problems.append("--receiver-url: must be of RawSocket where --url is, and only there")
        }
        guard target.speaksRawSocket else { return }
        if compression.policy != nil { problems.append("--compression: there is none over RawSocket") }
        if scenario?.isBare == true {
            problems.append("--scenario: \(scenario?.name ?? "") is for servers that are reached over WebSocket")
        }
        if request.isGiven {
            problems.append("--header, --origin and --cookie: RawSocket has no request that says them")
        }
        if hasUser { problems.append("--url: RawSocket has no request that says who its user is") }
    }

    private func content(_ problems: inout [String]) -> PayloadContent? {
        guard bare.message == nil else { return bare.template(&problems).map { .message($0) } }
        return problems.attempt("--payload") { try PayloadOption.content(payload, filler, seed: seed) }
    }

    private func tlsContext(
        of target: LoadTarget, _ receiverTarget: LoadTarget?, _ problems: inout [String]
    ) -> TLSContext? {
        if let receiverTarget,
            receiverTarget.isSecure != target.isSecure || target.isSecure && receiverTarget.host != target.host
        {
            problems.append("--receiver-url: must be with or without TLS, and with it of the same host, as --url is")
        }
        guard target.isSecure else {
            if tls.isGiven { problems.append("options of TLS are for wss and rss URLs only") }
            return nil
        }
        return problems.attempt("--url \(target.url)") { try tls.context(hostName: target.host) }
    }

    private func loadModel(_ phases: PhaseDurations) -> LoadModel {
        guard let rate else { return .closed(depth: depth ?? 1) }
        return .open(rate: rate.mean(phases), arrivals: poisson ? .poisson : .constant)
    }

    private func parsedLaggards(_ problems: inout [String]) -> WorkloadParameters.Laggards {
        var laggards = WorkloadParameters.Laggards(slow: slow ?? 0, stuck: stuck ?? 0)
        if let slowInterval {
            if !(1...60_000).contains(slowInterval) {
                problems.append("--slow-interval: must be 1 to 60000 milliseconds, is \(slowInterval)")
            } else {
                laggards.interval = UInt64(slowInterval) * 1_000_000
            }
        }
        return laggards
    }

    /// Where neither they nor the roles are given.
    private static let usualClients = 100

    private func parsedScenario(_ problems: inout [String]) -> Scenario? {
        let clients = clients ?? LoadOptions.usualClients
        switch scenario {
        case "pubsub":
            let standard = max(clients / 100, shards, 1)
            let publishers =
                publishers ?? subscribers.map { max(clients - $0, 1) } ?? topics.map { max($0, standard) } ?? standard
            return .pubsub(
                publishers: publishers, subscribers: subscribers ?? max(clients - publishers, 0),
                topics: topics ?? max(1, min(publishers, subscribers ?? publishers)))
        case "rpc":
            let callees = callees ?? callers.map { max(clients - $0, 0) } ?? clients / 2
            return .rpc(callers: callers ?? max(clients - callees, 0), callees: callees)
        case "connect": return .connect
        case "echo": return .echo
        case "push": return .push
        default:
            let names = Scenario.names.joined(separator: ", ")
            problems.append("--scenario: \(scenario) is not one of \(names)")
            return nil
        }
    }

    private func parsedSources(_ problems: inout [String]) -> [SocketAddress] {
        (source ?? "").split(separator: ",").compactMap { text in
            problems.attempt("--source \(text)") { try SocketAddress(host: String(text), port: 0) }
        }
    }

    private func phaseDurations(_ problems: inout [String]) -> PhaseDurations {
        func nanoseconds(_ option: String, _ seconds: Double) -> UInt64 {
            guard seconds >= 0, seconds <= 86_400 else {
                problems.append("--\(option): must be 0 to 86400 seconds, is \(seconds)")
                return 1
            }
            return UInt64(seconds * 1_000_000_000)
        }
        return PhaseDurations(
            connectTimeout: nanoseconds("connect-timeout", connectTimeout), warmUp: nanoseconds("warmup", warmup),
            window: nanoseconds("duration", duration), drainTimeout: nanoseconds("drain-timeout", drainTimeout))
    }
}

extension Filler: ExpressibleByArgument {}
