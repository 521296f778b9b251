import RennbahnBytes
import RennbahnWebSocket
import RennbahnWebSocketDeflate

/// What one end of a connection inflates with, and the pool that it borrows from.
struct PooledInflater: ~Copyable {
    private var inflater: Inflater
    private var pool = CodecPool()
    private let limit = StageInput.maxMessageSize

    init(_ role: Role, _ agreement: Agreement) {
        let agreed = agreement.of(role)
        let peer = role == .server ? Role.client : .server
        inflater = Inflater(windowBits: agreed.windowBits(of: peer), contextTakeover: agreed.contextTakeover(of: peer))
    }

    @inline(__always)
    mutating func inflate(_ payload: Span<UInt8>, into output: inout ByteBuffer) throws(StageFailure) {
        do throws(InflateFailure) {
            try inflater.inflate(payload, into: &output, limit: limit, pool: &pool)
        } catch {
            throw .wrongOutcome(.inflate)
        }
    }
}

/// What one end compresses with, likewise.
struct PooledDeflater: ~Copyable {
    private var deflater: Deflater
    private var pool = CodecPool()

    init(_ role: Role, _ agreement: Agreement) {
        let agreed = agreement.of(role)
        deflater = Deflater(
            windowBits: agreed.windowBits(of: role), memoryLevel: agreement.policy.memoryLevel,
            level: agreement.policy.level, contextTakeover: agreed.contextTakeover(of: role))
    }

    @inline(__always)
    mutating func compress(_ message: Span<UInt8>, into output: inout ByteBuffer) {
        guard deflater.compress(message, into: &output, pool: &pool) else { preconditionFailure("zlib has no memory") }
    }
}

/// What two ends with the same policy agree on, each in its own words.
struct Agreement {
    let policy: DeflatePolicy
    private let ofServer: DeflateAgreement
    private let ofClient: DeflateAgreement

    /// `nil` where there is no compression.
    init?(_ policy: DeflatePolicy?) throws(StageFailure) {
        guard let policy, policy.isEnabled else { return nil }
        guard let offered = ExtensionOffer.parse([policy.offer()]),
            let accepted = policy.accept(DeflateOffer.offers(in: offered)),
            let answer = ExtensionOffer.parse([accepted.header])?.first,
            let ofClient = try? policy.check(response: answer)
        else { throw .noAgreement }
        self.policy = policy
        ofServer = accepted.agreement
        self.ofClient = ofClient
    }

    /// Octets from which on a message is compressed.
    var threshold: Int { policy.threshold }

    func of(_ role: Role) -> DeflateAgreement { role == .server ? ofServer : ofClient }

    /// Whether either end refers to earlier messages.
    var hasTakeover: Bool { ofServer.contextTakeover(of: .server) || ofServer.contextTakeover(of: .client) }
}
