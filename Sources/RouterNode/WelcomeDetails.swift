import RennbahnAuthentication
import RennbahnWAMP

/// `WELCOME.Details` of this router.
enum WelcomeDetails {
    static func value(of principal: Principal) -> WAMPValue {
        var details: WAMPDictionary = [
            "agent": .string("Rennbahn"),
            "realm": .string(principal.realm),
            "authid": .string(principal.authID),
            "authrole": .string(principal.role),
            "authmethod": .string(principal.method),
            "authprovider": .string(principal.provider),
            "roles": .dictionary([
                "broker": .dictionary([
                    "features": .dictionary([
                        "publisher_exclusion": .bool(true), "pattern_based_subscription": .bool(true),
                    ])
                ]),
                "dealer": .dictionary(["features": .dictionary(["pattern_based_registration": .bool(true)])]),
            ]),
        ]
        if !principal.extra.isEmpty { details["authextra"] = .dictionary(principal.extra) }
        return .dictionary(details)
    }
}
