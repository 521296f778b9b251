import RennbahnReactor

/// What our own servers print when they accept connections: `… ready on ws://ADDRESS/ … [ports=PORT[,PORT…]] …`, or `wss://`.
struct RouterReadyLine: Equatable {
    let address: SocketAddress
    /// Of the last shard, where each has its own.
    let lastAddress: SocketAddress

    /// `nil` for any other line.
    init?(_ line: String) {
        let words = line.split(separator: " ")
        guard let place = words.firstIndex(of: "ready"), words.count > place + 2, words[place + 1] == "on",
            let scheme = words[place + 2].firstRange(of: "://"),
            let end = words[place + 2][scheme.upperBound...].firstIndex(of: "/"),
            let address = try? SocketAddress(parsing: String(words[place + 2][scheme.upperBound..<end]))
        else { return nil }
        self.address = address
        let ports = words.last { $0.hasPrefix("ports=") }?.dropFirst("ports=".count)
        let lastPort = ports?.split(separator: ",").last.flatMap { UInt16($0) }
        lastAddress = address.with(port: lastPort ?? address.port)
    }
}
