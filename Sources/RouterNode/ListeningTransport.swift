package import Transport
import WAMP
import WebSocket

/// One of the places where a node accepts connections, and what they are there.
package struct ListeningTransport: Sendable {
    /// What it is called in messages.
    package var id: String
    package var endpoint: ListeningEndpoint
    package var profile: AcceptProfile

    package init(id: String, endpoint: ListeningEndpoint, profile: AcceptProfile) {
        self.id = id
        self.endpoint = endpoint
        self.profile = profile
    }
}
