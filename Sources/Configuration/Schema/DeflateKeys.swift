/// Parameters of permessage-deflate: of `options.compression.deflate` in a file and of `--compression` alike.
extension Keys {
    package enum Compression {
        package static let deflate = Key<Tree?>(
            "deflate", .section("deflate"), "permessage-deflate (RFC 7692); `{}` enables it.")
    }

    package enum Deflate {
        package static let requestsNoContextTakeover = Key<Bool>(
            "request_no_context_takeover", initial: false, "Ask clients to compress each message for itself.")
        package static let requestedWindowBits = Key<Int>(
            "request_max_window_bits", .integer(9...15, orZero: true), initial: 0, note: "= do not ask",
            "Ask clients for a window of so many bits.")
        package static let noContextTakeover = Key<Bool?>(
            "no_context_takeover", .boolean, without: "what the client asks for", "Compress each message for itself.")
        package static let windowBits = Key<Int?>(
            "max_window_bits", .integer(9...15), without: "what the client asks for, else 15",
            "Bits of the window for sending.")
        package static let memoryLevel = Key<Int>(
            "memory_level", .integer(1...9), initial: 8, "zlib's memory level.")
        package static let level = Key<Int>(
            "level", .integer(0...9), initial: 6,
            "zlib's level: 0 does not compress, 1 is fast, 9 is thorough. Crossbar.io has no such key.")
        package static let threshold = Key<Int>(
            "threshold", .integer(0...67_108_864), initial: 0, note: "= all are compressed",
            "Octets below which a message is sent as it is. Crossbar.io has no such key.")
    }
}

extension Schema {
    static let compressionSections: [Section] = [
        Section("compression", "Compression", "", [Keys.Compression.deflate]),
        Section(
            "deflate", "permessage-deflate",
            "`--compression` of the command line has the same parameters: `deflate;max_window_bits=11;level=1`.",
            [
                Keys.Deflate.requestsNoContextTakeover, Keys.Deflate.requestedWindowBits,
                Keys.Deflate.noContextTakeover, Keys.Deflate.windowBits, Keys.Deflate.memoryLevel, Keys.Deflate.level,
                Keys.Deflate.threshold,
            ]),
    ]

    static let connectCompressionSections: [Section] = [
        Section(
            "connectCompression", "Compression of a connecting transport", "",
            [
                Row(
                    Keys.Compression.deflate.name, .section("connectDeflate"),
                    "permessage-deflate (RFC 7692) is offered; `{}` enables it. The router may decline.")
            ]),
        Section(
            "connectDeflate", "permessage-deflate of a connecting transport", "",
            section("deflate", of: compressionSections).keys.map(connectDeflate)),
    ]

    /// A client's view of a parameter.
    private static func connectDeflate(_ row: Row) -> Row {
        var row = row
        switch row.name {
        case Keys.Deflate.requestsNoContextTakeover.name:
            row.about = "Demand that the router compresses each message for itself."
        case Keys.Deflate.requestedWindowBits.name:
            row.about = "Demand that the router compresses with a window of at most so many bits."
        case Keys.Deflate.noContextTakeover.name:
            row.initial = "what the router asks for"
            row.about = "Compress each message for itself, and say so."
        case Keys.Deflate.windowBits.name:
            row.initial = "what the router asks for, else 15"
            row.about = "Bits of the window for sending, and say so."
        case _: break
        }
        return row
    }
}
