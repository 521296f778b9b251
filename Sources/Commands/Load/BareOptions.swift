import ArgumentParser
import Foundation
import RennbahnReactor
import RennbahnReport
import RennbahnWorkload

/// What `rennbahn load` says to WebSocket servers that speak no WAMP.
struct BareOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            echo: the whole of each message; push: what each client sends first. @FILE: what the file holds, octet for octet. \
            {stamp}, {sequence} and {client} stand for what differs from message to message. See docs/load.md.
            """, valueName: "text"))
    var message: String?

    @Flag(help: "Send --message as binary messages instead of text.")
    var binary = false

    @Option(
        help: """
            echo: what answers a message of --message: same (itself), stamped (what has its {stamp} somewhere) or any (whatever \
            comes next). Default: same.
            """)
    var reply: String?

    @Option(
        help: ArgumentHelp(
            "echo, push: the subprotocol that the server must agree to. Default: none.", valueName: "name")
    )
    var subprotocol: String?

    static let rules: [OptionRule] = [
        .needs("--message", ["--scenario echo", "--scenario push"]),
        .needs("--binary", ["--message"]),
        .needs("--reply", ["--message"]),
        .excludes("--scenario push", ["--reply"], because: "nothing is answered"),
        .needs("--subprotocol", ["--scenario echo", "--scenario push"]),
        .excludes("--message", ["--payload", "--filler", "--serializer"], because: "it is the whole of what is sent"),
        .excludes(
            "--scenario push",
            ["--payload", "--filler", "--serializer", "--rate", "--poisson", "--depth", "--receiver-url", "--realm"],
            because: "the server alone says what comes, and when"),
    ]

    func template(_ problems: inout [String]) -> MessageTemplate? {
        message.flatMap { text in
            problems.attempt("--message") {
                try MessageTemplate(parsing: try BareOptions.octets(text), isBinary: binary)
            }
        }
    }

    func check(_ problems: inout [String]) -> ReplyCheck {
        guard let reply else { return .same }
        if let check = ReplyCheck(rawValue: reply) { return check }
        let names = ReplyCheck.allCases.map(\.rawValue).joined(separator: ", ")
        problems.append("--reply: \(reply.printable) is not one of \(names)")
        return .same
    }

    /// A token (RFC 9110, section 5.6.2), as `Sec-WebSocket-Protocol` has.
    func checkedSubprotocol(_ problems: inout [String]) -> String? {
        guard let subprotocol else { return nil }
        let others = "!#$%&'*+-.^_`|~"
        if subprotocol.isEmpty
            || !subprotocol.utf8.allSatisfy({ octet in
                let character = Character(Unicode.Scalar(octet))
                return octet < 128 && (character.isLetter || character.isNumber || others.contains(character))
            })
        {
            problems.append("--subprotocol: is no name of a subprotocol: letters, digits and \(others) are")
        }
        return subprotocol
    }

    /// Of a file not more than there may be: the name may be that of a device.
    private static func octets(_ text: String) throws -> [UInt8] {
        guard text.hasPrefix("@") else { return Array(text.utf8) }
        let path = String(text.dropFirst())
        do {
            let file = try FileHandle(forReadingFrom: URL(filePath: path))
            defer { try? file.close() }
            return Array(try file.read(upToCount: MessageTemplate.maximumOctets + 1) ?? Data())
        } catch {
            throw Unreadable(description: "\(path) cannot be read: \(PayloadOption.reason(error))")
        }
    }

    private struct Unreadable: Error, CustomStringConvertible {
        let description: String
    }
}
