package import RennbahnReactor
package import RennbahnTLS
package import RennbahnTransport
package import RennbahnWAMP
package import RennbahnWebSocket
package import RennbahnWorkload

/// What one run of the load generator does, and to whom.
package struct LoadConfiguration: Sendable {
    package var target: LoadTarget
    /// Where subscribers and callees connect to, if not to ``target``: another socket of the same router.
    package var receiverTarget: LoadTarget?
    /// Of a `wss:` target.
    package var tls: TLSContext?
    /// What the requests that open WebSocket connections have beside the handshake's own fields.
    package var fields: [RequestField] = []
    package var realm = "realm1"
    /// What a bare WebSocket server is asked to speak; `nil`: nothing is asked for. WAMP has its own.
    package var subprotocol: String?
    /// Whom clients log in as, in turn; none: all are anonymous, and their HELLO says nothing of it.
    package var principals: [LoadPrincipal] = []
    package var workload: WorkloadParameters
    package var serializer: Serializer
    /// `nil`: permessage-deflate is not offered. If it is offered, the server must agree to it.
    package var deflate: DeflatePolicy?
    /// How results name the compression; `nil`: as the extension is offered.
    package var compressionName: String?
    package var limits: Limits
    /// Processors to pin the generator's threads to, in turn; empty: none are pinned.
    package var processors: [Int] = []
    /// Local addresses to connect from, in turn; empty: chosen by the number of connections.
    package var sources: [SocketAddress] = []
    /// Processes of the router on this machine that the user names: each must have the socket that listens. All that do, and their
    /// workers, are measured together, also where none is named.
    package var targetProcesses: [Int32] = []
    /// Whether whoever runs the load has started that process, which serves alone: nobody need look for it.
    package var targetIsOwn = false
    /// Cores that the router may use; `nil`: as many of its threads as were busy in the window.
    package var targetCores: Int?
    /// The router's name, for the results; `nil` where that is not known.
    package var targetName: String?
    /// Threads of the router, for the results; `nil` where that is not known.
    package var targetShards: Int?
    /// Opening handshakes that may be under way at the same time.
    package var pendingHandshakes = 256

    package init(target: LoadTarget, workload: WorkloadParameters, serializer: Serializer) {
        self.target = target
        self.workload = workload
        self.serializer = serializer
        limits = Limits()
        // The generator's own output is bounded by the operations in flight, and its time-outs by the phases.
        limits.setMaxQueuedOutput(.max / 2)
    }

    /// Connections that may be begun in a second, where ``WorkloadParameters/connectRate`` does not say.
    package static let defaultConnectRate = 4000.0
}
