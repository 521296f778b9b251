import Logging
import RennbahnAuthentication
import RennbahnBytes
import RennbahnConfiguration
import RennbahnRouterNode
import RennbahnTLS
import RennbahnTransport
import RennbahnWAMP
import RennbahnWebSocket
import WAMPClient

/// Reads the connecting transports of a checked tree; collects what only shows when they are used.
struct ConnectingReader {
    private var paths: EndpointReader
    var secrets: AuthReader
    private let logger: Logger

    init(_ surroundings: NodeConfiguration.Surroundings, logger: Logger) {
        paths = EndpointReader(surroundings)
        secrets = AuthReader(surroundings)
        self.logger = logger
    }

    var problems: [Problem] { paths.problems + secrets.problems }

    /// - Parameter name: whose transport it is, for traces.
    mutating func read(_ tree: Tree, name: String, _ path: String) -> ConnectingTransport? {
        guard let endpoint = tree["endpoint"], let place = place(endpoint, path + ".endpoint") else { return nil }
        do throws(WAMPError) {
            var transport =
                tree["type"]?.text == "rawsocket"
                ? ConnectingReader.rawSocket(tree, place) : try ConnectingReader.webSocket(tree, place)
            if let tls = endpoint["tls"] { try transport.secure(settings(tls)) }
            transport.profile.connectTimeout = UInt64(clamping: endpoint["timeout"]?.integer ?? 10) * 1_000_000_000
            if tree["debug"]?.boolean == true {
                var log = logger
                log.logLevel = .debug
                transport.profile.tracer = WAMPTracer(transport: tree["id"]?.text ?? name, shard: 0, logger: log)
            }
            return transport
        } catch {
            return paths.add(path, tree, error.message)
        }
    }

    private static func webSocket(
        _ tree: Tree, _ place: ConnectingTransport.Place
    ) throws(WAMPError) -> ConnectingTransport {
        let serializers = (tree["serializers"]?.elements ?? []).compactMap { $0.text.flatMap { Serializer(name: $0) } }
        var transport = try ConnectingTransport(
            place, url: tree["url"]?.text ?? "", serializers: serializers.isEmpty ? [.msgpack, .json] : serializers)
        apply(tree["options"], to: &transport.profile)
        return transport
    }

    private static func rawSocket(_ tree: Tree, _ place: ConnectingTransport.Place) -> ConnectingTransport {
        ConnectingTransport(
            rawSocket: place, serializer: tree["serializer"]?.text.flatMap { Serializer(name: $0) } ?? .json,
            maxMessageSize: tree["options"]?["max_message_size"]?.integer ?? RawSocketHeader.longestPayload)
    }

    private mutating func place(_ tree: Tree, _ path: String) -> ConnectingTransport.Place? {
        switch tree["type"]?.text {
        case "tcp":
            return .tcp(
                host: tree["host"]?.text ?? "", port: UInt16(clamping: tree["port"]?.integer ?? 0),
                version: tree["version"]?.integer == 6 ? .v6 : .v4)
        case "unix":
            guard let file = tree["path"], let name = paths.expanded(file, path + ".path") else { return nil }
            return .unix(path: paths.placed(name))
        default: return paths.add(path + ".type", tree, "not supported by this version")
        }
    }

    private func settings(_ tree: Tree) -> TLSClientSettings {
        var settings = TLSClientSettings(hostName: tree["hostname"]?.text ?? "")
        settings.authorities = (tree["ca_certificates"]?.elements ?? []).compactMap(\.text).map(paths.placed)
        settings.certificate = tree["certificate"]?.text.map(paths.placed)
        settings.key = tree["key"]?.text.map(paths.placed)
        return settings
    }

    private static func apply(_ options: Tree?, to profile: inout ConnectProfile) {
        profile.options = WebSocketOptions(configured: options, "")
        profile.deflate = options?["compression"]?["deflate"].map(DeflatePolicy.init(configured:))
        func nanoseconds(_ key: String) -> UInt64? {
            options?[key]?.integer.map { UInt64(clamping: $0) * 1_000_000 }
        }
        profile.openHandshakeTimeout = nanoseconds("open_handshake_timeout")
        profile.closeHandshakeTimeout = nanoseconds("close_handshake_timeout")
        profile.maxMessageSize = options?["max_message_size"]?.integer.map { $0 == 0 ? Int.max : $0 }
    }
}
