import RennbahnCrypto

/// The keys that a client has derived from its passwords. PBKDF2 takes its time on purpose; the same password, salt, iterations
/// and length give the same key, so that who logs in again need not pay for it again.
package struct DerivedKeys: Sendable {
    struct Derivation: Equatable {
        var secret: Secret
        var salt: [UInt8]
        var iterations: Int
        var count: Int
    }

    /// A router salts one way for one principal; the nodes of a cluster, or a changed password, make a few.
    static let most = 4

    /// Oldest first.
    private(set) var kept: [(derivation: Derivation, key: Secret)] = []

    package init() {}

    /// `nil` where no key can be derived.
    mutating func key(from secret: Secret, salt: [UInt8], iterations: Int, count: Int) -> [UInt8]? {
        let derivation = Derivation(secret: secret, salt: salt, iterations: iterations, count: count)
        if let known = kept.first(where: { $0.derivation == derivation }) { return known.key.octets }
        guard let key = SHA256.derive(from: secret.octets, salt: salt, iterations: iterations, count: count) else {
            return nil
        }
        if kept.count == DerivedKeys.most { kept.removeFirst() }
        kept.append((derivation, Secret(key)))
        return key
    }
}
