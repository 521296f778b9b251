extension HelloDetails {
    /// Reads `HELLO.Details`: `roles` with at least one role that is known, everything known with its right type.
    package init(_ value: WAMPValue) throws(WAMPViolation) {
        guard let details = value.dictionaryValue else { throw .wrongElement(.hello, index: 2) }
        guard let announced = details["roles"]?.dictionaryValue else { throw .wrongOption(.hello) }
        var roles: ClientRoles = []
        for pair in announced.pairs {
            guard let role = ClientRoles(name: pair.key) else { continue }
            guard pair.value.dictionaryValue != nil else { throw .wrongOption(.hello) }
            roles.insert(role)
        }
        guard !roles.isEmpty else { throw .wrongOption(.hello) }
        self.init(
            roles: roles, authMethods: try HelloDetails.texts(details["authmethods"]),
            authID: try HelloDetails.text(details["authid"]), agent: try HelloDetails.text(details["agent"]),
            authExtra: try HelloDetails.dictionary(details["authextra"]))
    }

    /// `HELLO.Details` for a client to send.
    package var value: WAMPValue {
        var details: WAMPDictionary = [:]
        if let agent { details["agent"] = .string(agent) }
        var announced: WAMPDictionary = [:]
        for (role, name) in ClientRoles.names where roles.contains(role) { announced[name] = [:] }
        details["roles"] = .dictionary(announced)
        if let authMethods { details["authmethods"] = .list(authMethods.map(WAMPValue.string)) }
        if let authID { details["authid"] = .string(authID) }
        if let authExtra { details["authextra"] = .dictionary(authExtra) }
        return .dictionary(details)
    }

    /// Clients write `null` for what they leave out.
    private static func text(_ value: WAMPValue?) throws(WAMPViolation) -> String? {
        guard let value, !value.isNull else { return nil }
        guard let text = value.stringValue else { throw .wrongOption(.hello) }
        return text
    }

    private static func dictionary(_ value: WAMPValue?) throws(WAMPViolation) -> WAMPDictionary? {
        guard let value, !value.isNull else { return nil }
        guard let dictionary = value.dictionaryValue else { throw .wrongOption(.hello) }
        return dictionary
    }

    private static func texts(_ value: WAMPValue?) throws(WAMPViolation) -> [String]? {
        guard let value, !value.isNull else { return nil }
        guard let items = value.listValue else { throw .wrongOption(.hello) }
        var texts: [String] = []
        for item in items {
            guard let text = item.stringValue else { throw .wrongOption(.hello) }
            texts.append(text)
        }
        return texts
    }
}

extension ClientRoles {
    fileprivate static let names: [(ClientRoles, String)] = [
        (.publisher, "publisher"), (.subscriber, "subscriber"), (.caller, "caller"), (.callee, "callee"),
    ]

    fileprivate init?(name: String) {
        guard let known = ClientRoles.names.first(where: { $0.1 == name }) else { return nil }
        self = known.0
    }
}
