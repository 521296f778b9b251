import RennbahnReactor

/// What our own servers print when they accept connections: `… ready on ws://ADDRESS/ … [ports=PORT[,PORT…]] …
/// [also=URL[,URL…]]`, or `wss://`.
struct RouterReadyLine: Equatable {
    let address: SocketAddress
    /// Of the last shard, where each has its own.
    let lastAddress: SocketAddress
    /// Of all transports, in the order of the configuration, where each is at a TCP port.
    let transports: [SocketAddress]

    /// `nil` for any other line.
    init?(_ line: String) {
        let words = line.split(separator: " ")
        guard let place = words.firstIndex(of: "ready"), words.count > place + 2, words[place + 1] == "on",
            let address = RouterReadyLine.address(of: words[place + 2])
        else { return nil }
        self.address = address
        let others = words.last { $0.hasPrefix("also=") }?.dropFirst("also=".count)
        transports = [address] + (others?.split(separator: ",").compactMap(RouterReadyLine.address) ?? [])
        let ports = words.last { $0.hasPrefix("ports=") }?.dropFirst("ports=".count)
        let lastPort = ports?.split(separator: ",").last.flatMap { UInt16($0) }
        lastAddress = address.with(port: lastPort ?? address.port)
    }

    private static func address(of url: Substring) -> SocketAddress? {
        guard let scheme = url.firstRange(of: "://"), let end = url[scheme.upperBound...].firstIndex(of: "/") else {
            return nil
        }
        return try? SocketAddress(parsing: String(url[scheme.upperBound..<end]))
    }
}
