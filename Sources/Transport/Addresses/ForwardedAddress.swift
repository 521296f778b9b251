import RennbahnReactor
import RennbahnWebSocket

/// Whom a front end speaks for, as the field `X-Forwarded-For` of its requests says: each front end has added the address that it
/// was asked from, so that the last one that is no front end's is the client's. What stands left of that the client may have made
/// up.
enum ForwardedAddress: Equatable {
    /// The field is not there, or names front ends alone.
    case absent
    /// Something in it, up to the client's address, is no address.
    case malformed
    case client(IPAddress)

    init(_ head: HTTPHead, trusting proxies: [AddressRange]) {
        for value in head.values("x-forwarded-for").reversed() {
            for element in value.split(separator: ",", omittingEmptySubsequences: false).reversed() {
                guard let address = ForwardedAddress.address(HTTPText.trimmed(element)) else {
                    self = .malformed
                    return
                }
                guard proxies.contains(where: { $0.contains(address) }) else {
                    self = .client(address)
                    return
                }
            }
        }
        self = .absent
    }

    /// An address, with brackets or a port if the front end adds them.
    private static func address(_ text: Substring) -> IPAddress? {
        var host = text
        if host.first == "[" {
            guard let end = host.firstIndex(of: "]"), isPort(host[host.index(after: end)...]) else { return nil }
            host = host[host.index(after: host.startIndex)..<end]
            guard host.contains(":") else { return nil }
        } else if let colon = host.firstIndex(of: ":"), !host[host.index(after: colon)...].contains(":") {
            guard isPort(host[colon...]) else { return nil }
            host = host[..<colon]
        }
        return SocketAddress(numeric: String(host)).flatMap { IPAddress($0) }
    }

    /// Whether a text is nothing, or a colon and a number.
    private static func isPort(_ text: Substring) -> Bool {
        guard let colon = text.first else { return true }
        return colon == ":" && UInt16(text.dropFirst()) != nil
    }
}
