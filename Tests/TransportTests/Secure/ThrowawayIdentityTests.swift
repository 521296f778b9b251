import Foundation
import RennbahnTLS
import RennbahnTransport
import Testing

@Suite struct ThrowawayIdentityTests {
    private func inFolder(_ body: (String) throws -> Void) throws {
        let folder = NSTemporaryDirectory() + "identity-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try body(folder)
    }

    @Test(arguments: ["localhost", "127.0.0.1"])
    func `who trusts it meets its server, and nobody else's`(host: String) throws {
        try inFolder { folder in
            let identity = try ThrowawayIdentity(in: folder)
            var client = TLSClientSettings(hostName: host)
            client.authorities = [identity.certificate]
            let server = TLSServerSettings(certificate: identity.certificate, key: identity.key)
            try TLSPair(server, client).open()
            #expect(try TLSPair(.standard, client).failures().client.tlsReason.contains("certificate"))
            client.hostName = "elsewhere.example"
            #expect(try TLSPair(server, client).failures().client.tlsReason.contains("hostname mismatch"))
        }
    }

    @Test func `its key is its owner's, and no file is overwritten`() throws {
        try inFolder { folder in
            let identity = try ThrowawayIdentity(in: folder)
            let bits = try FileManager.default.attributesOfItem(atPath: identity.key)[.posixPermissions] as? Int
            #expect(bits == 0o600)
            #expect(throws: TLSFailure.self) { try ThrowawayIdentity(in: folder) }
            #expect(throws: TLSFailure.self) { try ThrowawayIdentity(in: folder + "/none") }
        }
    }
}
