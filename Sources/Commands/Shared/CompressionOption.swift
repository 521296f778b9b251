import ArgumentParser
import RennbahnConfiguration
import RennbahnRouterNode
import RennbahnWebSocket

/// `none`, or `deflate` with parameters behind it, those of a configuration file's `compression.deflate`:
/// `deflate;no_context_takeover;max_window_bits=11;memory_level=4`.
struct CompressionOption: Sendable, CustomStringConvertible {
    /// As it was given.
    let text: String
    /// `nil`: none.
    let policy: DeflatePolicy?

    static let none = CompressionOption(text: "none", policy: nil)
    static let deflate = CompressionOption(text: "deflate", policy: DeflatePolicy())

    /// - Parameter standard: what holds where nothing is said.
    static func help(standard: String) -> ArgumentHelp {
        ArgumentHelp(
            """
            none, or deflate with any of these behind it, as in deflate;level=1;no_context_takeover: \
            \(ParameterReader.usage(of: Schema.section("deflate"))). (default: \(standard))
            """, valueName: "compression")
    }

    var description: String { text }

    private init(text: String, policy: DeflatePolicy?) {
        self.text = text
        self.policy = policy
    }

    /// - Throws: `ValidationError`, which names the parameter and what it may be.
    init(parsing text: String) throws {
        let parts = text.split(separator: ";", maxSplits: 1, omittingEmptySubsequences: false)
        switch (parts[0], parts.dropFirst().first) {
        case ("none", nil): self.init(text: text, policy: nil)
        case ("deflate", let parameters):
            do throws(Problems) {
                self.init(text: text, policy: try DeflatePolicy(parameters: parameters))
            } catch {
                throw ValidationError(error.line)
            }
        default: throw ValidationError("expected none or deflate")
        }
    }
}
