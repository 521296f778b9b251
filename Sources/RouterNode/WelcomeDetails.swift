import Cookies
import WAMP

/// `WELCOME.Details` of this router.
enum WelcomeDetails {
    /// - Parameter who: `nil`: anonymous.
    static func value(realm: String, of who: CookieSession?) -> WAMPValue {
        .dictionary([
            "agent": .string("Rennbahn"),
            "realm": .string(realm),
            "authid": .string(who?.identity.authID ?? "anonymous"),
            "authrole": .string(who?.identity.authRole ?? "anonymous"),
            "authmethod": .string(who?.identity.authMethod ?? "anonymous"),
            "authprovider": .string(who?.isProven == true ? "cookie" : "static"),
            "roles": .dictionary([
                "broker": .dictionary([
                    "features": .dictionary([
                        "publisher_exclusion": .bool(true), "pattern_based_subscription": .bool(true),
                    ])
                ]),
                "dealer": .dictionary(["features": .dictionary(["pattern_based_registration": .bool(true)])]),
            ]),
        ])
    }
}
