import Foundation
import RennbahnAuthentication
import RennbahnComponents
import RennbahnConfiguration
import RennbahnLoadGenerator
import RennbahnRouterNode
import RennbahnTLS
import RennbahnWebSocket

/// Reads a file of principals.
struct PrincipalReader {
    let path: String
    let surroundings: LoginOptions.Surroundings

    /// Each certificate takes a TLS context, with all that is trusted in it.
    private static let mostCertificates = 1000

    /// The principals in the order of the file; none where a problem is told, each with its place.
    func read(_ problems: inout [String]) -> [LoadPrincipal] {
        do {
            return try principals()
        } catch let error as Problems {
            problems += error.all.map { $0.line(file: path) }
        } catch {
            problems.append("\(error)")
        }
        return []
    }

    private func principals() throws -> [LoadPrincipal] {
        let text = try ConfigurationFile.text(of: path, atMost: PrincipalFile.bounds.size, option: "--principals")
        let environment = ProcessInfo.processInfo.environment
        let file = NodeConfiguration.Surroundings(
            folder: ConfigurationFile.folder(of: path), version: Version.text, environment: { environment[$0] })
        var reader = CredentialReader(file)
        var found: [LoadPrincipal] = []
        var problems: [Problem] = []
        var certificates = 0
        for (index, tree) in try PrincipalFile.read(text).enumerated() {
            let place = "[\(index)]"
            do {
                var principal = try LoadPrincipal(reader.credentials(tree, place))
                if let cookie = reader.cookie(tree, place) { principal.fields = [try field(cookie)] }
                if let tls = tree[Keys.LoadPrincipal.tls] {
                    principal.tls = try context(tls, file, mayHaveOwn: certificates < PrincipalReader.mostCertificates)
                    if principal.tls != nil { certificates += 1 }
                }
                found.append(principal)
            } catch {
                problems.append(Problem(.invalid, place, at: tree.place, "\(error)"))
            }
        }
        problems += reader.problems
        guard problems.isEmpty else { throw Problems(problems) }
        return found
    }

    /// Why a principal cannot be what its keys say.
    private struct Unusable: Error, CustomStringConvertible {
        let description: String
    }

    private func field(_ cookie: Secret) throws -> RequestField {
        guard !surroundings.target.speaksRawSocket else {
            throw Unusable(description: "method cookie is of WebSocket: RawSocket has no request that could hold one")
        }
        do throws(RequestField.Malformed) {
            return try RequestField.cookies(surroundings.cookies + [String(decoding: cookie.octets, as: UTF8.self)])
        } catch {
            throw Unusable(description: "method cookie: \(error)")
        }
    }

    /// The context of a principal that shows a certificate; `nil`: it shows that of all clients.
    private func context(
        _ tree: Tree, _ file: NodeConfiguration.Surroundings, mayHaveOwn: Bool
    ) throws -> TLSContext? {
        guard surroundings.target.isSecure else {
            throw Unusable(description: "method tls: needs a wss or rss URL")
        }
        switch (tree[Keys.PrincipalTLS.certificate], tree[Keys.PrincipalTLS.key]) {
        case (nil, nil):
            guard surroundings.tls.tlsCertificate == nil else { return nil }
            throw Unusable(description: "method tls: needs certificate and key, or --tls-certificate for all")
        case (_?, nil), (nil, _?): throw Unusable(description: "method tls: certificate and key go together")
        case (let certificate?, let key?):
            guard mayHaveOwn else {
                let most = PrincipalReader.mostCertificates
                throw Unusable(description: "method tls: more than \(most) certificates of principals")
            }
            do {
                return try surroundings.tls.context(
                    hostName: surroundings.target.host,
                    identity: (certificate: file.placed(certificate), key: file.placed(key)))
            } catch {
                throw Unusable(description: "method tls: \(error)")
            }
        }
    }
}
