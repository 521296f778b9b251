/// A router to compare with, as the command line names it.
///
/// ```
/// nexus=ws://127.0.0.1:8000/ws@4711    runs already; 4711 is its process, for its CPU time
/// bondy=ws://10.0.0.7:18080/ws         runs already, elsewhere
/// crossbar                             is installed and started for the comparison
/// ```
package enum PeerSpecification: Equatable, Sendable {
    case running(name: String, target: LoadTarget, pid: Int32?)
    case startable(name: String)

    /// Peers that a script of the same name, `scripts/peer-NAME`, starts.
    package static let startableNames = ["crossbar"]

    /// Why a text names no peer.
    package struct Malformed: Error, Sendable, Equatable, CustomStringConvertible {
        package let description: String
    }

    package var name: String {
        switch self {
        case .running(let name, _, _), .startable(let name): name
        }
    }

    package init(parsing text: String) throws(Malformed) {
        guard let equals = text.firstIndex(of: "=") else {
            guard PeerSpecification.startableNames.contains(text) else {
                let names = PeerSpecification.startableNames.joined(separator: ", ")
                throw Malformed(description: "expected NAME=ws://HOST:PORT/PATH[@PID], or one of \(names)")
            }
            self = .startable(name: text)
            return
        }
        let name = String(text[..<equals])
        guard PeerSpecification.isName(name) else {
            throw Malformed(description: "a peer's name is letters, digits, '-', '_' and '.', and not rennbahn")
        }
        var url = text[text.index(after: equals)...]
        var pid: Int32?
        if let at = url.lastIndex(of: "@") {
            guard let number = Int32(url[url.index(after: at)...]), number > 0 else {
                throw Malformed(description: "\(url[url.index(after: at)...]) is not a process id")
            }
            pid = number
            url = url[..<at]
        }
        do throws(LoadTarget.Malformed) {
            let target = try LoadTarget(parsing: String(url))
            guard !target.isSecure, !target.speaksRawSocket else {
                throw LoadTarget.Malformed(description: "peers are compared over WebSocket without TLS")
            }
            self = .running(name: name, target: target, pid: pid)
        } catch {
            throw Malformed(description: error.description)
        }
    }

    /// Several, separated by commas; no name twice.
    package static func list(parsing text: String) throws(Malformed) -> [PeerSpecification] {
        var peers: [PeerSpecification] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let peer = try PeerSpecification(parsing: String(part))
            guard !peers.contains(where: { $0.name == peer.name }) else {
                throw Malformed(description: "\(peer.name) is named twice")
            }
            peers.append(peer)
        }
        return peers
    }

    private static func isName(_ text: String) -> Bool {
        !text.isEmpty && text != "rennbahn"
            && text.utf8.allSatisfy {
                switch $0 {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                    true
                default: false
                }
            }
    }
}

/// What a peer's script prints when its router accepts connections:
/// `crossbar ready on ws://127.0.0.1:8080/ws pid=4711 version=26.1.1`.
package struct PeerReadyLine: Equatable, Sendable {
    package let target: LoadTarget
    /// The process that serves.
    package let pid: Int32
    package let version: String?

    /// `nil` for any other line.
    package init?(_ line: String) {
        let words = line.split(separator: " ")
        func value(_ key: String) -> String? {
            words.first { $0.hasPrefix(key + "=") }.map { String($0.dropFirst(key.count + 1)) }
        }
        guard words.count > 3, words[1] == "ready", words[2] == "on",
            let target = try? LoadTarget(parsing: String(words[3])),
            let pid = value("pid").flatMap(Int32.init), pid > 0
        else { return nil }
        self.target = target
        self.pid = pid
        version = value("version")
    }
}
