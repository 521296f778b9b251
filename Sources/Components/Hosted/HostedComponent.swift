package import WAMPClient

/// What runs in a session of a container, under the name that `classname` gives.
package protocol HostedComponent: Sendable {
    /// Whether it serves until it is stopped, without an end of its own.
    var isService: Bool { get }

    /// Runs in one session, and returns when all is done; what ends the session is thrown. Called again with the next
    /// session when the connection was lost; `figures` says what was done before.
    func run(in session: WAMPSession, _ figures: ComponentFigures) async throws(WAMPError)
}
