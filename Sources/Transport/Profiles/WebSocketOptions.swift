package import RennbahnWebSocket

/// What the `options` of a WebSocket transport say, apart from ``Limits`` and compression. What a value stands
/// for at first is how the transport behaves without options; times are in nanoseconds.
package struct WebSocketOptions: Sendable, Equatable {
    /// What our Close frame says in answer to the peer's.
    package enum CloseAnswer: Sendable, Equatable {
        /// 1000, whatever the peer's code is: `echo_close_codereason: false`.
        case normalClosure
        /// The peer's code.
        case code
        /// The peer's code and reason: `echo_close_codereason: true`.
        case codeAndReason
    }

    /// When to look whether a silent peer is still there.
    package struct AutoPing: Sendable, Equatable {
        /// From one pong (or, with ``restartsOnTraffic``, any octets of the peer) to the next ping.
        package var interval: UInt64
        /// From a ping to the drop of a connection without a pong; 0: it is never dropped, and gets no further ping.
        package var timeout: UInt64
        /// Octets of a ping's payload, 12 to 125.
        package var size: Int
        /// Whether anything that the peer sends does for a pong.
        package var restartsOnTraffic: Bool

        package init(interval: UInt64, timeout: UInt64 = 0, size: Int = 12, restartsOnTraffic: Bool = true) {
            precondition(interval > 0 && (12...125).contains(size))
            self.interval = interval
            self.timeout = timeout
            self.size = size
            self.restartsOnTraffic = restartsOnTraffic
        }
    }

    /// `enable_hybi10` and `enable_rfc6455`: versions that a server speaks.
    package var versions = ProtocolVersions.all
    /// `allowed_origins` and `allow_null_origin`.
    package var origins = OriginPolicy.any
    /// `external_port`: the port that `Host` must name, where it names one.
    package var externalPort: UInt16?
    /// `url`: under which clients reach the transport, as the status page tells it.
    package var url: String?
    /// `enable_webstatus`: answers a plain GET with a page instead of 426.
    package var showsStatusPage = false
    /// `show_server_version`: the `Server` field of the response; `nil`: there is none.
    package var serverName: String?
    /// `validate_utf8`: whether text that is not UTF-8 is answered with 1007. Where ``LinkProfile/validatesText`` is false,
    /// the owner of the loop finds it, and asks.
    package var validatesUTF8 = true
    /// `mask_server_frames`, against RFC 6455.
    package var masksServerFrames = false
    /// `require_masked_client_frames`.
    package var requiresMaskedClientFrames = true
    /// `apply_mask`: whether mask keys are applied, in both directions. A test aid.
    package var appliesMask = true
    /// `max_frame_size`: octets of payload of one frame, as on the wire.
    package var maxFrameSize = Int.max
    /// `auto_fragment_size`: longer messages are sent in frames of so many octets; 0: never.
    package var fragmentSize = 0
    /// `fail_by_drop`: a peer that breaks the protocol is reset, without a Close frame.
    package var failsByDrop = false
    /// `echo_close_codereason`.
    package var closeAnswer = CloseAnswer.code
    /// `tcp_nodelay`.
    package var noDelay = true
    /// `auto_ping_…`; `nil`: no pings.
    package var autoPing: AutoPing?

    package init() {}

    /// How frames go out; `nil`: in the plain way of the role.
    func shape(_ role: Role) -> FrameShape? {
        switch role {
        case .server where masksServerFrames || fragmentSize > 0, .client where !appliesMask || fragmentSize > 0:
            plainShape(role)
        case .server, .client: nil
        }
    }

    /// As ``shape(_:)``, the plain way included.
    func plainShape(_ role: Role) -> FrameShape {
        switch role {
        case .server: FrameShape(fragmentSize: fragmentSize, masks: masksServerFrames, appliesMask: appliesMask)
        case .client: FrameShape(fragmentSize: fragmentSize, masks: true, appliesMask: appliesMask)
        }
    }
}
