import RennbahnBytes

/// The keys of options and details that are known to some message, each with the type its value must have.
enum OptionKey: UInt8, CaseIterable {
    case acknowledge, excludeMe, discloseMe, retain, getRetained, progress, receiveProgress, discloseCaller
    case forwardTimeout, forceReregister, retained, acknowledgedDelivery
    case exclude, eligible, excludeAuthID, excludeAuthRole, eligibleAuthID, eligibleAuthRole
    case match, invoke, mode
    case timeout, concurrency, trustLevel
    case publisher, publisherAuthID, publisherAuthRole, caller, callerAuthID, callerAuthRole, topic, procedure
    case resourceKey, nodeKey, runMode, transactionHash
    case encAlgo, encSerializer, encKey, pptScheme, pptSerializer, pptCipher, pptKeyID
    case forwardFor
    case slow

    /// What a value must be.
    enum Rule {
        case boolean, natural, id, text
        case ids, texts
        /// One of the names that the key has.
        case match, invoke, mode, algorithm
        /// The same, but for a value of any kind.
        case slow
        /// A list of dictionaries.
        case hops
    }

    var rule: Rule {
        switch self {
        case .acknowledge, .excludeMe, .discloseMe, .retain, .getRetained, .progress, .receiveProgress,
            .discloseCaller, .forwardTimeout, .forceReregister, .retained, .acknowledgedDelivery:
            .boolean
        case .exclude, .eligible: .ids
        case .excludeAuthID, .excludeAuthRole, .eligibleAuthID, .eligibleAuthRole: .texts
        case .match: .match
        case .invoke: .invoke
        case .mode: .mode
        case .timeout, .concurrency, .trustLevel: .natural
        case .publisher, .caller: .id
        case .publisherAuthID, .publisherAuthRole, .callerAuthID, .callerAuthRole, .topic, .procedure, .resourceKey,
            .nodeKey, .runMode, .transactionHash, .encSerializer, .encKey, .pptScheme, .pptSerializer, .pptCipher,
            .pptKeyID:
            .text
        case .encAlgo: .algorithm
        case .forwardFor: .hops
        case .slow: .slow
        }
    }

    var name: StaticString {
        switch self {
        case .acknowledge: "acknowledge"
        case .excludeMe: "exclude_me"
        case .discloseMe: "disclose_me"
        case .retain: "retain"
        case .getRetained: "get_retained"
        case .progress: "progress"
        case .receiveProgress: "receive_progress"
        case .discloseCaller: "disclose_caller"
        case .forwardTimeout: "forward_timeout"
        case .forceReregister: "force_reregister"
        case .retained: "retained"
        case .acknowledgedDelivery: "x_acknowledged_delivery"
        case .exclude: "exclude"
        case .eligible: "eligible"
        case .excludeAuthID: "exclude_authid"
        case .excludeAuthRole: "exclude_authrole"
        case .eligibleAuthID: "eligible_authid"
        case .eligibleAuthRole: "eligible_authrole"
        case .match: "match"
        case .invoke: "invoke"
        case .mode: "mode"
        case .timeout: "timeout"
        case .concurrency: "concurrency"
        case .trustLevel: "trustlevel"
        case .publisher: "publisher"
        case .publisherAuthID: "publisher_authid"
        case .publisherAuthRole: "publisher_authrole"
        case .caller: "caller"
        case .callerAuthID: "caller_authid"
        case .callerAuthRole: "caller_authrole"
        case .topic: "topic"
        case .procedure: "procedure"
        case .resourceKey: "rkey"
        case .nodeKey: "nkey"
        case .runMode: "runmode"
        case .transactionHash: "transaction_hash"
        case .encAlgo: "enc_algo"
        case .encSerializer: "enc_serializer"
        case .encKey: "enc_key"
        case .pptScheme: "ppt_scheme"
        case .pptSerializer: "ppt_serializer"
        case .pptCipher: "ppt_cipher"
        case .pptKeyID: "ppt_keyid"
        case .forwardFor: "forward_for"
        case .slow: "x_slow"
        }
    }
}

/// The keys that one message knows.
struct OptionKeys {
    private let bits: UInt64

    init(_ keys: OptionKey...) {
        var bits: UInt64 = 0
        for key in keys { bits |= 1 << UInt64(key.rawValue) }
        self.bits = bits
    }

    private init(bits: UInt64) {
        self.bits = bits
    }

    func union(_ other: OptionKeys) -> OptionKeys { OptionKeys(bits: bits | other.bits) }

    /// The key of this set that is spelled like `name`.
    func find(_ name: Span<UInt8>) -> OptionKey? {
        var rest = bits
        while rest != 0 {
            let key = OptionKey(rawValue: UInt8(truncatingIfNeeded: rest.trailingZeroBitCount))
            if let key, name.equals(key.name) { return key }
            rest &= rest &- 1
        }
        return nil
    }

    static let none = OptionKeys()
    /// What every message with a payload may say of it.
    private static let payload = OptionKeys(
        .encAlgo, .encSerializer, .encKey, .pptScheme, .pptSerializer, .pptCipher, .pptKeyID, .forwardFor)
    static let publish = payload.union(
        OptionKeys(
            .acknowledge, .excludeMe, .discloseMe, .retain, .exclude, .eligible, .excludeAuthID, .excludeAuthRole,
            .eligibleAuthID, .eligibleAuthRole, .resourceKey, .transactionHash))
    static let subscribe = OptionKeys(.match, .getRetained, .nodeKey, .forwardFor, .slow)
    static let register = OptionKeys(
        .match, .invoke, .discloseCaller, .forwardTimeout, .forceReregister, .concurrency, .forwardFor)
    static let call = payload.union(
        OptionKeys(.timeout, .receiveProgress, .progress, .discloseMe, .resourceKey, .runMode, .transactionHash))
    static let yield = payload.union(OptionKeys(.progress))
    static let cancel = OptionKeys(.mode, .forwardFor)
    static let error = payload
    static let routed = OptionKeys(.forwardFor)
    static let event = payload.union(
        OptionKeys(
            .publisher, .publisherAuthID, .publisherAuthRole, .topic, .retained, .transactionHash,
            .acknowledgedDelivery, .trustLevel))
    static let invocation = payload.union(
        OptionKeys(
            .procedure, .caller, .callerAuthID, .callerAuthRole, .timeout, .receiveProgress, .progress, .trustLevel,
            .transactionHash))
    static let result = payload.union(OptionKeys(.progress))
    static let interrupt = OptionKeys(.mode, .forwardFor)
}
