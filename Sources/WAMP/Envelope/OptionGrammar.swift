import RennbahnBytes

/// What a scan keeps of the options it has checked.
struct OptionFindings {
    var publish = PublishOptions()
    var match = MatchOptions()
    var invoke = InvocationPolicy.single
    var mode = CancelMode.killNoWait
    /// `enc_algo` or `ppt_scheme` is there: one string or binary may stand in the place of Args.
    var isTransparent = false
}

extension ElementReader {
    /// Reads an options dictionary: known keys must have values of their types, others are passed over. Of a key that
    /// occurs twice the last counts.
    mutating func options(
        _ bytes: Span<UInt8>, _ keys: OptionKeys, of code: MessageCode, index: Int, _ findings: inout OptionFindings
    ) throws(WAMPViolation) -> Range<Int> {
        let start = position
        guard var progress = try openDictionary(bytes) else { throw .wrongElement(code, index: index) }
        while let name = try nextKey(bytes, &progress) {
            if let key = OptionText.key(bytes, name, in: keys) {
                guard try option(bytes, key, &findings) else { throw .wrongOption(code) }
            } else {
                try skip(bytes)
            }
        }
        return start..<position
    }

    /// - Returns: whether the value has the type of the key.
    private mutating func option(
        _ bytes: Span<UInt8>, _ key: OptionKey, _ findings: inout OptionFindings
    ) throws(WAMPViolation) -> Bool {
        switch key.rule {
        case .boolean:
            guard let value = try boolean(bytes) else { return false }
            if key == .acknowledge { findings.publish.acknowledge = value }
            if key == .excludeMe { findings.publish.excludeMe = value }
            return true
        case .natural:
            return try natural(bytes) != nil
        case .id:
            return try isID(bytes)
        case .text:
            if key == .pptScheme { findings.isTransparent = true }
            return try text(bytes) != nil
        case .ids, .texts:
            // Only PUBLISH has such keys: they name those whom an event is, or is not, for.
            findings.publish.restrictsReceivers = true
            return try isList(bytes, of: key.rule == .ids ? .number : .text)
        case .hops:
            return try isList(bytes, of: .dictionary)
        case .match, .invoke, .mode, .algorithm:
            guard let name = try text(bytes) else { return false }
            return OptionText.choice(bytes, name, key.rule, &findings)
        case .slow:
            // An extension of this router's: what it does not know it refuses, which ends no session.
            findings.match.slow = nil
            if let name = try text(bytes) {
                _ = OptionText.choice(bytes, name, key.rule, &findings)
            } else {
                try skip(bytes)
            }
            return true
        }
    }

    private mutating func isID(_ bytes: Span<UInt8>) throws(WAMPViolation) -> Bool {
        guard let value = try natural(bytes) else { return false }
        return value >= 1 && value <= ScanLimit.id
    }

    private mutating func isList(_ bytes: Span<UInt8>, of kind: ElementKind) throws(WAMPViolation) -> Bool {
        guard var progress = try openList(bytes) else { return false }
        while try nextItem(bytes, &progress) {
            guard self.kind(bytes) == kind else { return false }
            if kind == .number {
                guard try isID(bytes) else { return false }
            } else {
                try skip(bytes)
            }
        }
        return true
    }
}

/// Short strings that are compared with names.
enum OptionText {
    static func key(_ bytes: Span<UInt8>, _ name: TextRange, in keys: OptionKeys) -> OptionKey? {
        guard name.escaped else { return keys.find(bytes.extracting(name.range)) }
        var plain = InlineArray<32, UInt8>(repeating: 0)
        guard let count = JSONText.unescape(bytes.extracting(name.range), into: &plain) else { return nil }
        return keys.find(plain.span.extracting(0..<count))
    }

    static func choice(
        _ bytes: Span<UInt8>, _ name: TextRange, _ rule: OptionKey.Rule, _ findings: inout OptionFindings
    ) -> Bool {
        guard name.escaped else { return choice(bytes.extracting(name.range), rule, &findings) }
        var plain = InlineArray<32, UInt8>(repeating: 0)
        guard let count = JSONText.unescape(bytes.extracting(name.range), into: &plain) else { return false }
        return choice(plain.span.extracting(0..<count), rule, &findings)
    }

    private static func choice(
        _ name: Span<UInt8>, _ rule: OptionKey.Rule, _ findings: inout OptionFindings
    ) -> Bool {
        switch rule {
        case .match:
            guard let match = MatchPolicy(name: name) else { return false }
            findings.match.match = match
            return true
        case .mode:
            guard let mode = CancelMode(name: name) else { return false }
            findings.mode = mode
            return true
        case .invoke:
            guard let policy = InvocationPolicy(name: name) else { return false }
            findings.invoke = policy
            return true
        case .slow:
            guard let policy = SlowPolicy(name: name) else { return false }
            findings.match.slow = policy
            return true
        case .algorithm:
            findings.isTransparent = true
            return name.equals("cryptobox") || name.equals("mqtt") || name.equals("xbr")
                || name.count >= 2 && name.extracting(0..<2).equals("x_")
        case .boolean, .natural, .id, .text, .ids, .texts, .hops:
            return false
        }
    }
}

extension MatchPolicy {
    /// The value of the `match` option.
    package var name: StaticString {
        switch self {
        case .exact: "exact"
        case .prefix: "prefix"
        case .wildcard: "wildcard"
        }
    }

    init?(name: Span<UInt8>) {
        if name.equals("exact") {
            self = .exact
        } else if name.equals("prefix") {
            self = .prefix
        } else if name.equals("wildcard") {
            self = .wildcard
        } else {
            return nil
        }
    }
}

extension SlowPolicy {
    /// The value of the `x_slow` option.
    init?(name: Span<UInt8>) {
        if name.equals("drop") {
            self = .drop
        } else if name.equals("latest") {
            self = .latest
        } else {
            return nil
        }
    }
}

extension InvocationPolicy {
    /// The value of the `invoke` option.
    package var name: StaticString {
        switch self {
        case .single: "single"
        case .roundRobin: "roundrobin"
        case .random: "random"
        case .first: "first"
        case .last: "last"
        }
    }

    init?(name: Span<UInt8>) {
        guard let policy = InvocationPolicy.allCases.first(where: { name.equals($0.name) }) else { return nil }
        self = policy
    }
}

extension CancelMode {
    /// The value of the `mode` option.
    package var name: StaticString {
        switch self {
        case .skip: "skip"
        case .kill: "kill"
        case .killNoWait: "killnowait"
        }
    }

    init?(name: Span<UInt8>) {
        if name.equals("skip") {
            self = .skip
        } else if name.equals("kill") {
            self = .kill
        } else if name.equals("killnowait") {
            self = .killNoWait
        } else {
            return nil
        }
    }
}
