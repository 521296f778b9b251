import CRennbahnLinux

/// TLS of the kernel (`linux/tls.h`), of what is sent.
extension Sockets {
    /// Makes the kernel encrypt what is sent on a TCP connection from now on; what was sent before goes as it was.
    ///
    /// - Parameter parameters: `struct tls12_crypto_info_…`, version and cipher in front.
    package static func encryptOutput(
        _ descriptor: Descriptor, with parameters: borrowing Span<UInt8>
    ) throws(SystemError) {
        guard clinux_attach_tls(descriptor.rawValue) == 0 else { throw .last("setsockopt TCP_ULP") }
        let code = unsafe parameters.withUnsafeBytes { bytes in
            unsafe setsockopt(
                descriptor.rawValue, clinux_sol_tls, clinux_tls_tx, bytes.baseAddress, socklen_t(bytes.count))
        }
        guard code == 0 else { throw .last("setsockopt TLS_TX") }
    }

    /// Sends a record that is no text, on a connection whose output the kernel encrypts.
    ///
    /// - Parameter type: `ContentType` (RFC 8446, section 5.1).
    package static func sendRecord(_ descriptor: Descriptor, type: UInt8, _ bytes: Span<UInt8>) -> IOResult {
        unsafe bytes.withUnsafeBytes { source in
            result { unsafe clinux_send_record(descriptor.rawValue, type, source.baseAddress, source.count) }
        }
    }

    /// Whether the kernel encrypts with `parameters`: tried on a connection of its own.
    package static func canEncryptOutput(with parameters: borrowing Span<UInt8>) throws(SystemError) -> Bool {
        let listener = try listen(.loopback(port: 0), backlog: 1)
        defer { close(listener) }
        let (descriptor, inProgress) = try connect(to: boundAddress(of: listener))
        defer { close(descriptor) }
        if inProgress {
            var poller = try Poller()
            try poller.add(descriptor, token: 0, interest: [.write])
            guard poller.wait(timeoutMilliseconds: 1000) > 0, connectError(descriptor) == nil else { return false }
        }
        do throws(SystemError) {
            try encryptOutput(descriptor, with: parameters)
            return true
        } catch {
            return false
        }
    }
}
