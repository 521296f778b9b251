import Foundation
import RennbahnBytes
import RennbahnConfiguration

/// A text that nobody else is to see, as an option takes it: itself, `@FILE` for what a file holds, or `${NAME}` for an
/// environment variable, as configuration files have it. Command lines are for all of a machine to see.
///
/// No error shows the text.
enum SecretText {
    struct Unreadable: Error, CustomStringConvertible {
        let description: String
    }

    /// Octets of a file; keys and tickets have a few hundred.
    private static let longest = 64 * 1024

    /// Whether a text says where the secret is, and is none itself.
    static func isReference(_ text: String) -> Bool { text.hasPrefix("@") || TextForm.bracedVariable.matches(text) }

    /// The text that is meant: of a file without the line end behind it.
    static func read(_ text: String) throws -> String {
        guard let octets = try contents(text) else { return try nonempty(text) }
        return try nonempty(unterminated(octets))
    }

    /// The texts that are meant: of a file one in each line that is not empty.
    static func lines(_ text: String) throws -> [String] {
        guard text.hasPrefix("@") else { return [try read(text)] }
        return try read(text).split(whereSeparator: \.isNewline).map(String.init)
    }

    /// The private key of 32 octets that is meant: 64 hexadecimal digits, or a file that holds them, the octets, or a line
    /// `private-key-ed25519: DIGITS`, as Crossbar.io's `key.priv` does.
    static func privateKey(_ text: String) throws -> [UInt8] {
        let octets = try contents(text) ?? Array(text.utf8)
        if text.hasPrefix("@"), octets.count == 32 { return octets }
        var digits = try unterminated(octets)
        let tag = "private-key-ed25519:"
        let lines = digits.split(whereSeparator: \.isNewline)
        if text.hasPrefix("@"), let line = lines.first(where: { $0.hasPrefix(tag) }) {
            digits = line.dropFirst(tag.count).trimmingCharacters(in: .whitespaces)
        }
        guard let key = Hexadecimal.decode(digits), key.count == 32 else {
            throw Unreadable(description: "no private key of 64 hexadecimal digits")
        }
        return key
    }

    /// What a reference leads to; `nil`: the text is none.
    private static func contents(_ text: String) throws -> [UInt8]? {
        if text.hasPrefix("@") { return try file(String(text.dropFirst())) }
        guard TextForm.bracedVariable.matches(text) else { return nil }
        let name = String(text.dropFirst(2).dropLast())
        guard let value = ProcessInfo.processInfo.environment[name] else {
            throw Unreadable(description: "the environment variable \(name) is not set")
        }
        return Array(value.utf8)
    }

    private static func file(_ path: String) throws -> [UInt8] {
        let data: Data
        do {
            data = try ConfigurationFile.data(of: path, atMost: longest + 1)
        } catch {
            throw Unreadable(description: "\(path): \(error.localizedDescription)")
        }
        guard data.count <= longest else { throw Unreadable(description: "\(path): more than \(longest) octets") }
        return Array(data)
    }

    private static func unterminated(_ octets: [UInt8]) throws -> String {
        var octets = octets
        if octets.last == UInt8(ascii: "\n") { octets.removeLast() }
        if octets.last == UInt8(ascii: "\r") { octets.removeLast() }
        guard let text = String(validating: octets, as: UTF8.self) else {
            throw Unreadable(description: "what it holds is no UTF-8")
        }
        return text
    }

    private static func nonempty(_ text: String) throws -> String {
        guard !text.isEmpty else { throw Unreadable(description: "is empty") }
        return text
    }
}
