import Bytes

extension URIRules {
    /// Which characters a component may have; a setting of the router.
    package enum Strictness: Sendable {
        case loose, strict
    }

    package static func isValid(_ uri: Span<UInt8>, strictness: Strictness, match: MatchPolicy) -> Bool {
        isValid(uri, match: match, strict: strictness == .strict)
    }
}
