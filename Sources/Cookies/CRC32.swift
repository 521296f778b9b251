import RennbahnBytes

/// The checksum of Ethernet, gzip and PNG (polynomial 0x04C11DB7, reflected): it finds torn and damaged records, and is no
/// protection against who writes them on purpose.
enum CRC32 {
    private static let table: [UInt32] = (0..<256).map { (index: UInt32) in
        (0..<8).reduce(index) { value, _ in value & 1 != 0 ? value >> 1 ^ 0xedb8_8320 : value >> 1 }
    }

    static func checksum(_ bytes: Span<UInt8>) -> UInt32 {
        let table = table
        var value = UInt32.max
        for index in bytes.indices {
            value = value >> 8 ^ table[Int(UInt8(truncatingIfNeeded: value) ^ bytes[index])]
        }
        return ~value
    }
}
