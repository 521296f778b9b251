import CRennbahnOpenSSL
import Foundation
import RennbahnBytes
import RennbahnComponents
import RennbahnConfiguration
import RennbahnReactor
import RennbahnRouterNode
import RennbahnTransport
import Testing
import WAMPClient

extension ContainerTests {
    private static let key = String(repeating: "07", count: 32)
    private static let publicKey = "ea4a6c63e29c520abef5507b132ec5f9954776aebebe7b92421eea691446d22c"
    /// Of the password `pencil`, with 4096 iterations and the salt 0xAABB.
    private static let scram = """
        scram: {type: static, principals: {joe: {kdf: pbkdf2, iterations: 4096, salt: 'aabb', role: user,
          stored-key: \(storedKey), server-key: \(serverKey)}}}
        """
    private static let storedKey = "4b7fca87a5f8d869d9d399a4e7205dd0eb338cd555155a7cf3861086cd56568b"
    private static let serverKey = "229f9e31f554ee8ea83053db30a97e828cb0b852376658e296d9123388e53d33"

    private static let methods = """
        ticket: {type: static, principals: {joe: {ticket: open sesame, role: user}}},
        wampcra: {type: static, users: {joe: {secret: geheim, role: user},
          ann: {secret: "qzcdsr9uu/L5hnss3kjNTRe490ETgA70ZBaB5rvnJ5Y=", salt: salt123, iterations: 1000, keylen: 32, role: user}}},
        cryptosign: {type: static, principals: {joe: {authorized_keys: [\(publicKey)], role: user}}},
        \(scram)
        """

    private func router(auth: String, tls: String = "") throws -> Node {
        let tree = try TreeReader.read(
            """
            version: 2
            workers:
            - type: router
              realms: [{name: realm1, roles: [{name: user, allow-by-default: true}]}]
              transports: [{type: websocket, auth: {\(auth)},
                endpoint: {type: tcp, portrange: [21000, 29999], interface: 127.0.0.1\(tls)}}]
            """)
        #expect(Checker.check(tree) == [])
        return try Node(NodeConfiguration(tree, NodeConfiguration.Surroundings(folder: "", version: "0") { _ in nil }))
    }

    /// How a publisher with these credentials ends.
    private func outcome(
        _ auth: String, at node: Node, tls: String = "", environment: [String: String] = [:]
    ) async throws -> ComponentLife.Outcome {
        let port = node.endpoints[0].addresses[0].port
        let scheme = tls.isEmpty ? "ws" : "wss"
        let tree = try TreeReader.read(
            """
            version: 2
            workers:
            - type: container
              components:
              - {type: class, classname: publisher, realm: realm1, extra: {count: 3, rate: 0, acknowledge: true}, auth: {\(auth)},
                 transport: {type: websocket, url: "\(scheme)://localhost:\(port)/ws", endpoint: {type: tcp, host: 127.0.0.1, port: \(port)\(tls)}}}
            """)
        #expect(Checker.check(tree) == [])
        let container = try #require(containers(tree, environment: environment).first)
        return await container.run(agent: "tests")[0][0]
    }

    @Test(arguments: [
        "ticket: {authid: joe, ticket: open sesame}", "wampcra: {authid: joe, secret: geheim}",
        "wampcra: {authid: ann, secret: L3L1YUE8Txlw}", "scram: {authid: joe, password: pencil}",
        "cryptosign: {privkey: \(key)}", "cryptosign: {authid: joe, privkey: '${KEY}'}",
        "ticket: {authid: joe, ticket: '${TICKET}'}",
        "anonymous: {}, ticket: {authid: joe, ticket: open sesame}",
    ])
    func `A component joins with its credentials`(auth: String) async throws {
        let node = try router(auth: ContainerTests.methods)
        defer { node.end() }
        let environment = ["KEY": ContainerTests.key, "TICKET": "open sesame"]
        #expect(try await outcome(auth, at: node, environment: environment) == .completed)
    }

    @Test(arguments: [
        "", "anonymous: {}", "ticket: {authid: joe, ticket: open}", "ticket: {authid: jo, ticket: open sesame}",
        "wampcra: {authid: joe, secret: geheimer}", "wampcra: {authid: ann, secret: geheim}",
        "scram: {authid: joe, password: pencils}", "scram: {authid: jo, password: pencil}",
        "cryptosign: {privkey: '\(String(repeating: "08", count: 32))'}",
    ])
    func `A component with wrong credentials has failed, for good`(auth: String) async throws {
        let node = try router(auth: ContainerTests.methods)
        defer { node.end() }
        guard case .failed(let why) = try await outcome(auth, at: node) else {
            Issue.record("no failure")
            return
        }
        let reason =
            auth.isEmpty || auth.hasPrefix("anonymous") ? "wamp.error.no_auth_method" : "wamp.error.not_authorized"
        #expect(why.contains(reason), "\(why)")
    }

    @Test func `A component's certificate is its credential, in a resumed session, too`() async throws {
        let made = Certificates.shared
        let print = try fingerprint(made.client.certificate)
        let endpoint =
            ", tls: {certificate: \"\(made.server.certificate)\", key: \"\(made.server.key)\", ca_certificates: [\"\(made.authority.certificate)\"]}"
        let node = try router(
            auth: "tls: {type: static, principals: {joe: {certificate-sha1: '\(print)', role: user}}}", tls: endpoint)
        defer { node.end() }
        func tls(_ identity: Certificates.Identity) -> String {
            ", tls: {hostname: localhost, ca_certificates: [\"\(made.authority.certificate)\"], certificate: \"\(identity.certificate)\", key: \"\(identity.key)\"}"
        }
        for _ in 0..<2 { #expect(try await outcome("tls: {}", at: node, tls: tls(made.client)) == .completed) }
        guard case .failed(let why) = try await outcome("tls: {}", at: node, tls: tls(made.server)) else {
            Issue.record("a certificate that is nobody's was let in")
            return
        }
        #expect(why.contains("wamp.error.not_authorized"), "\(why)")
    }

    @Test func `An environment variable that is missing, or holds no key, is told`() throws {
        let auths = ["ticket: {authid: a, ticket: '${NONE}'}", "cryptosign: {privkey: '${SHORT}'}"]
        for (auth, message) in zip(auths, ["the environment variable NONE is not set", "holds no private key"]) {
            let tree = try TreeReader.read(
                """
                version: 2
                workers: [{type: container, components: [{type: class, classname: echo, realm: realm1, auth: {\(auth)},
                  transport: {type: websocket, url: "ws://a/", endpoint: {type: tcp, host: a, port: 1}}}]}]
                """)
            #expect(Checker.check(tree) == [])
            let problems = #expect(throws: Problems.self) { try containers(tree, environment: ["SHORT": "abc"]) }
            #expect(problems?.all.count == 1 && problems?.all[0].message.contains(message) == true)
        }
    }

    private func fingerprint(_ path: String) throws -> String {
        let file = BIO_new_file(path, "r")
        defer { BIO_free(file) }
        let certificate = try #require(PEM_read_bio_X509(file, nil, nil, nil))
        defer { X509_free(certificate) }
        var digest = [UInt8](repeating: 0, count: 20)
        #expect(X509_digest(certificate, EVP_sha1(), &digest, nil) == 1)
        return digest.map { Hexadecimal.encode([$0]).uppercased() }.joined(separator: ":")
    }
}
