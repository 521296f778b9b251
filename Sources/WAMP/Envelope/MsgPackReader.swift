import RennbahnBytes

/// Reads MsgPack in the steps of the message grammar.
struct MsgPackReader: ElementReader {
    var position = 0
    /// How many containers are open around the position.
    var depth = 0
    /// Elements of the message that are still to come.
    var remaining = 0
    /// How many values are still to come in each container that ``skip(_:)`` has open. Kept from message to message:
    /// it is written before it is read.
    private var pending = InlineArray<128, Int>(repeating: 0)

    mutating func restart() {
        position = 0
        depth = 0
        remaining = 0
    }

    /// Goes back to the start of bytes that stand inside one list.
    mutating func restartInList() {
        restart()
        depth = 1
    }

    // MARK: The message

    @inline(__always)
    mutating func openMessage(_ bytes: Span<UInt8>) throws(WAMPViolation) -> Bool {
        guard let head = MsgPackHead(bytes, at: position) else { throw .malformed(at: position) }
        guard case .list(let count) = head.content else { throw .notAMessage }
        position &+= head.length
        try checkRoom(bytes, count)
        remaining = count
        depth = 1
        return try nextElement(bytes)
    }

    @inline(__always)
    mutating func nextElement(_ bytes: Span<UInt8>) throws(WAMPViolation) -> Bool {
        if remaining > 0 {
            remaining &-= 1
            return true
        }
        guard position == bytes.count else { throw .malformed(at: position) }
        return false
    }

    // MARK: Single values

    @inline(__always)
    func kind(_ bytes: Span<UInt8>) -> ElementKind {
        position < bytes.count ? MsgPackFormat.kind(bytes.peek(position)) : .none
    }

    @inline(__always)
    mutating func natural(_ bytes: Span<UInt8>) throws(WAMPViolation) -> UInt64? {
        let first = bytes.peek(position)
        if first < 0x80, position < bytes.count {
            position &+= 1
            return UInt64(first)
        }
        return try longNatural(bytes)
    }

    private mutating func longNatural(_ bytes: Span<UInt8>) throws(WAMPViolation) -> UInt64? {
        guard position < bytes.count else { throw .malformed(at: position) }
        let first = bytes.peek(position)
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

    @inline(__always)
    mutating func text(_ bytes: Span<UInt8>) throws(WAMPViolation) -> TextRange? {
        let first = bytes.peek(position)
        if first & 0xe0 == 0xa0 {
            let start = position &+ 1
            position = try MsgPackReader.endOfText(bytes, from: start, count: Int(first & 0x1f), head: position)
            return TextRange(range: start..<position, escaped: false)
        }
        return try longText(bytes)
    }

    private mutating func longText(_ bytes: Span<UInt8>) throws(WAMPViolation) -> TextRange? {
        guard kind(bytes) == .text else { return nil }
        guard let head = MsgPackHead(bytes, at: position), case .text(let count) = head.content else {
            throw .malformed(at: position)
        }
        let start = position &+ head.length
        position = try MsgPackReader.endOfText(bytes, from: start, count: count, head: position)
        return TextRange(range: start..<position, escaped: false)
    }

    @inline(__always)
    mutating func skipEmptyDictionary(_ bytes: Span<UInt8>) -> Bool {
        guard bytes.peek(position) == 0x80 else { return false }
        position &+= 1
        return true
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

    // MARK: Passing values

    /// Passes one value, however deep it is nested, without recursion.
    mutating func skip(_ bytes: Span<UInt8>) throws(WAMPViolation) {
        var index = position
        // Containers that were entered, and values that are still to come in the innermost.
        var entered = 0
        var left = 1
        let room = ScanLimit.depth &- depth
        while true {
            while left == 0 {
                if entered == 0 {
                    position = index
                    return
                }
                entered &-= 1
                left = pending[entered]
            }
            guard let first = bytes.byte(at: index) else { throw .malformed(at: index) }
            left &-= 1
            let values: Int
            switch first {
            case 0x00...0x7f, 0xe0...0xff, 0xc0, 0xc2, 0xc3:
                index &+= 1
                continue
            case 0xa0...0xbf:
                index = try MsgPackReader.endOfText(bytes, from: index &+ 1, count: Int(first & 0x1f), head: index)
                continue
            case 0x80...0x8f:
                values = Int(first & 0x0f) &* 2
                guard entered < room else { throw .nestedTooDeeply(at: index) }
                index &+= 1
            case 0x90...0x9f:
                values = Int(first & 0x0f)
                guard entered < room else { throw .nestedTooDeeply(at: index) }
                index &+= 1
            case 0xda where bytes.holds(3, at: index):
                let count = Int(bytes.peek(index &+ 1)) << 8 | Int(bytes.peek(index &+ 2))
                index = try MsgPackReader.endOfText(bytes, from: index &+ 3, count: count, head: index)
                continue
            case 0xd9 where bytes.holds(2, at: index):
                let count = Int(bytes.peek(index &+ 1))
                index = try MsgPackReader.endOfText(bytes, from: index &+ 2, count: count, head: index)
                continue
            default:
                guard let head = MsgPackHead(bytes, at: index) else { throw .malformed(at: index) }
                switch head.content {
                case .opaque(let count):
                    guard count <= bytes.count &- index &- head.length else { throw .malformed(at: index) }
                    index &+= head.length &+ count
                    continue
                case .text(let count):
                    index = try MsgPackReader.endOfText(bytes, from: index &+ head.length, count: count, head: index)
                    continue
                case .list(let count): values = count
                case .dictionary(let count): values = count &* 2
                }
                guard entered < room else { throw .nestedTooDeeply(at: index) }
                index &+= head.length
            }
            // Every value takes at least a byte.
            guard values <= bytes.count &- index else { throw .malformed(at: index) }
            pending[entered] = left
            entered &+= 1
            left = values
        }
    }
}
