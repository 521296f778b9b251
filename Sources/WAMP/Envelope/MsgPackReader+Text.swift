import RennbahnBytes

// The contents of MsgPack strings: UTF-8, nearly always ASCII alone.

extension MsgPackReader {
    /// Checks that `count` bytes from `start` on are there and are UTF-8.
    ///
    /// - Parameter head: where the head of the string stands.
    /// - Returns: where they end.
    @inline(__always)
    static func endOfText(
        _ bytes: Span<UInt8>, from start: Int, count: Int, head: Int
    ) throws(WAMPViolation) -> Int {
        guard count <= bytes.count &- start else { throw .malformed(at: head) }
        let end = start &+ count
        if isShortASCII(bytes, start, count) { return end }
        try checkText(bytes, start, end)
        return end
    }

    /// Whether it is a string of up to 32 bytes, all ASCII. False says nothing.
    ///
    /// From nine bytes on two loads overlap in the middle. Up to eight, what stands behind the string is moved out of the
    /// word, in two steps, since of an empty string all is.
    @inline(__always)
    private static func isShortASCII(_ bytes: Span<UInt8>, _ start: Int, _ count: Int) -> Bool {
        if count > 16 {
            guard count <= 32, let first = bytes.block(at: start), let last = bytes.block(at: start &+ count &- 16)
            else { return false }
            return !ByteBlock.isAnyMarked(first | last)
        }
        guard let first = bytes.word(at: start) else { return count == 0 }
        if count > 8 {
            guard let last = bytes.word(at: start &+ count &- 8) else { return false }
            return (first | last) & marks == 0
        }
        let half = UInt64(truncatingIfNeeded: 8 &- count) &* 4
        return ((first & marks) &<< half) &<< half == 0
    }

    /// Checks a string of any length and contents.
    @inline(never)
    private static func checkText(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) throws(WAMPViolation) {
        var index = start
        while end &- index >= 64, let blocks = bytes.blocks(at: index),
            !ByteBlock.isAnyMarked(blocks.first | blocks.second | blocks.third | blocks.fourth)
        {
            index &+= 64
        }
        while end &- index >= 16, let block = bytes.block(at: index), !ByteBlock.isAnyMarked(block) { index &+= 16 }
        // The last sixteen bytes of the string once more.
        if end &- start >= 16, end &- index < 16, let block = bytes.block(at: end &- 16), !ByteBlock.isAnyMarked(block)
        {
            return
        }
        try checkMixedText(bytes, index, end)
    }

    /// Checks what is left of a string, from a first byte of a letter on, where others than ASCII are near.
    private static func checkMixedText(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) throws(WAMPViolation) {
        var index = start
        while index < end {
            // A sequence that reaches past the end of the string is cut off, whatever follows the string.
            while index < end, bytes.peek(index) >= 0x80 {
                let length = JSONReader.sequenceLength(bytes, at: index)
                guard length > 0, length <= end &- index else { throw .invalidUTF8(at: index) }
                index &+= length
            }
            while end &- index >= 8, let word = bytes.word(at: index) {
                index &+= (word & marks).trailingZeroBitCount >> 3
                if word & marks != 0 { break }
            }
            while index < end, bytes.peek(index) < 0x80 { index &+= 1 }
        }
    }

    /// The highest bit of each byte, which ASCII does not have.
    private static var marks: UInt64 { 0x8080_8080_8080_8080 }
}
