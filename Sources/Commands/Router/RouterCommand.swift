import ArgumentParser
import Logging
import RennbahnConfiguration
import RennbahnMeasurement
import RennbahnReactor
import RennbahnRouterNode
import RennbahnTLS
import RennbahnTransport
import RennbahnWAMP

struct RouterCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "router",
        abstract: "Run a WAMP router.",
        discussion: """
            When it accepts connections it prints one line on standard output:
              rennbahn router ready on URL realms=REALM[,REALM…] shards=N [also=URL[,URL…]]
            where URL is ws://ADDRESS/, rs://ADDRESS/ of a RawSocket transport, wss://ADDRESS/ with TLS, or ws+unix:PATH of a UNIX socket; with several transports the others are behind also=.
            SIGTERM, SIGINT and SIGHUP make it say goodbye to its sessions (wamp.close.system_shutdown),
            drain and end, within four seconds whatever its peers do; a second one ends it at once.
            When it has ended it prints another line, of receivers that did not keep up:
              rennbahn router ended detached=N dropped=N
            N times senders went on without one that was behind, and so many connections were dropped.
            At level info the log tells what memory its limits allow its clients to make it take, part by part, with the
            kernel's buffers; a warning tells if that is more than this machine, or the control group, has.
            """)

    @OptionGroup var listening: ListenOptions

    @Option(
        help: """
            Run the router of this node configuration, YAML or JSON in the layout of Crossbar.io. What the file says cannot be
            given beside it.
            """)
    var config: String?

    @Option(help: "A realm that sessions may join; may be given several times. Default: realm1.")
    var realm: [String] = []

    @Option(help: "Threads that connections are spread over. (default: 1)", transform: Quantity.count)
    var shards = 1

    @Option(help: "Serializers to speak, separated by commas. Default: json,msgpack.")
    var serializers: String?

    @Option(help: CompressionOption.help(standard: "deflate"), transform: CompressionOption.init(parsing:))
    var compression: CompressionOption?

    @Flag(help: "Send every message back instead of routing it: the floor to compare a router with.")
    var echo = false

    @Option(help: "Processors to pin the shards to, separated by commas.")
    var cpus: String?

    @Option(help: "Connections of each shard. Default: \(Limits().maxConnections).", transform: Quantity.count)
    var maxConnections: Int?

    @Option(
        help: """
            Longest message, on the wire and inflated; a bare number is bytes. Default: \(Limits().maxMessageSize).
            """, transform: Quantity.bytes)
    var maxMessageSize: Int?

    @Option(
        help: """
            What may wait to be sent on one connection; a bare number is bytes. (default: \(Limits().maxQueuedOutput))
            """, transform: Quantity.bytes)
    var maxQueuedOutput = Limits().maxQueuedOutput

    @Option(
        help: """
            Memory of each shard for what clients make it keep: a quarter each for unfinished messages, for input that waits, \
            for output that waits, and for sessions with their subscriptions, registrations and calls; above it whoever takes \
            most has to go, or gets no more. A bare number is bytes. (default: \(Limits().memory))
            """, transform: Quantity.bytes)
    var memory = Limits().memory

    @Option(
        help: """
            Time that an opening handshake may take; a bare number is milliseconds. \
            Default: \(Limits().openHandshakeTimeout / 1_000_000).
            """, transform: Quantity.milliseconds)
    var openHandshakeTimeout: Int?

    @Option(
        help: """
            Time after which a connection that takes none of its output is dropped; a bare number is milliseconds. \
            (default: \(Limits().stallTimeout / 1_000_000))
            """, transform: Quantity.milliseconds)
    var stallTimeout = Int(Limits().stallTimeout / 1_000_000)

    @OptionGroup var pings: PingOptions

    @OptionGroup var addresses: AddressOptions

    @Option(
        help: """
            What becomes of those who send to a client that takes less than it is sent: disconnect lets them wait for a moment, \
            and ends its connection when it does harm; hold lets them wait, so that nothing is lost and one slow client stops all.
            """)
    var slowReceivers = SlowReceivers.disconnect

    @Option(
        help: """
            Messages a second, pings and fragments included, that a client may send; one that sends more is read later. \
            0: any number. (default: 0)
            """, transform: Quantity.count)
    var messageRate = 0

    @Option(
        help: """
            What a client's messages may come to in a second; a bare number is bytes. One that sends more is read later. \
            0: any number. (default: 0)
            """, transform: Quantity.bytes)
    var octetRate = 0

    @Option(
        help: """
            How long a shard with nothing to do looks for more before it sleeps, up to a second: less latency, for a core \
            that is always busy. A bare number is microseconds. (default: 0)
            """, transform: Quantity.microseconds)
    var busyPoll = 0

    @Flag(help: "Encrypt with OpenSSL alone, also where the kernel has TLS; see docs/tls.md.")
    var noKernelTls = false

    @OptionGroup var metrics: MetricsOptions

    @Option(help: "Least severe log level on standard error: trace, debug, info, notice, warning, error, critical.")
    var logLevel = "notice"

    @Flag(
        help: ArgumentHelp(
            "Every shard listens on a port of its own, which the ready line lists: for measurements of placement.",
            visibility: .hidden))
    var portPerShard = false

    @Option(help: .hidden)
    var exitWithParent: Int32?

    /// So much more CPU time than the work needs: what the regression gate must find.
    @Option(help: .hidden, transform: Quantity.percent)
    var burnPercent = 0.0

    /// For counts: the same ids, and authids of anonymous sessions, in every run.
    @Flag(help: .hidden)
    var fixedIds = false

    /// Milliseconds of a time-out: a day at most.
    private static let timeouts = 1...86_400_000

    static let rules: [OptionRule] =
        [
            .excludes("--echo", ["--realm"], because: "an echo has no realms"),
            .excludes("--echo", PingOptions.names, because: "an echo says nothing of its own"),
            .excludes("--echo", ["--metrics"], because: "what is counted is a router's"),
            .excludes(
                "--config",
                [
                    "--realm", "--serializers", "--compression", "--echo", "--max-connections", "--max-message-size",
                    "--open-handshake-timeout",
                ] + PingOptions.names + AddressOptions.names + ListenOptions.names, because: "the file says it"),
        ] + ServerTLSOptions.rules

    func execute() throws -> CommandStatus {
        // Before there is another thread, such as that of a file of cookies: one that does not block them would be ended by them.
        let signals = try SignalWatcher()
        let log = try LogStream.standardError()
        // However it ends: what was said before is written, if somebody takes it.
        var patience = LogStream.patience
        defer { log.finish(within: patience) }
        let configuration = try config.map { try configured(by: $0, log) } ?? checked(log)
        let metrics = try metrics.server()
        defer { metrics?.stop() }
        if let exitWithParent { try ParentWatch.exitWithParent(exitWithParent) }
        try log.start()
        let descriptors = DescriptorLimit.raise().soft
        let node: Node
        do {
            node = try Node(configuration)
        } catch {
            let places = configuration.transports.map(\.endpoint.description).joined(separator: ", ")
            throw Failure.usage("cannot listen on \(places): \(error)")
        }
        tellWorstCase(of: configuration, descriptors: descriptors)
        try metrics?.start(node, shards: configuration.shards, descriptors: descriptors, configuration.logger)
        sayReady(readyLine(node, configuration), configuration.logger)
        let shutdown = try serve(node, until: signals, configuration.logger)
        RouterCommand.tell(node.figures, configuration.logger)
        sayEnded(node, within: shutdown.left(at: MonotonicClock.now(), atMost: RouterCommand.linePatience))
        patience = shutdown.left(at: MonotonicClock.now(), atMost: patience)
        return .good
    }

    /// Nanoseconds that a reader has for a line on standard output.
    private static let linePatience: UInt64 = 250_000_000

    /// A router goes on where nobody hears this.
    private func sayReady(_ line: String, _ logger: Logger) {
        do {
            try Console.output(line, within: RouterCommand.linePatience)
        } catch {
            logger.warning("\(error); it would have said: \(line)")
        }
    }

    /// Where a shard was left behind nobody knows what it did.
    private func sayEnded(_ node: Node, within patience: UInt64) {
        guard node.hasEnded else { return }
        // Who measures listens; nobody else needs to.
        try? Console.output(RouterEndLine(node.figures).text(of: service), within: patience)
    }

    private var service: String { echo ? "echo" : "router" }

    private func readyLine(_ node: Node, _ configuration: NodeConfiguration) -> String {
        let urls = zip(node.endpoints, configuration.transports).map { endpoint, transport in
            endpoint.url(transport.scheme)
        }
        var line = "rennbahn \(service) ready on \(urls[0])"
        if case .router(let realms) = configuration.service { line += " realms=\(realms.joined(separator: ","))" }
        line += " shards=\(shards)"
        if portPerShard, !echo { line += " ports=\(node.addresses.map { "\($0.port)" }.joined(separator: ","))" }
        if urls.count > 1 { line += " also=\(urls.dropFirst().joined(separator: ","))" }
        return line
    }

    private func serve(
        _ node: Node, until signals: borrowing SignalWatcher, _ logger: Logger
    ) throws -> Shutdown {
        var poller = try Poller()
        try poller.add(signals.descriptor, token: 0, interest: [.read])
        var trim = HeapTrim(node)
        try trim.register(in: &poller, token: 1)
        var shutdown = Shutdown()
        while !node.hasEnded {
            // Once it stops, the shards end by themselves: look after them a few times a second.
            let sleep = shutdown.hasBegun ? 20 : trim.prepareToSleep(at: MonotonicClock.now())
            _ = poller.wait(timeoutMilliseconds: sleep)
            trim.finishSleep()
            var orders: [Shutdown.Order] = []
            while signals.next() != nil { orders.append(shutdown.asked(at: MonotonicClock.now())) }
            if let order = shutdown.due(at: MonotonicClock.now()) { orders.append(order) }
            for order in orders {
                switch order {
                case .stop: node.stop()
                case .abandon: node.abandon()
                case .leave:
                    logger.warning("a shard did not end in time, and is not waited for")
                    return shutdown
                }
            }
        }
        node.wait()
        return shutdown
    }

    private func checked(_ log: LineWriter) throws -> NodeConfiguration {
        let endpoints = try listening.endpoints()
        let realms = realm.isEmpty ? ["realm1"] : realm
        guard realms.allSatisfy(RouterCommand.isRealm) else {
            throw Failure.usage("--realm: not a realm URI: \(realms.first { !RouterCommand.isRealm($0) } ?? "")")
        }
        var limits = try checkedLimits()
        limits.maxConnections = maxConnections ?? limits.maxConnections
        limits.maxMessageSize = maxMessageSize ?? limits.maxMessageSize
        guard limits.maxConnections > 0, limits.maxMessageSize >= 1024 else {
            throw Failure.usage("--max-connections and --max-message-size are too small")
        }
        guard limits.maxMessageSize <= limits.maxUnfinished else {
            throw Failure.usage("--max-message-size must be at most a quarter of --memory, which is \(memory)")
        }
        if let openHandshakeTimeout {
            guard RouterCommand.timeouts.contains(openHandshakeTimeout) else {
                throw Failure.usage("--open-handshake-timeout must be 1 to 86400000 milliseconds")
            }
            limits.openHandshakeTimeout = UInt64(openHandshakeTimeout) * 1_000_000
        }
        var configuration = NodeConfiguration(
            service: echo ? .echo : .router(realms: realms), endpoints: endpoints, serializers: try parsedSerializers(),
            processors: try ProcessorList.parse(cpus, option: "--cpus"),
            deflate: (compression ?? CompressionOption.deflate).policy, limits: limits)
        let counted = try addresses.addresses()
        for index in configuration.transports.indices { configuration.transports[index].profile.addresses = counted }
        if !echo {
            let autoPing = try pings.settings()
            for index in configuration.transports.indices {
                configuration.transports[index].profile.options.autoPing = autoPing
            }
        }
        try complete(&configuration, log)
        return configuration
    }

    /// The router of a configuration file; the command line adds what the file has no keys for.
    private func configured(by path: String, _ log: LineWriter) throws -> NodeConfiguration {
        let file = try ConfigurationFile(path)
        let tree = try file.checked()
        let limits = try checkedLimits()
        var configuration: NodeConfiguration
        do throws(Problems) {
            configuration = try NodeConfiguration(
                tree, file.surroundings { log.write($0 + "\n") }, limits: limits)
        } catch {
            throw file.failure(error.all)
        }
        if let cpus {
            guard configuration.processors.isEmpty else {
                throw Failure.usage("--cpus cannot be given beside cpu_affinity in \(path)")
            }
            configuration.processors = try ProcessorList.parse(cpus, option: "--cpus")
        } else if let missing = configuration.processors.first(where: { !Processor.allowed.contains($0) }) {
            throw Failure.usage("\(path): cpu_affinity: this process may not run on processor \(missing)")
        }
        try complete(&configuration, log)
        return configuration
    }

    /// What no configuration file says.
    private func checkedLimits() throws -> Limits {
        guard maxQueuedOutput >= 64 * 1024 else { throw Failure.usage("--max-queued-output is too small") }
        guard RouterCommand.timeouts.contains(stallTimeout) else {
            throw Failure.usage("--stall-timeout must be 1 to 86400000 milliseconds")
        }
        guard (0...1_000_000).contains(busyPoll) else { throw Failure.usage("--busy-poll must be 0 to 1000000") }
        guard memory >= Limits.leastMemory, memory <= Int.max / 64 else {
            throw Failure.usage("--memory must be \(Limits.leastMemory) to \(Int.max / 64) bytes")
        }
        var limits = Limits()
        limits.setMemory(memory)
        limits.messageRate = try checkedRate(messageRate, Keys.Transport.messageRate, "--message-rate")
        limits.octetRate = try checkedRate(octetRate, Keys.Transport.octetRate, "--octet-rate")
        limits.slowReceivers = slowReceivers
        limits.setMaxQueuedOutput(maxQueuedOutput)
        limits.stallTimeout = UInt64(stallTimeout) * 1_000_000
        limits.busyPoll = UInt64(busyPoll) * 1000
        return limits
    }

    private func checkedRate(_ rate: Int, _ key: Key<Int?>, _ option: String) throws -> Int {
        guard rate == 0 || key.range.contains(rate) else {
            throw Failure.usage("\(option) must be 0 to \(key.range.upperBound)")
        }
        return rate
    }

    private func complete(_ configuration: inout NodeConfiguration, _ log: LineWriter) throws {
        guard (1...64).contains(shards) else { throw Failure.usage("--shards must be 1 to 64") }
        guard burnPercent >= 0, burnPercent <= 1000 else { throw Failure.usage("--burn-percent must be 0 to 1000") }
        guard let level = Logger.Level(rawValue: logLevel) else {
            throw Failure.usage("--log-level: \(logLevel) is not a log level")
        }
        var logger = Logger(label: "rennbahn.router") { StreamLogHandler(label: $0, stream: LogStream(log)) }
        logger.logLevel = level
        if noKernelTls {
            for index in configuration.transports.indices {
                configuration.transports[index].endpoint.tls?.usesKernel = false
            }
        }
        configuration.shards = shards
        configuration.logger = logger
        configuration.hasPortPerShard = portPerShard
        configuration.wastedShare = burnPercent / 100
        configuration.hasFixedIDs = fixedIds
    }

    private func parsedSerializers() throws -> [Serializer] {
        try (serializers ?? "json,msgpack").split(separator: ",").map { name in
            guard let serializer = Serializer(name: String(name)) else {
                throw Failure.usage("--serializers: \(name) is not one of json, msgpack")
            }
            return serializer
        }
    }

    private static func isRealm(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return URIRules.isValid(bytes.span, strictness: .loose, match: .exact)
    }
}

extension SlowReceivers: ExpressibleByArgument {}
