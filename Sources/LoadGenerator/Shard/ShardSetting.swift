import RennbahnAuthentication
import RennbahnBytes
import RennbahnReactor
import RennbahnTransport
import RennbahnWAMP
import RennbahnWebSocket
import RennbahnWorkload

/// What a shard is told before it starts.
struct ShardSetting: Sendable {
    let configuration: LoadConfiguration
    let plan: FleetPlan
    let shard: Int
    let address: SocketAddress
    /// Of subscribers and callees.
    let receiverAddress: SocketAddress
    let sources: [SocketAddress]
    /// Number of the run, part of URIs and payloads.
    let run: UInt64
    /// Time of the monotonic clock that payloads count from.
    let epoch: UInt64
    /// Whether the load comes in turns, whose figures are asked for one by one.
    var isInTurns = false

    var connectProfile: ConnectProfile {
        var subprotocols = [configuration.serializer.subprotocol]
        if configuration.workload.scenario.isBare { subprotocols = configuration.subprotocol.map { [$0] } ?? [] }
        var profile = ConnectProfile(
            host: configuration.target.hostField, path: configuration.target.path, subprotocols: subprotocols,
            deflate: configuration.deflate)
        profile.tls = configuration.tls
        profile.fields = profile.fields.overridden(by: configuration.fields)
        if configuration.target.speaksRawSocket {
            let serializer = configuration.serializer
            profile.rawSocket = RawSocketPolicy(serializers: [
                RawSocketPolicy.Serializer(
                    id: serializer.rawSocketID, kind: serializer.isBinary ? .binary : .text, subprotocol: 0)
            ])
        }
        return profile
    }

    /// Connections that this shard may begin in a second.
    var connectRate: Double {
        let rate = configuration.workload.connectRate ?? LoadConfiguration.defaultConnectRate
        return rate / Double(configuration.workload.shards)
    }

    func uris() -> URITable {
        switch configuration.workload.scenario {
        case .pubsub(_, _, let topics): URITable(count: topics) { plan.topicName($0) }
        case .rpc(_, let callees): URITable(count: callees) { plan.procedureName($0) }
        case .connect, .echo, .push: URITable(count: 0) { _ in "" }
        }
    }

    /// A whole HELLO.
    ///
    /// - Parameter authentication: what it offers; `nil`: it says nothing of it.
    func hello(offering authentication: ClientAuthentication? = nil) -> [UInt8] {
        var details = HelloDetails(roles: .all, agent: "Rennbahn").value.dictionaryValue ?? [:]
        authentication?.offer(in: &details)
        var buffer = ByteBuffer()
        let realm = Array(configuration.realm.utf8)
        MessageWriter.hello(
            configuration.serializer, realm: realm.span, details: .dictionary(details), into: &buffer)
        return buffer.span.copied()
    }
}
