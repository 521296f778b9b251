import RennbahnCrypto

/// What a challenge for an `authid` that does not exist looks like: always the same for the same `authid`, and made from
/// what those that exist have, so that a challenge does not tell which is which.
///
/// The key is none of theirs: who comes and goes changes no salt, which would tell that nobody has it.
struct Decoy<Model: Sendable>: Sendable {
    private let key: [UInt8]
    /// By `authid`, so that the order does not depend on a hash table.
    private let models: [Model]

    /// - Parameters:
    ///   - secret: what nobody else knows.
    ///   - method: each has a key of its own: what is alike in two of them would tell, too.
    init(_ principals: [String: Model], secret: [UInt8], _ method: AuthMethod) {
        models = principals.sorted { $0.key < $1.key }.map(\.value)
        key = SHA256.hmac(key: secret, Array("decoys of \(method.rawValue)".utf8))
    }

    /// The principal to look like; `nil` where there are none at all.
    func model(for authID: String) -> Model? {
        guard !models.isEmpty else { return nil }
        let digest = octets(4, for: authID, purpose: 0)
        let number = digest.reduce(0) { $0 << 8 | UInt32($1) }
        return models[Int(number % UInt32(models.count))]
    }

    /// Octets that stand for the `authid`.
    func octets(_ count: Int, for authID: String, purpose: UInt8) -> [UInt8] {
        var octets: [UInt8] = []
        var block: UInt8 = 0
        while octets.count < count {
            octets += SHA256.hmac(key: key, [purpose, block] + Array(authID.utf8))
            block &+= 1
        }
        return Array(octets.prefix(count))
    }

    /// A text as long as `model`, of hexadecimal digits where that is, else of letters and digits.
    func text(like model: String, for authID: String) -> String {
        let isHexadecimal = model.utf8.allSatisfy { "0123456789abcdef".utf8.contains($0) }
        let alphabet = Array((isHexadecimal ? "0123456789abcdef" : Decoy.letters).utf8)
        let octets = octets(model.utf8.count, for: authID, purpose: 1)
        return String(decoding: octets.map { alphabet[Int($0) % alphabet.count] }, as: UTF8.self)
    }

    private static var letters: String { "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789" }
}
