/// Keys of the `options` of a WebSocket transport, listening or connecting.
extension Keys {
    package enum Options {
        package static let allowedOrigins = Key<[String]>(
            "allowed_origins", .list(of: .text(.any)), initial: ["*"],
            "Origins of web pages that may connect; `*` stands for any text. The port of the scheme may be left out.")
        package static let allowsNullOrigin = Key<Bool>(
            "allow_null_origin", initial: true, "Pages without an origin (`null`, `file://`) may connect.")
        package static let externalPort = Key<Int?>(
            "external_port", .integer(1...65535), without: "not checked",
            "Port that the `Host` of a request must name, where it names one.")
        package static let speaksHybi10 = Key<Bool>(
            "enable_hybi10", initial: true,
            "Accepts version 8 of the protocol, whose `Sec-WebSocket-Origin` is checked.")
        package static let speaksRFC6455 = Key<Bool>(
            "enable_rfc6455", initial: true, "Accepts version 13 of the protocol.")
        package static let openHandshakeTimeout = Key<Milliseconds>(
            "open_handshake_timeout", .milliseconds, initial: 5000,
            "Milliseconds for the opening handshakes, TLS included; 0: whoever sends nothing may stay.")
        package static let closeHandshakeTimeout = Key<Milliseconds>(
            "close_handshake_timeout", .milliseconds, initial: 2000,
            "Milliseconds from our Close to the peer's; 0: a peer that does not answer may stay.")
        package static let showsStatusPage = Key<Bool>("enable_webstatus", initial: true, "Browsers get a status page.")
        package static let validatesUTF8 = Key<Bool>(
            "validate_utf8", initial: true,
            "Text that is not UTF-8 ends the connection with 1007; else it is malformed JSON, 1002. Costs nothing.")
        package static let masksServerFrames = Key<Bool>(
            "mask_server_frames", initial: false, "The server masks its frames, against RFC 6455.")
        package static let requiresMaskedClientFrames = Key<Bool>(
            "require_masked_client_frames", initial: true, "Frames without mask end the connection.")
        package static let appliesMask = Key<Bool>(
            "apply_mask", initial: true, "Payloads are masked where the header says so. A test aid.")
        package static let maxFrameSize = Key<OctetLimit>(
            "max_frame_size", size, initial: 0, note: "= no limit", "Octets of one incoming frame, as on the wire.")
        package static let maxMessageSize = Key<OctetLimit>(
            "max_message_size", size, initial: 16_777_216,
            "Octets of one incoming message, on the wire and inflated; 0 = no limit.")
        package static let fragmentSize = Key<Int>(
            "auto_fragment_size", size, initial: 0, note: "= off",
            "Outgoing messages are cut in frames of so many octets.")
        package static let failsByDrop = Key<Bool>(
            "fail_by_drop", initial: false, "Violations end the connection without a Close frame.")
        package static let echoesCloseReason = Key<Bool>(
            "echo_close_codereason", initial: false,
            "A Close is answered with its own code and reason, else with 1000.")
        package static let noDelay = Key<Bool>("tcp_nodelay", initial: true, "Switches Nagle's algorithm off.")
        package static let autoPingInterval = Key<Milliseconds>(
            "auto_ping_interval", .milliseconds, initial: 0, note: "= off",
            "Milliseconds from one pong to the next ping.")
        package static let autoPingTimeout = Key<Milliseconds>(
            "auto_ping_timeout", .milliseconds, initial: 0, note: "= off",
            "Milliseconds until a ping must be answered; the connection is reset.")
        package static let autoPingSize = Key<Int>(
            "auto_ping_size", .integer(12...125), initial: 12, "Octets of a ping.")
        package static let autoPingRestartsOnTraffic = Key<Bool>(
            "auto_ping_restart_on_any_traffic", initial: true, "Whatever the peer sends does for a pong.")
        package static let compression = Key<Tree?>(
            "compression", .section("compression"), without: "none", "Compression of messages.")
        package static let requiresSubprotocol = Key<Bool>(
            "require_websocket_subprotocol", initial: true,
            "A client that offers no known subprotocol is refused; else it speaks JSON.")
        package static let showsVersion = Key<Bool>(
            "show_server_version", initial: false, "The answer's `Server` has the version, too.")

        private static let size = Shape.integer(0...67_108_864)
    }
}

extension Schema {
    private static func off(_ why: String) -> Support { .only([.boolean(false)], why) }

    static let optionSections: [Section] = [
        Section(
            "options", "WebSocket options", "",
            [
                Keys.Options.allowedOrigins, Keys.Options.allowsNullOrigin, Keys.Options.externalPort,
                Keys.Options.speaksHybi10, Keys.Options.speaksRFC6455, Keys.Options.openHandshakeTimeout,
                Keys.Options.closeHandshakeTimeout, Keys.Options.showsStatusPage, Keys.Options.validatesUTF8,
                Keys.Options.masksServerFrames, Keys.Options.requiresMaskedClientFrames, Keys.Options.appliesMask,
                Keys.Options.maxFrameSize, Keys.Options.maxMessageSize, Keys.Options.fragmentSize,
                Keys.Options.failsByDrop, Keys.Options.echoesCloseReason, Keys.Options.noDelay,
                Keys.Options.autoPingInterval, Keys.Options.autoPingTimeout, Keys.Options.autoPingSize,
                Keys.Options.autoPingRestartsOnTraffic, Keys.Options.compression, Keys.Options.requiresSubprotocol,
                Keys.Options.showsVersion,
                Row("enable_flash_policy", .boolean, initial: false, off("obsolete"), "Answers requests of Flash."),
                Row("flash_policy", .text(.any), .none("obsolete"), "What Flash is answered."),
            ], rules: [.someVersion])
    ]
}
