import Bytes

/// Reads MsgPack in the steps of the message grammar.
struct MsgPackReader: ElementReader {
    var position = 0
    /// How many containers are open around the position.
    private(set) var depth = 0
    /// Elements of the message that are still to come.
    private var remaining = 0
    /// How many values are still to come in each container that ``skip(_:)`` has open. Kept from message to message:
    /// it is written before it is read.
    private var pending = InlineArray<128, Int>(repeating: 0)

    init() {}

    /// Starts over at `position`, inside `depth` containers.
    mutating func restart(at position: Int = 0, depth: Int = 0) {
        self.position = position
        self.depth = depth
        remaining = 0
    }

    // MARK: The message

    mutating func openMessage(_ bytes: Span<UInt8>) throws(WAMPViolation) {
        guard let head = MsgPackHead(bytes, at: position) else { throw .malformed(at: position) }
        guard case .list(let count) = head.content else { throw .notAMessage }
        position &+= head.length
        try checkRoom(bytes, count)
        remaining = count
        depth = 1
    }

    mutating func nextElement(_ bytes: Span<UInt8>) throws(WAMPViolation) -> Bool {
        if remaining > 0 {
            remaining &-= 1
            return true
        }
        guard position == bytes.count else { throw .malformed(at: position) }
        return false
    }

    // MARK: Single values

    func kind(_ bytes: Span<UInt8>) -> ElementKind {
        position < bytes.count ? MsgPackFormat.kind(bytes[position]) : .none
    }

    mutating func natural(_ bytes: Span<UInt8>) throws(WAMPViolation) -> UInt64? {
        let first = bytes.peek(position)
        if first < 0x80 {
            guard position < bytes.count else { throw .malformed(at: position) }
            position &+= 1
            return UInt64(first)
        }
        guard first >= MsgPackFormat.uint8, first <= 0xd3 else { return nil }
        let width = 1 << Int(first & 3)
        guard bytes.count &- position > width else { throw .malformed(at: position) }
        let raw: UInt64
        switch width {
        case 1: raw = UInt64(bytes[position &+ 1])
        case 2: raw = UInt64(bytes.bigEndian(UInt16.self, at: position &+ 1))
        case 4: raw = UInt64(bytes.bigEndian(UInt32.self, at: position &+ 1))
        default: raw = bytes.bigEndian(UInt64.self, at: position &+ 1)
        }
        // A signed format with its highest bit set is a negative integer.
        if first >= MsgPackFormat.int8, raw >> UInt64(width &* 8 &- 1) != 0 { return nil }
        position &+= 1 &+ width
        return raw
    }

    mutating func boolean(_ bytes: Span<UInt8>) throws(WAMPViolation) -> Bool? {
        switch bytes.peek(position) {
        case 0xc2:
            position &+= 1
            return false
        case 0xc3:
            position &+= 1
            return true
        default:
            return nil
        }
    }

    mutating func text(_ bytes: Span<UInt8>) throws(WAMPViolation) -> TextRange? {
        guard kind(bytes) == .text else { return nil }
        guard let head = MsgPackHead(bytes, at: position), case .text(let count) = head.content else {
            throw .malformed(at: position)
        }
        let start = position &+ head.length
        try skipText(bytes, start: start, count: count)
        return TextRange(range: start..<position, escaped: false)
    }

    // MARK: Containers

    /// - Returns: the number of pairs.
    mutating func openDictionary(_ bytes: Span<UInt8>) throws(WAMPViolation) -> Int? {
        guard kind(bytes) == .dictionary else { return nil }
        guard let head = MsgPackHead(bytes, at: position), case .dictionary(let count) = head.content else {
            throw .malformed(at: position)
        }
        try enter(head.length)
        try checkRoom(bytes, count &* 2)
        return count
    }

    mutating func nextKey(_ bytes: Span<UInt8>, _ progress: inout Int) throws(WAMPViolation) -> TextRange? {
        guard try nextItem(bytes, &progress) else { return nil }
        guard let key = try text(bytes) else { throw .malformed(at: position) }
        return key
    }

    /// - Returns: the number of items.
    mutating func openList(_ bytes: Span<UInt8>) throws(WAMPViolation) -> Int? {
        guard kind(bytes) == .list else { return nil }
        guard let head = MsgPackHead(bytes, at: position), case .list(let count) = head.content else {
            throw .malformed(at: position)
        }
        try enter(head.length)
        try checkRoom(bytes, count)
        return count
    }

    mutating func nextItem(_ bytes: Span<UInt8>, _ progress: inout Int) throws(WAMPViolation) -> Bool {
        if progress == 0 {
            depth &-= 1
            return false
        }
        progress &-= 1
        return true
    }

    private mutating func enter(_ headLength: Int) throws(WAMPViolation) {
        guard depth < ScanLimit.depth else { throw .nestedTooDeeply(at: position) }
        depth &+= 1
        position &+= headLength
    }

    /// Every value takes at least a byte: more values than bytes cannot be there.
    @inline(__always)
    private func checkRoom(_ bytes: Span<UInt8>, _ values: Int) throws(WAMPViolation) {
        guard values <= bytes.count &- position else { throw .malformed(at: position) }
    }

    @inline(__always)
    private mutating func skipText(_ bytes: Span<UInt8>, start: Int, count: Int) throws(WAMPViolation) {
        guard count <= bytes.count &- start else { throw .malformed(at: position) }
        position = try MsgPackReader.endOfText(bytes, start..<start &+ count)
    }

    /// Checks that a range is UTF-8 and returns its end.
    @inline(__always)
    private static func endOfText(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(WAMPViolation) -> Int {
        let end = range.upperBound
        var index = range.lowerBound
        while index < end {
            while index &+ 8 <= end, bytes.littleEndianWord(at: index) & 0x8080_8080_8080_8080 == 0 { index &+= 8 }
            guard index < end else { break }
            if bytes[index] < 0x80 {
                index &+= 1
            } else {
                // A sequence that reaches past the end of the string is cut off, whatever follows the string.
                let length = JSONReader.sequenceLength(bytes, at: index)
                guard length > 0, length <= end &- index else { throw .invalidUTF8(at: index) }
                index &+= length
            }
        }
        return end
    }

    // MARK: Passing values

    /// Passes one value, however deep it is nested, without recursion.
    mutating func skip(_ bytes: Span<UInt8>) throws(WAMPViolation) {
        let outside = depth
        var left = 1
        while true {
            while left == 0 {
                if depth == outside { return }
                depth &-= 1
                left = pending[depth &- outside]
            }
            guard let head = MsgPackHead(bytes, at: position) else { throw .malformed(at: position) }
            left &-= 1
            switch head.content {
            case .opaque(let count):
                guard count <= bytes.count &- position &- head.length else { throw .malformed(at: position) }
                position &+= head.length &+ count
            case .text(let count):
                try skipText(bytes, start: position &+ head.length, count: count)
            case .list(let count):
                try enter(head.length)
                pending[depth &- outside &- 1] = left
                try checkRoom(bytes, count)
                left = count
            case .dictionary(let count):
                try enter(head.length)
                pending[depth &- outside &- 1] = left
                try checkRoom(bytes, count &* 2)
                left = count &* 2
            }
        }
    }
}
