package import RennbahnAuthentication
import RennbahnBytes
package import RennbahnReactor
import RennbahnTLS

// What a connection has that says who its sessions are; asked at their beginning alone.

extension LinkLoop {
    /// What decides on the sessions of an accepted connection.
    package func authenticator(of id: LinkID) -> Authenticator {
        guard let slot = slot(id), links.value[slot].isServer else { return .open }
        return accepts[Int(links.value[slot].profile)].authenticator ?? .open
    }

    /// For what is told of an accepted connection: by which of the loop's profiles it came, and from where.
    package func source(of id: LinkID) -> (profile: Int, peer: SocketAddress?)? {
        guard let slot = slot(id), links.value[slot].isServer else { return nil }
        return (Int(links.value[slot].profile), try? kernel.peerAddress(of: links.value[slot].descriptor))
    }

    /// SHA-1 of the certificate that the TLS client of a connection has shown and that was verified; 20 octets.
    package func clientCertificate(of id: LinkID) -> [UInt8]? {
        guard let slot = slot(id), links.value[slot].isSecure else { return nil }
        return links.value[slot].withTLS { $0.peerCertificateSHA1 }
    }
}
