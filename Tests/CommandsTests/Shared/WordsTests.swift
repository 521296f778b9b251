import RennbahnLoadGenerator
import RennbahnMeasurement
import RennbahnReactor
import RennbahnTransport
import RennbahnWAMP
import RennbahnWebSocket
import RennbahnWorkload
import Testing

@testable import RennbahnCommands

/// What users are told is told in words, and not in the names that Swift has for it.
struct WordsTests {
    private static let deflate: [DeflateError] = [
        .unknownParameter("p"), .duplicateParameter("p"), .unexpectedValue("p"), .missingValue("p"),
        .invalidWindowBits("7"),
        .notGranted("p"), .unsupportedWindowBits,
    ]

    private static let violations: [WAMPViolation] =
        [
            .malformed(at: 1), .invalidUTF8(at: 1), .nestedTooDeeply(at: 1), .notAMessage, .unknownType,
            .wrongRequestType,
            .notConvertible(at: 1),
        ]
        + MessageCode.allCases.flatMap { code -> [WAMPViolation] in
            [.wrongLength(code), .wrongElement(code, index: 1), .wrongOption(code), .wrongDirection(code)]
        }

    private static let ends: [LinkEnd] = [
        .closed(code: 1000), .closed(code: 1008, reason: "busy"), .answered, .lost, .failed(errno: 12),
        .refused(errno: 111),
        .openHandshakeTimeout, .closeHandshakeTimeout, .stalled, .pingTimeout, .outputOverflow, .outputOutdated,
        .violation(code: 1002, reason: "bad"), .tls("bad"), .handshake(status: 400, reason: "bad"), .dropped,
    ]

    private static let upgrades: [UpgradeFailure] =
        [
            .malformed("bad"), .status(400, reason: "bad"), .notUpgraded, .wrongAccept, .unexpectedSubprotocol("p"),
            .unexpectedExtension("e"),
        ] + deflate.map { UpgradeFailure.unacceptableDeflate($0) }

    private static let refusals: [UpgradeRefusal] = [
        .badRequest("bad"), .forbiddenOrigin, .notFound, .methodNotAllowed, .upgradeRequired, .tooManyRequests,
        .headTooLarge,
        .unavailable,
        .versionNotSupported,
    ]

    private static let headers: [RequestField.Malformed] = [.colon, .name, .owned("Host"), .value("a"), .cookie]

    private static let others: [ConnectionFailure] = [
        .notUpgraded(.handshake(status: 400, reason: "bad"), offered: "wamp.2.json"),
        .noSubprotocol(wanted: "wamp.2.json"),
        .notUpgraded(.handshake(status: 302, reason: "Found; Location: /a"), offered: "wamp.2.json"),
        .notUpgraded(.handshake(status: 503, reason: "bad", retryAfter: 7), offered: ""),
        .uncompressed, .tooSmall(limit: 512), .aborted(reason: "wamp.error.a", message: "bad"),
        .loginRefused(LoginName(authID: "joe", methods: "ticket"), reason: "wamp.error.a", message: "bad"),
        .loginFailed(LoginName(authID: nil, methods: "scram or ticket"), why: "bad"),
        .goodbye(reason: "wamp.close.a"), .refused(request: "CALL", error: "wamp.error.a"), .challenged,
        .unexpected("EVENT"),
    ]

    private static let connections: [ConnectionFailure] =
        ends.map { ConnectionFailure.ended($0) } + violations.map { ConnectionFailure.violation($0) } + others

    private static let addresses: [SocketAddress.Malformed] = [
        .syntax("a"), .port("a"), .unresolved("a", reason: "bad"), .path(""),
    ]

    private static let preparations: [LoadFailure] = [
        .parameters([WorkloadProblem(option: "clients", message: "bad")]), .unresolved(url: "ws://a/", reason: "bad"),
        .unreachable(url: "ws://a/", tried: "bad"), .tooFewDescriptors(needed: 2, available: 1),
        .tooFewPorts(needed: 2, available: 1, sources: 1), .targetProcess(.gone(pid: 1)),
        .foreignProcess(pid: 1, url: "ws://a/", owners: [2]), .foreignProcess(pid: 1, url: "ws://a/", owners: [2, 3]),
        .targetProcess(.unreadable(pid: 1, SystemError(code: 13, operation: "open"))),
        .connectTimeout(url: "ws://a/", ready: 0, requested: 1),
        .connectTimeout(
            url: "ws://a/", ready: 0, requested: 1, awaited: [.message("WELCOME", to: .visitor)]),
        .violated(faults, .connectTimeout(url: "ws://a/", ready: 0, requested: 1)),
        .system(SystemError(code: 24, operation: "socket")),
    ]

