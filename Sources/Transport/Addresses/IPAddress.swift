package import RennbahnReactor

/// An address of either version of IP as one number of 128 bits; one of IPv4 as it is mapped into IPv6 (RFC 4291, section
/// 2.5.5.2), so that it is the same whichever kind of socket it came by.
package struct IPAddress: Hashable, Sendable, BitwiseCopyable {
    package var high: UInt64
    package var low: UInt64

    private static let mappedPrefix: UInt64 = 0xffff_0000_0000

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    package init(v4 address: UInt32) {
        self.init(high: 0, low: IPAddress.mappedPrefix | UInt64(address))
    }

    /// `nil`: a UNIX socket, which has none.
    package init?(_ address: SocketAddress) {
        switch address {
        case .v4(let number, _): self.init(v4: number)
        case .v6(let high, let low, _, _): self.init(high: high, low: low)
        case .unix: return nil
        }
    }

    package var isIPv4: Bool { high == 0 && low >> 32 == 0xffff }

    /// What is counted as one: of IPv6 a network of 64 bits, which a single customer has all the addresses of.
    package var counted: IPAddress { isIPv4 ? self : IPAddress(high: high, low: 0) }

    /// Of a peer that is gone before it could be asked.
    static let unknown = IPAddress(high: .max, low: .max)
}

extension IPAddress: CustomStringConvertible {
    package var description: String {
        let address: SocketAddress =
            isIPv4 ? .v4(UInt32(truncatingIfNeeded: low), port: 0) : .v6(high: high, low: low, scope: 0, port: 0)
        return address.host
    }
}

/// The addresses that begin with the same bits: `192.0.2.0/24`, `2001:db8::/32`, or a single one.
package struct AddressRange: Hashable, Sendable {
    private let base: IPAddress
    /// Of all 128.
    private let bits: Int

    /// - Parameter text: an address, or an address, a slash and the number of its bits that count. `nil`: neither.
    package init?(parsing text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let address = SocketAddress(numeric: String(first)),
            let number = IPAddress(address)
        else { return nil }
        let width = address.isIPv4 ? 32 : 128
        var length = width
        if parts.count == 2 {
            guard parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }), let count = Int(parts[1]),
                count <= width
            else { return nil }
            length = count
        }
        bits = 128 - width + length
        base = AddressRange.masked(number, bits)
    }

    package func contains(_ address: IPAddress) -> Bool { AddressRange.masked(address, bits) == base }

    private static func masked(_ address: IPAddress, _ bits: Int) -> IPAddress {
        // A shift by all bits or more gives 0.
        let high = bits >= 64 ? UInt64.max : ~(UInt64.max >> UInt64(bits))
        let low: UInt64 = bits <= 64 ? 0 : ~(UInt64.max >> UInt64(bits - 64))
        return IPAddress(high: address.high & high, low: address.low & low)
    }
}
