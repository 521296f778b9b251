import RennbahnReactor
package import RennbahnTLS

/// What the kernel of this machine encrypts.
package enum OfferedKernelCiphers {
    /// Asked once: each cipher is tried on a connection to itself. Nothing where the kernel lacks TLS, or does not let us.
    package static let all = KernelCiphers(
        KernelCipher.all.filter { cipher in
            (try? Sockets.canEncryptOutput(with: KernelKeys(probing: cipher).parameters)) ?? false
        })
}
