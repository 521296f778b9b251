/// Finds out at which of a host's addresses somebody listens.
package enum AddressProbe {
    package struct Failure: Error, Sendable, Equatable, CustomStringConvertible {
        /// What was tried, and what came of it.
        package let description: String
    }

    /// The first address that a connection can be made to, which is ended at once. Blocks.
    ///
    /// - Parameters:
    ///   - addresses: at least one, in the order to try them in.
    ///   - patience: nanoseconds for each.
    package static func firstAnswering(
        of addresses: [SocketAddress], patience: UInt64
    ) throws(Failure) -> SocketAddress {
        var attempts = AddressAttempts(addresses)
        while let address = attempts.current {
            do throws(SystemError) {
                try connect(to: address, deadline: MonotonicClock.now() &+ patience)
                return address
            } catch {
                attempts.failed(errno: error.code)
            }
        }
        throw Failure(description: attempts.report)
    }

    private static func connect(to address: SocketAddress, deadline: UInt64) throws(SystemError) {
        let (descriptor, inProgress) = try Sockets.connect(to: address)
        defer { Sockets.close(descriptor) }
        guard inProgress else { return }
        var poller = try Poller()
        try poller.add(descriptor, token: 0, interest: [.write])
        while poller.wait(timeoutNanoseconds: deadline - min(deadline, MonotonicClock.now())) == 0 {
            guard MonotonicClock.now() < deadline else {
                throw SystemError(code: SystemError.timedOut, operation: "connect")
            }
        }
        if let error = Sockets.connectError(descriptor) { throw error }
    }
}
