import Foundation
import RennbahnBytes
import RennbahnReactor
import RennbahnSimulationKit
import RennbahnTLS
import RennbahnTransport
import RennbahnWebSocket

/// A client of a simulated network with the transport that programs have: it reads when it has a turn, and nothing else. It
/// speaks JSON.
final class LoopPeer {
    enum Way: CaseIterable {
        /// WebSocket, compressed with a context that goes on from message to message.
        case compressed
        case rawSocket
        /// WebSocket with TLS.
        case secure
    }

    static let rawSocket = RawSocketPolicy(serializers: [
        RawSocketPolicy.Serializer(id: 1, kind: .text, subprotocol: 0)
    ])

    private let loop: LinkLoop
    private let link: LinkID
    private var outgoing = OutgoingMessage()
    private(set) var isOpen = false
    private(set) var end: LinkEnd?
    private(set) var messages: [String] = []

    init(_ network: SimulatedNetwork, port: UInt16, _ way: Way) throws {
        var profile = ConnectProfile(
            host: "localhost", path: "/", subprotocols: ["wamp.2.json"],
            deflate: way == .compressed ? DeflatePolicy() : nil)
        switch way {
        case .compressed: break
        case .rawSocket: profile.rawSocket = LoopPeer.rawSocket
        case .secure:
            var settings = TLSClientSettings(hostName: "localhost")
            settings.verifiesServer = false
            profile.tls = try TLSContext(settings)
        }
        var limits = Limits()
        limits.maxConnections = 1
        loop = try LinkLoop(limits: limits, connect: profile, kernel: Kernel(simulatedBy: network))
        link = try loop.connect(to: .loopback(port: port))
    }

    /// What a server has that ``Way/secure`` clients meet.
    static func serverContext() throws -> TLSContext {
        let folder = NSTemporaryDirectory() + "slow-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let identity = try ThrowawayIdentity(in: folder)
        return try TLSContext(TLSServerSettings(certificate: identity.certificate, key: identity.key))
    }

    func say(_ text: String) {
        outgoing.begin(.text)
        outgoing.payload.append(utf8: text)
        _ = loop.send(&outgoing, to: link)
    }

    func forgetMessages() { messages.removeAll() }

    /// Sends what is queued and takes what has come.
    func turn() {
        loop.flush()
        loop.wait(milliseconds: 0)
        while let event = loop.next() {
            switch event {
            case .opened: isOpen = true
            case .message: messages.append(textInHand())
            case .closed(_, let reason): end = reason
            case .timer: break
            }
        }
        loop.flush()
    }

    private func textInHand() -> String {
        let loop = loop
        return String(decoding: loop.message.copied(), as: UTF8.self)
    }
}
