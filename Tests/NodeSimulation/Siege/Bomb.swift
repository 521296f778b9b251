import RennbahnBytes
import RennbahnWebSocketDeflate

/// A HELLO of some kilobytes on the wire, which inflates to megabytes.
enum Bomb {
    static let offer = "Sec-WebSocket-Extensions: permessage-deflate\r\n"

    static let hello: [UInt8] = {
        var text = ByteBuffer()
        text.append(#"[1,"realm1",{"roles":{"caller":{}},"x":""#)
        for _ in 0..<(2 << 20) { text.append(UInt8(ascii: "a")) }
        text.append(#""}]"#)
        var deflater = Deflater(windowBits: 15, memoryLevel: 8, level: 9, contextTakeover: false)
        var pool = CodecPool()
        var compressed = ByteBuffer()
        guard deflater.compress(text.span, into: &compressed, pool: &pool) else { preconditionFailure("no memory") }
        return compressed.span.copied()
    }()
}
