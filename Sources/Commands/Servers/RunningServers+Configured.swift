import Foundation
import RennbahnLoadGenerator
import RennbahnReactor

extension RunningServers {
    /// Starts a `rennbahn router` with a transport for each compression, in this order, that all have the same realms.
    func router(
        _ executable: String, _ options: RouterOptions, compressions: [CompressionOption]
    ) throws -> MeasuredServer {
        // A configuration names its ports. One that is free now may be taken by somebody else before the router has it: then
        // others are tried.
        for _ in 1..<RunningServers.attempts {
            if let server = try? configured(executable, options, compressions) { return server }
        }
        return try configured(executable, options, compressions)
    }

    private static let attempts = 3

    private func configured(
        _ executable: String, _ options: RouterOptions, _ compressions: [CompressionOption]
    ) throws -> MeasuredServer {
        let transports = zip(compressions, try RunningServers.freePorts(compressions.count))
        var options = options
        options.configuration = Array(
            try RunningServers.configuration(realms: options.realms, transports: Array(transports)))
        let server = try router(executable, options)
        guard server.targets.count == compressions.count else {
            throw Failure.internalError("the router at \(executable) does not say where all its transports are")
        }
        return server
    }

    private static func freePorts(_ count: Int) throws -> [UInt16] {
        let listeners = try (0..<count).map { _ in try Sockets.listen(.loopback(port: 0)) }
        defer { for listener in listeners { Sockets.close(listener) } }
        return try listeners.map { try Sockets.boundAddress(of: $0).port }
    }

    /// A node of one router: whoever comes may do everything, and nobody is pinged, for what idles must cost nothing.
    static func configuration(
        realms: [String], transports: [(compression: CompressionOption, port: UInt16)]
    ) throws -> Data {
        let permissions: [String: Any] = [
            "uri": "*", "allow": ["call": true, "register": true, "publish": true, "subscribe": true],
        ]
        let transports = transports.map { compression, port -> [String: Any] in
            var options: [String: Any] = ["auto_ping_interval": 0]
            if compression.policy != nil { options["compression"] = ["deflate": parameters(of: compression)] }
            return [
                "type": "websocket", "serializers": ["json", "msgpack"], "options": options,
                // Whole fleets come from one address.
                "max_connections_per_address": 0, "max_handshakes_per_address": 0,
                // Whole fleets come at once: whom a short queue turns away comes again after a second.
                "endpoint": ["type": "tcp", "port": Int(port), "interface": "127.0.0.1", "backlog": 4096],
            ]
        }
        let router: [String: Any] = [
            "type": "router", "transports": transports,
            "realms": realms.map { ["name": $0, "roles": [["name": "anonymous", "permissions": [permissions]]]] },
        ]
        return try JSONSerialization.data(withJSONObject: ["version": 2, "workers": [router]], options: [.sortedKeys])
    }

    /// `deflate;level=1;no_context_takeover` has the keys of a file.
    private static func parameters(of compression: CompressionOption) -> [String: Any] {
        var parameters: [String: Any] = [:]
        for part in compression.text.split(separator: ";").dropFirst() {
            let words = part.split(separator: "=", maxSplits: 1)
            guard words.count == 2 else {
                parameters[String(words[0])] = true
                continue
            }
            parameters[String(words[0])] = Int(words[1]).map { $0 as Any } ?? (words[1] == "true")
        }
        return parameters
    }
}
