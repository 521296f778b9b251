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
    var secrets: CredentialReader
    private let logger: Logger

    init(_ surroundings: NodeConfiguration.Surroundings, logger: Logger) {
        paths = EndpointReader(surroundings)
        secrets = CredentialReader(surroundings)
        self.logger = logger
    }

    var problems: [Problem] { paths.problems + secrets.problems }

    /// - Parameter name: whose transport it is, for traces.
    mutating func read(_ tree: Tree, name: String, _ path: String) -> ConnectingTransport? {
        let key = Keys.ConnectingTransport.endpoint
        let endpoint = tree[key]
        guard let place = place(endpoint, key.place(in: path)) else { return nil }
        do throws(WAMPError) {
            var transport =
                switch tree[Keys.ConnectingTransport.kind] {
                case .rawSocket: ConnectingReader.rawSocket(tree, place)
                case .webSocket: try ConnectingReader.webSocket(tree, place)
                }
            if endpoint[Keys.Endpoint.kind] == .tcp, let tls = endpoint[Keys.Connecting.tls] {
                try transport.secure(settings(tls))
            }
            transport.profile.connectTimeout = endpoint[Keys.Connecting.timeout].nanoseconds
            if tree[Keys.Transport.isTraced] {
                var log = logger
                log.logLevel = .debug
                let name = tree[Keys.Transport.id] ?? name
                transport.profile.tracer = WAMPTracer(transport: name, shard: 0, logger: log)
            }
            return transport
        } catch {
            return paths.add(path, tree, error.message)
        }
    }

    private static func webSocket(
        _ tree: Tree, _ place: ConnectingTransport.Place
    ) throws(WAMPError) -> ConnectingTransport {
        var transport = try ConnectingTransport(
            place, url: tree[Keys.ConnectingTransport.url],
            serializers: tree[Keys.ConnectingTransport.serializers].map(Serializer.init))
        apply(tree[Keys.ConnectingTransport.options], to: &transport.profile)
        return transport
    }

    private static func rawSocket(_ tree: Tree, _ place: ConnectingTransport.Place) -> ConnectingTransport {
        ConnectingTransport(
            rawSocket: place, serializer: Serializer(tree[Keys.ConnectingTransport.serializer]),
            maxMessageSize: tree[Keys.RawSocket.options][Keys.RawSocket.maxMessageSize])
    }

    private mutating func place(_ tree: Tree, _ path: String) -> ConnectingTransport.Place? {
        switch tree[Keys.Endpoint.kind] {
        case .tcp:
            return .tcp(
                host: tree[Keys.Connecting.host], port: UInt16(clamping: tree[Keys.Connecting.port]),
                version: tree[Keys.Endpoint.version] == 6 ? .v6 : .v4)
        case .unix:
            let key = Keys.Endpoint.path
            return paths.expanded(tree[key], key.place(in: path)).map { .unix(path: paths.placed($0)) }
        }
    }

    private func settings(_ tree: Tree) -> TLSClientSettings {
        var settings = TLSClientSettings(hostName: tree[Keys.ClientTLS.hostName])
        // Without the key, those of the system.
        settings.authorities = (tree[Keys.ClientTLS.authorities] ?? []).map(paths.placed)
        settings.certificate = tree[Keys.ClientTLS.certificate].map(paths.placed)
        settings.key = tree[Keys.ClientTLS.key].map(paths.placed)
        return settings
    }

    private static func apply(_ options: Tree?, to profile: inout ConnectProfile) {
        profile.options = WebSocketOptions(configured: options, "")
        profile.deflate = options[Keys.Options.compression][Keys.Compression.deflate].map(
            DeflatePolicy.init(configured:))
        profile.openHandshakeTimeout = options[Keys.Options.openHandshakeTimeout].nanoseconds
        profile.closeHandshakeTimeout = options[Keys.Options.closeHandshakeTimeout].nanoseconds
        profile.maxMessageSize = options[Keys.Options.maxMessageSize].most
    }
}
