extension Schema {
    private static let size = Shape.integer(0...67_108_864)
    private static func off(_ why: String) -> Support { .only([.boolean(false)], why) }

    static let optionSections: [Section] = [
        Section(
            "options", "WebSocket options", "",
            [
                Key(
                    "allowed_origins", .list(of: .text(.any)), initial: "`[\"*\"]`",
                    "Origins of web pages that may connect; `*` stands for any text. The port of the scheme may be left out."
                ),
                Key(
                    "allow_null_origin", .boolean, initial: "true",
                    "Pages without an origin (`null`, `file://`) may connect."),
                Key(
                    "external_port", .integer(1...65535), initial: "not checked",
                    "Port that the `Host` of a request must name, where it names one."),
                Key(
                    "enable_hybi10", .boolean, initial: "true",
                    "Accepts version 8 of the protocol, whose `Sec-WebSocket-Origin` is checked."),
                Key("enable_rfc6455", .boolean, initial: "true", "Accepts version 13 of the protocol."),
                Key(
                    "open_handshake_timeout", .milliseconds, initial: "5000",
                    "Milliseconds for the opening handshakes, TLS included; 0: whoever sends nothing may stay."
                ),
                Key(
                    "close_handshake_timeout", .milliseconds, initial: "2000",
                    "Milliseconds from our Close to the peer's; 0: a peer that does not answer may stay."),
                Key("enable_webstatus", .boolean, initial: "true", "Browsers get a status page."),
                Key(
                    "validate_utf8", .boolean, initial: "true",
                    "Text that is not UTF-8 ends the connection with 1007; else it is malformed JSON, 1002. Costs nothing."
                ),
                Key("mask_server_frames", .boolean, initial: "false", "The server masks its frames, against RFC 6455."),
                Key(
                    "require_masked_client_frames", .boolean, initial: "true", "Frames without mask end the connection."
                ),
                Key(
                    "apply_mask", .boolean, initial: "true", "Payloads are masked where the header says so. A test aid."
                ),
                Key("max_frame_size", size, initial: "0 = no limit", "Octets of one incoming frame, as on the wire."),
                Key(
                    "max_message_size", size, initial: "16777216",
                    "Octets of one incoming message, on the wire and inflated; 0 = no limit."),
                Key(
                    "auto_fragment_size", size, initial: "0 = off",
                    "Outgoing messages are cut in frames of so many octets."),
                Key("fail_by_drop", .boolean, initial: "false", "Violations end the connection without a Close frame."),
                Key(
                    "echo_close_codereason", .boolean, initial: "false",
                    "A Close is answered with its own code and reason, else with 1000."),
                Key("tcp_nodelay", .boolean, initial: "true", "Switches Nagle's algorithm off."),
                Key(
                    "auto_ping_interval", .milliseconds, initial: "0 = off",
                    "Milliseconds from one pong to the next ping."),
                Key(
                    "auto_ping_timeout", .milliseconds, initial: "0 = off",
                    "Milliseconds until a ping must be answered; the connection is reset."),
                Key("auto_ping_size", .integer(12...125), initial: "12", "Octets of a ping."),
                Key(
                    "auto_ping_restart_on_any_traffic", .boolean, initial: "true",
                    "Whatever the peer sends does for a pong."),
                Key("compression", .section("compression"), initial: "none", "Compression of messages."),
                Key(
                    "require_websocket_subprotocol", .boolean, initial: "true",
                    "A client that offers no known subprotocol is refused; else it speaks JSON."),
                Key("show_server_version", .boolean, initial: "false", "The answer's `Server` has the version, too."),
                Key("enable_flash_policy", .boolean, initial: "false", off("obsolete"), "Answers requests of Flash."),
                Key("flash_policy", .text(.any), .none("obsolete"), "What Flash is answered."),
            ], rules: [.someVersion]),
        Section(
            "compression", "Compression", "",
            [
                Key("deflate", .section("deflate"), "permessage-deflate (RFC 7692); `{}` enables it.")
            ]),
        Section(
            "deflate", "permessage-deflate", "",
            [
                Key(
                    "request_no_context_takeover", .boolean, initial: "false",
                    "Ask clients to compress each message for itself."),
                Key(
                    "request_max_window_bits", .integer(9...15, orZero: true), initial: "0 = do not ask",
                    "Ask clients for a window of so many bits."),
                Key(
                    "no_context_takeover", .boolean, initial: "what the client asks for",
                    "Compress each message for itself."),
                Key(
                    "max_window_bits", .integer(9...15), initial: "what the client asks for, else 15",
                    "Bits of the window for sending."),
                Key("memory_level", .integer(1...9), initial: "8", "zlib's memory level."),
                Key(
                    "threshold", size, initial: "0 = all are compressed",
                    "Octets below which a message is sent as it is. Crossbar.io has no such key."),
            ]),
        Section(
            "cookie", "Cookie tracking", "",
            [
                Key("name", .text(.cookieName), initial: "`cbtid`", "Name of the cookie."),
                Key("length", .integer(6...64), initial: "24", "Characters of its value."),
                Key("max_age", .integer(1...311_040_000), initial: "604800", "Seconds that it lives."),
                Key(
                    "store",
                    .variants([
                        ("memory", "cookieMemory", .full), ("file", "cookieFile", .full),
                        ("database", "", .none("use file")),
                    ]), required: true, "Where cookies are kept."),
                Key("secure", .boolean, initial: "false", "Sent over TLS only."),
                Key("http_strict", .boolean, initial: "false", "Hidden from scripts."),
                Key("same_site", .choices("Strict", "Lax", "None"), "Whether other sites' requests carry it."),
            ]),
        Section(
            "cookieMemory", "Cookie store: memory", "",
            [Key("type", .choices("memory"), required: true, "Kind of the store.")]
        ),
        Section(
            "cookieFile", "Cookie store: file", "",
            [
                Key("type", .choices("file"), required: true, "Kind of the store."),
                Key(
                    "filename", .text(.any), required: true,
                    "Path of the file, from the folder of the configuration. No two transports may share it."),
                Key(
                    "purge_on_startup", .boolean, initial: "false",
                    "Writes the file anew at the start, without cookies that are older than `max_age`."),
            ]),
    ]
}