    private static let loads: [LoadFailure] =
        preparations
        + connections.flatMap { failure -> [LoadFailure] in
            [0, 1].map { LoadFailure.connection(url: "ws://a/", failure, ready: $0, requested: 2) }
        }

    private static let servers: [ServerProcess.NotReady] = [.interrupted, .ended, .otherLine("hello"), .timedOut]

    private static let faults: [MessageFault] = [
        MessageFault(.event(publisher: 1, subscriber: 2), .lost(1)), MessageFault(.published(publisher: 1), .corrupted),
        MessageFault(.event(publisher: nil, subscriber: 2), .otherRun),
        MessageFault(.result(caller: 1), .refused("wamp.error.a")),
        MessageFault(.invocation(caller: 1, callee: 2), .duplicated(sequence: 3)),
        MessageFault(.echo(client: 1), .misdirected),
        MessageFault(.result(caller: 1), .reordered(sequence: 3)),
        MessageFault(.event(publisher: 1, subscriber: 2), .foreignID("subscription", 5, granted: 6)),
        MessageFault(.message("SUBSCRIBED", to: .subscriber(index: 1, topic: 0)), .repeated),
        MessageFault(.message("SUBSCRIBED", to: .stuckSubscriber(topic: 0)), .foreignRequest(2)),
        MessageFault(.message("REGISTERED", to: .callee(procedure: 1)), .unasked),
        MessageFault(.message("a message", to: .visitor), .explained("malformed JSON")),
    ]

    private static let reasons = InvalidReason.Kind.allCases.flatMap { kind in
        [0.0, 1, 2.5].map { InvalidReason(kind, measured: $0, limit: 1) }
    }

    /// Names of the field that look as Swift's do.
    private static let known = ["MsgPack", "WebSocket", "RawSocket"]

    private func looksLikeSwift(_ text: String) -> Bool {
        let text = Self.known.reduce(text) { $0.replacing($1, with: "") }
        return text.contains(/[a-z][A-Z]/) || text.contains(/\w\(/) || text.contains("Optional")
            || text.contains(/\bnil\b/)
    }

    @Test func `The test knows what Swift makes of a case`() {
        for text in [
            "unsupportedWindowBits", "wrongElement(WAMP.MessageCode.welcome, index: 1)", "gone(pid: 1)", "nil",
        ] {
            #expect(looksLikeSwift(text))
        }
        #expect(!looksLikeSwift("malformed JSON or MsgPack (errno 1)"))
    }

    @Test func `No error, end, fault or reason shows the name of a Swift case`() {
        let groups: [[any CustomStringConvertible]] = [
            Self.deflate, Self.violations, Self.ends, Self.upgrades, Self.refusals, Self.headers,
            ProtocolViolation.allCases, Self.connections,
            Self.addresses, Self.loads, Self.servers, Self.faults, Self.reasons, MessageCode.allCases,
        ]
        for group in groups {
            for value in group {
                let text = "\(value)"
                #expect(!text.isEmpty && !looksLikeSwift(text), "\(type(of: value)): \(text)")
            }
            // Each says something else than the others.
            if !(group is [InvalidReason]) { #expect(Set(group.map { "\($0)" }).count == group.count) }
        }
    }

    @Test func `A count of one is in the singular wherever a run tells one`() {
        let one = [
            "\(InvalidReason(.connectionsLost, measured: 1, limit: 0))",
            "\(InvalidReason(.drainTimedOut, measured: 1, limit: 0))",
            "\(InvalidReason(.fewerConnectionsThanRequested, measured: 1, limit: 2))",
            "\(InvalidReason(.achievedRateBelowOffered, measured: 1, limit: 2))",
            "\(LoadFailure.connectTimeout(url: "u", ready: 0, requested: 1))",
            "\(LoadFailure.tooFewPorts(needed: 9, available: 1, sources: 1))",
        ]
        #expect(
            one == [
                "1 connection was lost during the run", "1 message was still on its way when the drain timed out",
                "1 connection was open of 2 requested",
                "1 operation a second was sent, fewer than 99 % of the rate (2 needed)",
                "u: connect timeout: 0 of 1 connection was ready",
                "too few local ports: 9 are needed, 1 source address has 1",
            ])
    }
}
