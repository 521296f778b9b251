import CRennbahnMsgPack
import RennbahnBytes

// The island of msgpack-c: values packed and unpacked by the library.

/// Reads MsgPack into values.
enum MsgPackValueReader {
    static func read(_ bytes: Span<UInt8>) throws(WAMPViolation) -> WAMPValue {
        // The library reserves memory for as many items as a head announces; so the lengths are checked first.
        var reader = MsgPackReader()
        try reader.skip(bytes)
        guard reader.position == bytes.count else { throw .malformed(at: reader.position) }

        var zone = unsafe msgpack_zone()
        guard unsafe msgpack_zone_init(&zone, 2048) else { preconditionFailure("out of memory") }
        defer { unsafe msgpack_zone_destroy(&zone) }
        var object = unsafe msgpack_object()
        let outcome = unsafe bytes.withUnsafeBytes { raw in
            unsafe msgpack_unpack(
                raw.baseAddress?.assumingMemoryBound(to: CChar.self), raw.count, nil, &zone, &object)
        }
        // What the scan has accepted and the library refuses is nested deeper than the library's stack.
        guard outcome == MSGPACK_UNPACK_SUCCESS else { throw .nestedTooDeeply(at: 0) }
        return try unsafe value(object)
    }

    private static func value(_ object: msgpack_object) throws(WAMPViolation) -> WAMPValue {
        switch unsafe object.type {
        case MSGPACK_OBJECT_NIL: return .null
        case MSGPACK_OBJECT_BOOLEAN: return unsafe .bool(object.via.boolean)
        case MSGPACK_OBJECT_POSITIVE_INTEGER: return unsafe WAMPValue(object.via.u64)
        case MSGPACK_OBJECT_NEGATIVE_INTEGER: return unsafe .integer(object.via.i64)
        case MSGPACK_OBJECT_FLOAT32, MSGPACK_OBJECT_FLOAT64: return unsafe .double(object.via.f64)
        case MSGPACK_OBJECT_STR:
            return unsafe .string(
                text(UnsafeRawBufferPointer(start: object.via.str.ptr, count: Int(object.via.str.size))))
        case MSGPACK_OBJECT_BIN:
            return unsafe .binary(
                Array(UnsafeRawBufferPointer(start: object.via.bin.ptr, count: Int(object.via.bin.size))))
        case MSGPACK_OBJECT_ARRAY:
            var items: [WAMPValue] = []
            for index in 0..<Int(unsafe object.via.array.size) {
                items.append(try unsafe value(object.via.array.ptr[index]))
            }
            return .list(items)
        case MSGPACK_OBJECT_MAP:
            var pairs: [WAMPDictionary.Pair] = []
            for index in 0..<Int(unsafe object.via.map.size) {
                let pair = unsafe object.via.map.ptr[index]
                pairs.append(
                    WAMPDictionary.Pair(key: try unsafe key(pair.key), value: try unsafe value(pair.val)))
            }
            return .dictionary(WAMPDictionary(pairs))
        default:
            throw .notConvertible(at: 0)
        }
    }

    /// WAMP's keys are strings; an integer is taken as its digits, as the transcoder does.
    private static func key(_ object: msgpack_object) throws(WAMPViolation) -> String {
        switch try unsafe value(object) {
        case .string(let text): return text
        case .integer(let value): return String(value)
        case .unsigned(let value): return String(value)
        case .null, .bool, .double, .binary, .list, .dictionary: throw .notConvertible(at: 0)
        }
    }

    private static func text(_ bytes: UnsafeRawBufferPointer) -> String {
        unsafe String(decoding: bytes, as: UTF8.self)
    }
}

/// Writes values as MsgPack.
enum MsgPackValueWriter {
    static func write(_ value: WAMPValue, into output: inout ByteBuffer) {
        var packed = unsafe msgpack_sbuffer()
        unsafe msgpack_sbuffer_init(&packed)
        defer { unsafe msgpack_sbuffer_destroy(&packed) }
        unsafe withUnsafeMutablePointer(to: &packed) { target in
            var packer = unsafe msgpack_packer()
            unsafe msgpack_packer_init(&packer, target, msgpack_sbuffer_write)
            unsafe pack(value, &packer)
        }
        let bytes = unsafe UnsafeRawBufferPointer(start: packed.data, count: packed.size)
        unsafe output.append(Span<UInt8>(_unsafeBytes: bytes))
    }

    private static func pack(_ value: WAMPValue, _ packer: inout msgpack_packer) {
        switch value {
        case .null: unsafe check(msgpack_pack_nil(&packer))
        case .bool(let flag): unsafe check(flag ? msgpack_pack_true(&packer) : msgpack_pack_false(&packer))
        case .integer(let value): unsafe check(msgpack_pack_int64(&packer, value))
        case .unsigned(let value): unsafe check(msgpack_pack_uint64(&packer, value))
        case .double(let value): unsafe check(msgpack_pack_double(&packer, value))
        case .string(let text): unsafe pack(text, &packer)
        case .binary(let bytes):
            unsafe bytes.withUnsafeBytes { raw in
                unsafe check(msgpack_pack_bin(&packer, raw.count))
                if raw.count > 0 { unsafe check(msgpack_pack_bin_body(&packer, raw.baseAddress, raw.count)) }
            }
        case .list(let items):
            unsafe check(msgpack_pack_array(&packer, items.count))
            for item in items { unsafe pack(item, &packer) }
        case .dictionary(let dictionary):
            unsafe check(msgpack_pack_map(&packer, dictionary.count))
            for pair in dictionary.pairs {
                unsafe pack(pair.key, &packer)
                unsafe pack(pair.value, &packer)
            }
        }
    }

    private static func pack(_ text: String, _ packer: inout msgpack_packer) {
        var text = text
        text.withUTF8 { bytes in
            unsafe check(msgpack_pack_str(&packer, bytes.count))
            if bytes.count > 0 { unsafe check(msgpack_pack_str_body(&packer, bytes.baseAddress, bytes.count)) }
        }
    }

    /// Packing into memory fails only when there is none left.
    private static func check(_ outcome: Int32) {
        precondition(outcome == 0, "out of memory")
    }
}
