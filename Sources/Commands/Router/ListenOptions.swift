import ArgumentParser
import RennbahnConfiguration
import RennbahnReactor
import RennbahnRouterNode
import RennbahnTransport

/// Where `rennbahn router` listens.
struct ListenOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            HOST:PORT, HOST:FIRST-LAST (the first port that is free), or unix:PATH; may be given several times. Port 0 \
            lets the kernel choose. 0.0.0.0 and [::] are every interface. Default: 127.0.0.1:8080.
            """, valueName: "place"))
    var listen: [String] = []

    @Option(
        help: """
            Connections that may wait to be accepted, \(ListenOptions.range(Keys.Listening.backlog.range)). \
            Default: \(ListenOptions.usualBacklog).
            """, transform: Quantity.count)
    var backlog: Int?

    @Flag(help: "Let other processes listen on the same TCP ports; the kernel spreads connections over them all.")
    var sharedPort = false

    @Option(
        help: """
            Time that sent bytes may stay unacknowledged (TCP_USER_TIMEOUT), \
            \(ListenOptions.range(Keys.Listening.userTimeout.range)); a bare number is milliseconds.
            """, transform: Quantity.milliseconds)
    var userTimeout: Int?

    @Option(
        help: """
            Silence on a TCP connection after which the kernel asks the other side for a sign of life, and ends the \
            connection if none has come after as long again (SO_KEEPALIVE); 0: never. A bare number is seconds. \
            Default: \(ListenOptions.usualKeepAlive).
            """, transform: Quantity.seconds)
    var keepAlive: Double?

    @Option(help: "Permissions of the files of UNIX sockets, in octal, such as 660. Default: as the umask says.")
    var socketPermissions: String?

    @OptionGroup var tls: ServerTLSOptions

    /// What a configuration file says instead.
    static let names =
        ["--listen", "--backlog", "--shared-port", "--user-timeout", "--keep-alive", "--socket-permissions"]
        + ServerTLSOptions.names

    func endpoints() throws -> [ListeningEndpoint] {
        let tls = try tls.settings()
        let backlog = backlog ?? Int(ListenOptions.usualBacklog)
        try ListenOptions.check("--backlog", backlog, Keys.Listening.backlog.range)
        if let userTimeout {
            try ListenOptions.check("--user-timeout", userTimeout, Keys.Listening.userTimeout.range)
        }
        let keepAlive = try checkedKeepAlive()
        let permissions = try parsedPermissions()
        let endpoints = try (listen.isEmpty ? ["127.0.0.1:8080"] : listen).map { text in
            var endpoint = try ListenOptions.endpoint(text)
            endpoint.backlog = Int32(clamping: backlog)
            switch endpoint.place {
            case .unix(var unix):
                unix.permissions = permissions
                endpoint.place = .unix(unix)
            case .tcp(var tcp):
                tcp.isShared = sharedPort
                tcp.userTimeout = userTimeout.map { UInt16(clamping: $0) }
                tcp.keepAlive = keepAlive
                endpoint.tls = tls
                endpoint.place = .tcp(tcp)
            }
            return endpoint
        }
        guard tls == nil || endpoints.contains(where: { $0.tls != nil }) else {
            throw Failure.usage("--tls-certificate: TLS is for TCP ports, and --listen names none")
        }
        return endpoints
    }

    /// More than a configuration file's, which has Crossbar.io's default.
    private static let usualBacklog = Limits().backlog

    private static let usualKeepAlive = 60

    /// `nil`: the kernel asks nobody.
    private func checkedKeepAlive() throws -> UInt16? {
        let seconds = keepAlive ?? Double(ListenOptions.usualKeepAlive)
        if seconds == 0 { return nil }
        guard (1...32_767).contains(seconds) else {
            throw Failure.usage("--keep-alive must be 0, or 1 to 32767 seconds")
        }
        return UInt16(seconds.rounded(.up))
    }

    private static func range(_ range: ClosedRange<Int>) -> String { "\(range.lowerBound) to \(range.upperBound)" }

    private static func check(_ option: String, _ value: Int, _ range: ClosedRange<Int>) throws {
        guard range.contains(value) else {
            throw Failure.usage("\(option) must be \(ListenOptions.range(range))")
        }
    }

    private static func endpoint(_ text: String) throws -> ListeningEndpoint {
        do {
            if text.hasPrefix("unix:") { return ListeningEndpoint(try .unix(path: String(text.dropFirst(5)))) }
            guard let colon = text.lastIndex(of: ":"), let dash = text[colon...].firstIndex(of: "-") else {
                return ListeningEndpoint(try SocketAddress(parsing: text))
            }
            let first = try SocketAddress(parsing: String(text[..<dash]))
            let last = text[text.index(after: dash)...]
            guard let bound = UInt16(last), first.port > 0, first.port <= bound else {
                throw SocketAddress.Malformed.port(String(text[text.index(after: colon)...]))
            }
            var endpoint = ListeningEndpoint(first)
            if case .tcp(var tcp) = endpoint.place {
                tcp.ports = first.port...bound
                endpoint.place = .tcp(tcp)
            }
            return endpoint
        } catch {
            throw Failure.usage("--listen \(text): \(error)")
        }
    }

    private func parsedPermissions() throws -> UInt16? {
        guard let socketPermissions else { return nil }
        guard let bits = UInt16(socketPermissions, radix: 8), bits <= 0o777 else {
            throw Failure.usage("--socket-permissions: \(socketPermissions) is not 0 to 777 in octal")
        }
        return bits
    }
}

extension OpenEndpoint {
    /// What clients call the endpoint.
    ///
    /// - Parameter scheme: without TLS.
    func url(_ scheme: String) -> String {
        switch addresses[0] {
        case .unix(let path): "\(scheme)+unix:\(path)"
        case .v4, .v6: "\(scheme)\(tls == nil ? "" : "s")://\(addresses[0])/"
        }
    }
}
