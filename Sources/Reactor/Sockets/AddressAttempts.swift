/// The addresses of a host, tried in turn until somebody answers at one.
package struct AddressAttempts: Sendable {
    private let addresses: [SocketAddress]
    private var failures: [Int32] = []

    /// - Parameter addresses: at least one, in the order to try them in.
    package init(_ addresses: [SocketAddress]) {
        precondition(!addresses.isEmpty, "a host has an address")
        self.addresses = addresses
    }

    /// The address to try now; `nil`: none is left.
    package var current: SocketAddress? {
        failures.count < addresses.count ? addresses[failures.count] : nil
    }

    /// Nobody answered at the current address.
    package mutating func failed(errno: Int32) {
        if failures.count < addresses.count { failures.append(errno) }
    }

    /// Each address that was tried, and why it is of no use, in one line.
    package var report: String {
        zip(addresses, failures).map { "\($0): \(SystemError.text($1))" }.joined(separator: ", ")
    }
}
