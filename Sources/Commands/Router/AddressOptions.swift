import ArgumentParser
import RennbahnConfiguration
import RennbahnTransport

/// What one address may have of `rennbahn router`, and which peers are front ends. Logins are those of a configuration file, which
/// says what becomes of failed ones, too.
struct AddressOptions: ParsableArguments {
    @Option(
        help: """
            Connections from one IPv4 address or IPv6 network of 64 bits, or off; a further one is reset. \
            Default: \(AddressOptions.usual(\.connections)).
            """, transform: AddressOptions.most)
    var maxConnectionsPerAddress: Int?

    @Option(
        help: """
            Those of them whose opening handshakes, TLS included, are under way, or off. \
            Default: \(AddressOptions.usual(\.handshakes)).
            """, transform: AddressOptions.most)
    var maxHandshakesPerAddress: Int?

    @Option(
        help: """
            Front ends, by addresses or networks such as 10.0.0.0/8, separated by commas: they themselves are not counted, \
            but their clients, by what X-Forwarded-For says. Default: none.
            """)
    var trustedProxies: String?

    /// What a configuration file says instead.
    static let names = limitNames + ["--trusted-proxies"]

    private static let limitNames = ["--max-connections-per-address", "--max-handshakes-per-address"]

    /// What switches all limits off.
    static let off = limitNames.flatMap { [$0, "off"] }

    func addresses() throws -> AddressGuard {
        var limits = AddressLimits()
        let given = [maxConnectionsPerAddress, maxHandshakesPerAddress]
        let places: [WritableKeyPath<AddressLimits, Int?>] = [\.connections, \.handshakes]
        for (index, place) in places.enumerated() {
            guard let most = given[index] else { continue }
            let range = Keys.Transport.connectionsPerAddress.range
            guard most == 0 || range.contains(most) else {
                let allowed = "off, or \(range.lowerBound) to \(range.upperBound)"
                throw Failure.usage("\(AddressOptions.limitNames[index]) must be \(allowed)")
            }
            limits[keyPath: place] = most > 0 ? most : nil
        }
        return AddressGuard(limits, proxies: try proxies())
    }

    private func proxies() throws -> [AddressRange] {
        try (trustedProxies ?? "").split(separator: ",").map { text in
            guard let range = AddressRange(parsing: String(text)) else {
                throw Failure.usage("--trusted-proxies: \(text) is no address and no network")
            }
            return range
        }
    }

    /// 0: off.
    @Sendable private static func most(_ text: String) throws -> Int {
        text == "off" ? 0 : try Quantity.count(text)
    }

    private static func usual(_ limit: KeyPath<AddressLimits, Int?>) -> String {
        AddressLimits()[keyPath: limit].map { "\($0)" } ?? "off"
    }
}
