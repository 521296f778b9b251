import CRennbahnZlib

/// zlib's compression of all at once (RFC 1950).
enum ZlibStream {
    static func compressed(_ bytes: [UInt8]) throws(ExportRefusal) -> [UInt8] {
        var size = compressBound(uLong(bytes.count))
        var stream = [UInt8](repeating: 0, count: Int(size))
        let status = unsafe bytes.withUnsafeBufferPointer { source in
            unsafe stream.withUnsafeMutableBufferPointer { target in
                unsafe compress2(
                    target.baseAddress, &size, source.baseAddress, uLong(source.count), Z_DEFAULT_COMPRESSION)
            }
        }
        // There is room for all that it may become: only memory can be missing.
        guard status == Z_OK else { throw ExportRefusal("zlib could not compress a histogram (\(status))") }
        return Array(stream.prefix(Int(size)))
    }
}
