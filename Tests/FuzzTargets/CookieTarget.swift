import RennbahnBytes
import RennbahnCookies

extension FuzzTarget {
    /// Whether what follows is a file or payloads that get their checksums here; the room of the jar. Taken where there is a
    /// change in it.
    static let cookies = FuzzTarget("cookies", longest: 4096) { input in
        var input = InputReader(input)
        let choices = input.octet()
        let bytes = choices & 1 == 0 ? Array(input.rest) : logged(input.pieces(most: 200))
        guard let contents = try? CookieLog.contents(of: bytes.span) else { return [] }
        try hold(contents.soundCount <= bytes.count, "\(contents.soundCount) octets are sound")
        try checkRewritten(contents)
        if !contents.isDamaged { try checkPrefix(of: bytes, contents) }
        try checkJar(contents.changes, capacity: 1 + Int(choices >> 1))
        return contents.changes.isEmpty ? [] : ["cookies"]
    }

    /// A file with these payloads.
    private static func logged(_ payloads: [[UInt8]]) -> [UInt8] {
        var output = ByteBuffer()
        output.append(CookieLog.magic)
        for payload in payloads {
            output.append(bigEndian: UInt32(payload.count))
            output.append(bigEndian: checksum(payload))
            output.append(payload.span)
        }
        return output.span.copied()
    }

    /// CRC-32 bit by bit.
    private static func checksum(_ bytes: [UInt8]) -> UInt32 {
        var value = UInt32.max
        for byte in bytes {
            value ^= UInt32(byte)
            for _ in 0..<8 { value = value & 1 != 0 ? value >> 1 ^ 0xedb8_8320 : value >> 1 }
        }
        return ~value
    }

    private static func checkRewritten(_ contents: CookieLog.Contents) throws {
        var output = ByteBuffer()
        output.append(CookieLog.magic)
        for change in contents.changes { CookieLog.append(change, to: &output) }
        let again = try CookieLog.contents(of: output.span)
        try hold(again.changes == contents.changes, "what was read is written and read again")
        try hold(again.soundCount == output.count && !again.isDamaged, "all of it is sound")
    }

    /// Torn anywhere, a file holds the first of its changes.
    private static func checkPrefix(of bytes: [UInt8], _ contents: CookieLog.Contents) throws {
        for place in [bytes.count / 3, bytes.count / 2, max(0, bytes.count - 1)] {
            let torn = try CookieLog.contents(of: bytes.span.extracting(0..<place))
            try hold(torn.soundCount <= place, "\(torn.soundCount) octets of \(place) are sound")
            try hold(contents.changes.starts(with: torn.changes), "torn at \(place) it holds the first changes")
        }
    }

    private static func checkJar(_ changes: [CookieChange], capacity: Int) throws {
        let now: UInt64 = 1_700_000_000
        var jar = CookieJar(policy: CookiePolicy(), capacity: capacity)
        jar.restore(changes, now: now)
        try hold(jar.count <= capacity, "\(jar.count) cookies are in a jar for \(capacity)")
        var other = CookieJar(policy: CookiePolicy(), capacity: capacity)
        other.restore(jar.snapshot, now: now)
        try hold(other.snapshot == jar.snapshot, "a jar is what its snapshot says")
    }
}
