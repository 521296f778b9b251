import WAMP

/// `WELCOME.Details` of this router.
enum WelcomeDetails {
    static func value(realm: String) -> WAMPValue {
        .dictionary([
            "agent": .string("Rennbahn"),
            "realm": .string(realm),
            "authid": .string("anonymous"),
            "authrole": .string("anonymous"),
            "authmethod": .string("anonymous"),
            "authprovider": .string("static"),
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
