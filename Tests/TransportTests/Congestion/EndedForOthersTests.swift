import RennbahnWebSocket
import Testing

@testable import RennbahnTransport

@Suite("Ends for the sake of others")
struct EndedForOthersTests {
    private static let forOthers: [LinkEnd] = [
        .stalled, .outputOverflow, .outputOutdated,
        .violation(code: CloseCode.tryAgainLater.rawValue, reason: "too much memory"),
    ]
    private static let ofTheirOwn: [LinkEnd] = [
        .closed(code: 1013), .answered, .lost, .failed(errno: 1), .refused(errno: 1), .openHandshakeTimeout,
        .closeHandshakeTimeout, .pingTimeout, .violation(code: 1002, reason: "no frame"), .tls("alert"),
        .handshake(status: 400, reason: "no"), .dropped,
    ]

    @Test("are those of peers that do not take what they are sent, or have too much of the memory")
    func table() {
        for end in Self.forOthers { #expect(end.isForOthers, "\(end)") }
        for end in Self.ofTheirOwn { #expect(!end.isForOthers, "\(end)") }
    }
}
