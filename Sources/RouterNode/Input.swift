import RennbahnBytes
import RennbahnRouter
import RennbahnTransport
import RennbahnWAMP

/// What an input of the router brought along, for as long as its effects are carried out: they say "the input's payload" and
/// "the input's URI" and mean these bytes.
struct Input: ~Escapable {
    /// The realm, topic, procedure, reason or error; empty where there is none.
    let uri: Span<UInt8>
    /// What ``bytes`` are.
    let payload: Payload
    let bytes: Span<UInt8>
    /// Who is not read for a while where a receiver is congested.
    let origin: Origin

    @inline(__always)
    @_lifetime(copy uri, copy bytes)
    init(uri: Span<UInt8>, payload: Payload, bytes: Span<UInt8>, from origin: Origin) {
        self.uri = uri
        self.payload = payload
        self.bytes = bytes
        self.origin = origin
    }

    /// An input with a URI and no payload.
    @_lifetime(copy uri)
    init(uri: Span<UInt8>, from origin: Origin = .none) {
        self.init(uri: uri, payload: .none(.json), bytes: Span(), from: origin)
    }

    /// An input without bytes, that nobody is to wait for.
    @_lifetime(immortal)
    init() {
        self.init(uri: Span())
    }
}

/// Who caused an effect: the connection to pause when a receiver of it is congested.
struct Origin {
    var shard: Int
    var link: LinkID

    static let none = Origin(shard: -1, link: .none)

    init(local session: SessionHandle, _ shard: Int) {
        self.shard = shard
        link = LinkID(session)
    }

    init(shard: Int, link: LinkID) {
        self.shard = shard
        self.link = link
    }

    var exists: Bool { link != .none }
}
