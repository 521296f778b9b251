package import RennbahnWebSocket

/// RawSocket frames read slowly: the whole stream at once.
package enum ReferenceRawSocket {
    package static func decode(_ bytes: [UInt8], _ kind: MessageKind, limit: Int) -> [Event] {
        var rest = bytes[...]
        var events: [Event] = []
        while let first = rest.first {
            if first / 16 != 0 { return events + [.violation(.reservedBits)] }
            if ![0, 1, 2].contains(first % 8) { return events + [.violation(.reservedOpcode)] }
            guard rest.count >= 4 else { break }
            var length = rest.dropFirst().prefix(3).reduce(0) { $0 * 256 + Int($1) }
            if first & 8 == 8 {
                if length != 0 { return events + [.violation(.lengthNotMinimal)] }
                length = 16_777_216
            }
            let isControl = first % 8 != 0
            if isControl, length > limit || length > 16384 { return events + [.violation(.oversizedControlFrame)] }
            if !isControl, length > limit { return events + [.violation(.messageTooBig)] }
            rest = rest.dropFirst(4)
            guard rest.count >= length else { break }
            let payload = Array(rest.prefix(length))
            rest = rest.dropFirst(length)
            switch first % 8 {
            case 0: events.append(.message(kind, compressed: false, payload))
            case 1: events.append(.ping(payload))
            default: events.append(.pong(payload))
            }
        }
        return events
    }
}
