package import Configuration
import Transport
import WAMP
package import WebSocket

/// Reads the listening transports of a checked tree: one kind of transport, one function.
struct TransportReader {
    private let version: String
    private var endpoints: EndpointReader

    init(_ surroundings: NodeConfiguration.Surroundings) {
        version = surroundings.version
        endpoints = EndpointReader(surroundings)
    }

    /// What only shows when it is run, such as an environment variable that is not set.
    var problems: [Problem] { endpoints.problems }

    /// - Parameter index: the transport's place in the file, which generates its id.
    mutating func read(_ tree: Tree, _ index: Int, _ path: String) -> ListeningTransport? {
        switch tree["type"]?.text {
        case "websocket": webSocket(tree, index, path)
        default: endpoints.add(path + ".type", tree, "not supported by this version")
        }
    }

    private mutating func webSocket(_ tree: Tree, _ index: Int, _ path: String) -> ListeningTransport? {
        guard let place = tree["endpoint"], let endpoint = endpoints.read(place, path + ".endpoint") else { return nil }
        var transport = ListeningTransport(
            id: tree["id"]?.text ?? ListeningTransport.generatedID(index), endpoint: endpoint,
            profile: AcceptProfile(configured: tree, version))
        transport.isTraced = tree["debug"]?.boolean ?? false
        return transport
    }
}

extension AcceptProfile {
    /// A listening WebSocket transport, or a WebSocket service in another one.
    init(configured tree: Tree, _ version: String) {
        let options = tree["options"]
        self.init(
            subprotocols: AcceptProfile.serializers(tree["serializers"]).map(\.subprotocol),
            requiresSubprotocol: options?["require_websocket_subprotocol"]?.boolean ?? true,
            deflate: options?["compression"]?["deflate"].map(DeflatePolicy.init(configured:)),
            validatesText: false)
        self.options = WebSocketOptions(configured: options, version)
        func nanoseconds(_ key: String) -> UInt64? {
            options?[key]?.integer.map { UInt64(clamping: $0) * 1_000_000 }
        }
        openHandshakeTimeout = nanoseconds("open_handshake_timeout")
        closeHandshakeTimeout = nanoseconds("close_handshake_timeout")
        maxMessageSize = options?["max_message_size"]?.integer.map { $0 == 0 ? Int.max : $0 }
        quota = ConnectionQuota(tree["max_connections"]?.integer ?? 50_000)
    }

    private static func serializers(_ list: Tree?) -> [Serializer] {
        guard let list else { return Serializer.allCases }
        return list.elements.compactMap { $0.text.flatMap { Serializer(name: $0) } }
    }
}

extension DeflatePolicy {
    package init(configured tree: Tree) {
        let requested = tree["request_max_window_bits"]?.integer ?? 0
        self.init(
            noContextTakeover: tree["no_context_takeover"]?.boolean, maxWindowBits: tree["max_window_bits"]?.integer,
            requestNoContextTakeover: tree["request_no_context_takeover"]?.boolean ?? false,
            requestMaxWindowBits: requested == 0 ? nil : requested, memoryLevel: tree["memory_level"]?.integer ?? 8)
        threshold = tree["threshold"]?.integer ?? 0
    }
}
