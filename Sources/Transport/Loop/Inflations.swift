import RennbahnBytes
import RennbahnReactor
import RennbahnWebSocket
import RennbahnWebSocketDeflate

/// The connections with a message that is inflated piece by piece, in the order in which it came; seldom any.
struct Inflations {
    private(set) var slots: [Int] = []
    /// Brings the coming turn, and the next pieces with it.
    var timer: TimerID?

    mutating func add(_ slot: Int) {
        if !slots.contains(slot) { slots.append(slot) }
    }

    mutating func remove(_ slot: Int) {
        slots.removeAll { $0 == slot }
    }
}

/// A compressed message of which a part is inflated.
struct PartlyInflated: ~Copyable {
    let kind: MessageKind
    let progress: Inflater.Progress
    /// As it came.
    var payload: ByteBuffer
    /// What is inflated of it.
    var octets: ByteBuffer

    init(
        _ kind: MessageKind, _ progress: Inflater.Progress, payload: consuming ByteBuffer, octets: consuming ByteBuffer
    ) {
        self.kind = kind
        self.progress = progress
        self.payload = payload
        self.octets = octets
    }
}
