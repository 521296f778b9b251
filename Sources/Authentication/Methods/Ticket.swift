import RennbahnCrypto
import RennbahnWAMP

// Method `ticket` (WAMP specification, "Ticket-based Authentication"): the ticket itself is the answer.

extension Authenticator {
    func ticket(_ request: AuthRequest, _ realms: RealmDirectory) throws(AuthRefusal) -> AuthAnswer {
        let authID = try request.requiredAuthID()
        try realms.check(realm: request.realm)
        let rule = policy.ticket?[authID]
        let principal = rule.map {
            Principal(
                authID: authID, role: $0.role, realm: request.realm, method: AuthMethod.ticket.rawValue,
                extra: request.echoedExtra)
        }
        let ticket = rule?.ticket ?? Secret(request.random(32))
        return .challenge(.ticket, extra: [:], PendingProof(proof: .ticket(ticket), principal: principal))
    }
}
