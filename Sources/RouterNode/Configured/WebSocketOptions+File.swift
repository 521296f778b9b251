package import RennbahnConfiguration
package import RennbahnTransport
import RennbahnWebSocket

extension WebSocketOptions {
    /// The `options` of a checked transport; without them, what Crossbar.io has.
    package init(configured tree: Tree?, _ version: String) {
        self.init()
        func flag(_ key: String, _ initial: Bool) -> Bool { tree?[key]?.boolean ?? initial }
        func number(_ key: String) -> Int { tree?[key]?.integer ?? 0 }
        versions = []
        if flag("enable_hybi10", true) { versions.insert(.hybi10) }
        if flag("enable_rfc6455", true) { versions.insert(.rfc6455) }
        origins = OriginPolicy(
            patterns: tree?["allowed_origins"]?.elements.compactMap(\.text) ?? ["*"],
            allowsNull: flag("allow_null_origin", true))
        externalPort = tree?["external_port"]?.integer.map { UInt16(clamping: $0) }
        showsStatusPage = flag("enable_webstatus", true)
        serverName = flag("show_server_version", false) ? "Rennbahn/\(version)" : "Rennbahn"
        validatesUTF8 = flag("validate_utf8", true)
        masksServerFrames = flag("mask_server_frames", false)
        requiresMaskedClientFrames = flag("require_masked_client_frames", true)
        appliesMask = flag("apply_mask", true)
        maxFrameSize = number("max_frame_size") > 0 ? number("max_frame_size") : Int.max
        fragmentSize = number("auto_fragment_size")
        failsByDrop = flag("fail_by_drop", false)
        closeAnswer = flag("echo_close_codereason", false) ? .codeAndReason : .normalClosure
        noDelay = flag("tcp_nodelay", true)
        if number("auto_ping_interval") > 0 {
            autoPing = AutoPing(
                interval: UInt64(clamping: number("auto_ping_interval")) * 1_000_000,
                timeout: UInt64(clamping: number("auto_ping_timeout")) * 1_000_000,
                size: tree?["auto_ping_size"]?.integer ?? 12,
                restartsOnTraffic: flag("auto_ping_restart_on_any_traffic", true))
        }
    }
}
