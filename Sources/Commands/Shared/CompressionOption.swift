import ArgumentParser
import RennbahnWebSocket

/// `none`, or `deflate` with the keys of the Crossbar.io transport configuration behind it:
/// `deflate;no_context_takeover;max_window_bits=11;memory_level=4`.
struct CompressionOption: ExpressibleByArgument, Sendable {
    /// As it was given.
    let text: String
    var defaultValueDescription: String { text }
    /// `nil`: none.
    let policy: DeflatePolicy?

    static let none = CompressionOption(text: "none", policy: nil)
    static let deflate = CompressionOption(text: "deflate", policy: DeflatePolicy())

    static let help: ArgumentHelp = ArgumentHelp(
        "none, or deflate[;no_context_takeover[=false]][;max_window_bits=9…15][;request_no_context_takeover]"
            + "[;request_max_window_bits=9…15][;memory_level=1…9][;level=0…9].", valueName: "compression")

    private init(text: String, policy: DeflatePolicy?) {
        self.text = text
        self.policy = policy
    }

    init?(argument: String) {
        let parts = argument.split(separator: ";", omittingEmptySubsequences: false).map(String.init)
        if parts == ["none"] {
            self.init(text: argument, policy: nil)
            return
        }
        guard parts.first == "deflate" else { return nil }
        var policy = DeflatePolicy()
        for part in parts.dropFirst() {
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard CompressionOption.apply(pair[0], pair.count > 1 ? pair[1] : nil, to: &policy) else { return nil }
        }
        self.init(text: argument, policy: policy)
    }

    private static func apply(_ key: String, _ value: String?, to policy: inout DeflatePolicy) -> Bool {
        switch key {
        case "no_context_takeover":
            guard let flag = flag(value) else { return false }
            policy.noContextTakeover = flag
        case "request_no_context_takeover":
            guard let flag = flag(value) else { return false }
            policy.requestNoContextTakeover = flag
        case "max_window_bits":
            guard let bits = number(value, 9...15) else { return false }
            policy.maxWindowBits = bits
        case "request_max_window_bits":
            guard let bits = number(value, 9...15) else { return false }
            policy.requestMaxWindowBits = bits
        case "memory_level":
            guard let level = number(value, 1...9) else { return false }
            policy.memoryLevel = level
        case "level":
            guard let level = number(value, 0...9) else { return false }
            policy.level = level
        default: return false
        }
        return true
    }

    private static func flag(_ value: String?) -> Bool? {
        value.map { Bool($0) } ?? true
    }

    private static func number(_ value: String?, _ range: ClosedRange<Int>) -> Int? {
        value.flatMap { Int($0) }.flatMap { range.contains($0) ? $0 : nil }
    }
}
