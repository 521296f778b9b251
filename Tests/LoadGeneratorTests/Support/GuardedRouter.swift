import RennbahnAuthentication
import RennbahnBytes
import RennbahnTransport
import RennbahnWAMP

/// A router of one realm that lets in whom its policy knows, and is a ``StagedRouter`` to them.
final class GuardedRouter {
    /// What leaves in the place of each answer to HELLO and AUTHENTICATE.
    var change: (WAMPValue) -> [WAMPValue] = { [$0] }
    /// Every HELLO that came.
    private(set) var hellos: [WAMPValue] = []
    /// Who was let in.
    private(set) var authIDs: [String] = []
    /// Every AUTHENTICATE that came.
    private(set) var signatures: [String] = []
    /// Reasons of the ABORTs that came.
    private(set) var aborts: [String] = []

    private let authenticator: Authenticator
    private let realms = RealmDirectory(["realm1": ["user"]])
    private let router = StagedRouter()
    private var proofs: [LinkID: PendingProof] = [:]
    private var session: UInt64 = 4711
    private var octet: UInt8 = 0

    private static let violation: WAMPValue = [3, [:], "wamp.error.protocol_violation"]

    init(_ policy: AuthPolicy) {
        authenticator = Authenticator(policy, decoySecret: [1])
    }

    func answers(_ link: LinkID, _ text: [UInt8]) -> [StagedServer.Answer] {
        guard let message = try? WAMPValue.decode(text.span, serializer: .json) else { return [] }
        switch message[0]?.integerValue {
        case 1: return change(hello(link, message)).map { answer(link, $0) }
        case 5: return change(authenticate(link, message)).map { answer(link, $0) }
        case 3:
            aborts.append(message[2]?.stringValue ?? "")
            return []
        case _: return router.answers(link, text)
        }
    }

    private func hello(_ link: LinkID, _ message: WAMPValue) -> WAMPValue {
        hellos.append(message)
        session += 1
        guard let details = try? HelloDetails(message[2] ?? .null) else { return GuardedRouter.violation }
        let request = AuthRequest(
            realm: message[1]?.stringValue ?? "", details: details, session: SessionID(session), time: 0,
            random: { [self] count in
                octet &+= 1
                return [UInt8](repeating: octet, count: count)
            })
        do throws(AuthRefusal) {
            switch try authenticator.hello(request, realms) {
            case .welcome(let principal): return welcome(principal)
            case .challenge(let method, let extra, let proof):
                proofs[link] = proof
                return [4, .string(method.rawValue), .dictionary(extra)]
            }
        } catch {
            return refusal(error)
        }
    }

    private func authenticate(_ link: LinkID, _ message: WAMPValue) -> WAMPValue {
        signatures.append(message[1]?.stringValue ?? "")
        guard let proof = proofs.removeValue(forKey: link) else { return GuardedRouter.violation }
        do throws(AuthRefusal) {
            return welcome(try proof.accept(signature: message[1]?.stringValue ?? "", extra: [:], realms))
        } catch {
            return refusal(error)
        }
    }

    private func welcome(_ principal: Principal) -> WAMPValue {
        authIDs.append(principal.authID)
        let details: WAMPDictionary = [
            "roles": ["broker": [:], "dealer": [:]], "authextra": .dictionary(principal.extra),
        ]
        return [2, WAMPValue(session), .dictionary(details)]
    }

    private func refusal(_ refusal: AuthRefusal) -> WAMPValue {
        [3, ["message": .string(refusal.message.description)], .string(refusal.reason.text.description)]
    }

    private func answer(_ link: LinkID, _ message: WAMPValue) -> StagedServer.Answer {
        var buffer = ByteBuffer()
        message.encode(.json, into: &buffer)
        return StagedServer.Answer(link: link, text: buffer.span.copied())
    }
}
