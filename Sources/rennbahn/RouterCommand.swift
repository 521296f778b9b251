import ArgumentParser
import Logging
import Reactor
import RouterNode
import Transport
import WAMP

struct RouterCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "router",
        abstract: "Run a WAMP router.",
        discussion: """
            When it accepts connections it prints one line on standard output:
              rennbahn router ready on URL realms=REALM[,REALM…] shards=N [also=URL[,URL…]]
            where URL is ws://ADDRESS/, wss://ADDRESS/ with TLS, or ws+unix:PATH of a UNIX socket; with several --listen the others are behind also=.
            SIGTERM and SIGINT make it say goodbye to its sessions (wamp.close.system_shutdown), drain and end; a
            second one ends it at once.
            """)

    @OptionGroup var listening: ListenOptions

    @Option(help: "A realm that sessions may join; may be given several times.")
    var realm: [String] = ["realm1"]

    @Option(help: "Threads that connections are spread over.")
    var shards = 1

    @Option(help: "Serializers to speak, separated by commas.")
    var serializers = "json,msgpack"

    @Option(help: CompressionOption.help)
    var compression = CompressionOption.deflate

    @Flag(help: "Send every message back instead of routing it: the floor to compare a router with.")
    var echo = false

    @Option(help: "Processors to pin the shards to, separated by commas.")
    var cpus: String?

    @Option(help: "Connections of each shard.")
    var maxConnections = Limits().maxConnections

    @Option(help: "Longest message in bytes, on the wire and inflated.")
    var maxMessageSize = Limits().maxMessageSize

    @Option(help: "Bytes that may wait to be sent on one connection.")
    var maxQueuedOutput = Limits().maxQueuedOutput

    @Option(help: "Milliseconds that an opening handshake may take.")
    var openHandshakeTimeout = Int(Limits().openHandshakeTimeout / 1_000_000)

    @Option(help: "Milliseconds after which a connection that takes none of its output is dropped.")
    var stallTimeout = Int(Limits().stallTimeout / 1_000_000)

    @Option(
        help: """
            Microseconds that a shard with nothing to do looks for more before it sleeps, 0 to 1000000: less latency, for \
            a core that is always busy.
            """)
    var busyPoll = 0

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
    @Option(help: .hidden)
    var burnPercent = 0.0

    /// For counts: the same ids in every run.
    @Flag(help: .hidden)
    var fixedIds = false

    func run() throws {
        try reporting {
            let configuration = try checked()
            if let exitWithParent { try ParentWatch.exitWithParent(exitWithParent) }
            let signals = try SignalWatcher()
            _ = DescriptorLimit.raise()
            let node: Node
            do {
                node = try Node(configuration)
            } catch {
                let places = configuration.endpoints.map(\.description).joined(separator: ", ")
                throw Failure.usage("cannot listen on \(places): \(error)")
            }
            Console.output(readyLine(node))
            try serve(node, until: signals)
            RouterCommand.tell(node.figures, configuration.logger)
            return Status.good
        }
    }

    private func readyLine(_ node: Node) -> String {
        let urls = node.endpoints.map(\.url)
        var line = "rennbahn \(echo ? "echo" : "router") ready on \(urls[0])"
        if !echo { line += " realms=\(realm.joined(separator: ","))" }
        line += " shards=\(shards)"
        if portPerShard, !echo { line += " ports=\(node.addresses.map { "\($0.port)" }.joined(separator: ","))" }
        if urls.count > 1 { line += " also=\(urls.dropFirst().joined(separator: ","))" }
        return line
    }

    /// Connections that were dropped because they did not read are told again at the end.
    private static func tell(_ shards: [ShardFigures], _ logger: Logger) {
        for (shard, figures) in shards.enumerated() where figures.secured > 0 {
            logger.info("shard \(shard): \(figures.secured) TLS handshakes, \(figures.resumed) of them resumed")
        }
        for (shard, figures) in shards.enumerated() where figures.stalled + figures.overflowed > 0 {
            logger.notice(
                """
                shard \(shard): connections dropped: \(figures.stalled) stalled, \(figures.overflowed) above the limit; \
                at most \(figures.mostQueued) bytes were queued, \(figures.mostQueuedOfOne) of them for one connection
                """)
        }
    }

    private func serve(_ node: Node, until signals: borrowing SignalWatcher) throws {
        var poller = try Poller()
        try poller.add(signals.descriptor, token: 0, interest: [.read])
        var isStopping = false
        while !node.hasEnded {
            // Once it stops, the shards end by themselves: look after them a few times a second.
            _ = poller.wait(timeoutMilliseconds: isStopping ? 20 : -1)
            while signals.next() != nil {
                if isStopping { node.abandon() } else { node.stop() }
                isStopping = true
            }
        }
        node.wait()
    }

    private func checked() throws -> NodeConfiguration {
        let endpoints = try listening.endpoints()
        guard (1...64).contains(shards) else { throw Failure.usage("--shards must be 1 to 64") }
        guard !realm.isEmpty, realm.allSatisfy(RouterCommand.isRealm) else {
            throw Failure.usage("--realm: not a realm URI: \(realm.first { !RouterCommand.isRealm($0) } ?? "")")
        }
        guard maxConnections > 0, maxMessageSize >= 1024, maxQueuedOutput >= 64 * 1024 else {
            throw Failure.usage("--max-connections, --max-message-size and --max-queued-output are too small")
        }
        guard openHandshakeTimeout > 0, stallTimeout > 0 else {
            throw Failure.usage("--open-handshake-timeout and --stall-timeout must be positive")
        }
        var limits = Limits()
        limits.maxConnections = maxConnections
        limits.maxMessageSize = maxMessageSize
        limits.setMaxQueuedOutput(maxQueuedOutput)
        limits.openHandshakeTimeout = UInt64(openHandshakeTimeout) * 1_000_000
        limits.stallTimeout = UInt64(stallTimeout) * 1_000_000
        guard (0...1_000_000).contains(busyPoll) else { throw Failure.usage("--busy-poll must be 0 to 1000000") }
        limits.busyPoll = UInt64(busyPoll) * 1000
        guard burnPercent >= 0, burnPercent <= 1000 else { throw Failure.usage("--burn-percent must be 0 to 1000") }
        guard let level = Logger.Level(rawValue: logLevel) else {
            throw Failure.usage("--log-level: \(logLevel) is not a log level")
        }
        var logger = Logger(label: "rennbahn.router") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = level
        var configuration = NodeConfiguration(
            service: echo ? .echo : .router(realms: realm, serializers: try parsedSerializers()), endpoints: endpoints,
            shards: shards, processors: try ProcessorList.parse(cpus, option: "--cpus"), deflate: compression.policy,
            limits: limits, logger: logger)
        configuration.hasPortPerShard = portPerShard
        configuration.wastedShare = burnPercent / 100
        configuration.hasFixedIDs = fixedIds
        return configuration
    }

    private func parsedSerializers() throws -> [Serializer] {
        try serializers.split(separator: ",").map { name in
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
