import RennbahnBytes
import RennbahnReactor
import RennbahnTLS
import RennbahnTransport
import RennbahnWebSocket
import Testing

extension TLSServerSettings {
    init(_ identity: Certificates.Identity) {
        self.init(certificate: identity.certificate, key: identity.key)
    }

    /// Of a server that ``TLSClientSettings/standard`` trusts.
    static var standard: TLSServerSettings { TLSServerSettings(Certificates.shared.server) }
}

extension TLSClientSettings {
    static var standard: TLSClientSettings {
        var settings = TLSClientSettings(hostName: "localhost")
        settings.authorities = [Certificates.shared.authority.certificate]
        return settings
    }

    mutating func show(_ identity: Certificates.Identity) {
        certificate = identity.certificate
        key = identity.key
    }
}

/// A server and a client that speak TLS, the server with the kernel's help where it has it.
struct TLSPair {
    let server: Station
    let client: Station
    let address: SocketAddress

    init(
        _ serverSettings: TLSServerSettings = .standard, _ clientSettings: TLSClientSettings = .standard,
        deflate: DeflatePolicy? = nil, limits: Limits = Limits(), sendBuffer: Int32? = nil
    ) throws {
        let profile = AcceptProfile(subprotocols: Fixture.protocols, requiresSubprotocol: false, deflate: deflate)
        let loop = try LinkLoop(limits: limits, accept: [profile])
        let listener = try Sockets.listen(.loopback(port: 0))
        if let sendBuffer { try Sockets.setBufferSizes(listener, send: sendBuffer) }
        address = try Sockets.boundAddress(of: listener)
        try loop.listen(on: listener, tls: TLSContext(serverSettings, offload: OfferedKernelCiphers.all))
        server = Station(loop, address: address)
        var connect = ConnectProfile(host: "localhost", path: "/ws", subprotocols: [], deflate: deflate)
        connect.tls = try TLSContext(clientSettings)
        client = Station(try LinkLoop(limits: limits, connect: connect))
    }

    /// Opens one more connection.
    @discardableResult
    func open(_ opening: OwnOpening? = nil) throws -> (server: LinkID, client: LinkID) {
        let before = (server.opened.count, client.opened.count)
        let link = try client.loop.connect(to: address, opening: opening)
        try step(server, client) { server.opened.count > before.0 && client.opened.count > before.1 }
        return (server.opened[before.0].link, link)
    }

    /// How both sides end when the connection does not come about.
    func failures() throws -> (server: LinkEnd, client: LinkEnd) {
        _ = try client.loop.connect(to: address)
        try step(server, client) { !server.closed.isEmpty && !client.closed.isEmpty }
        #expect(server.loop.linkCount == 0 && client.loop.linkCount == 0)
        return (server.closed[0].end, client.closed[0].end)
    }
}

extension LinkEnd {
    /// The reason of a TLS failure.
    var tlsReason: String {
        if case .tls(let reason) = self { reason } else { "no TLS failure but: \(self)" }
    }
}
