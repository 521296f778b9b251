import RennbahnBytes
import RennbahnWAMP

extension FuzzTarget {
    /// From which serializer; how many elements; the payload.
    static let transcode = FuzzTarget("transcode", longest: 4096, kinds: ["json", "msgpack"]) { input in
        var input = InputReader(input)
        let source = input.choice(of: Serializer.allCases)
        let elements = input.choice(of: [1, 2, 0] as [UInt8])
        let bytes = Array(input.rest)
        let target: Serializer = source == .json ? .msgpack : .json
        let payload = Payload(serializer: source, elements: elements)
        let streamed = try? transcoded(bytes, payload, to: target)
        let slow = values(of: bytes, source).flatMap { $0.count == Int(elements) ? $0 : nil }
        if let streamed, let slow {
            try hold(streamed == written(slow, target), "a stream is written as its values are")
        }
        if source == .json {
            try hold(streamed == nil || slow != nil, "what is rewritten has values")
            try hold(streamed != nil || slow == nil || elements == 0, "what has values is rewritten")
        }
        guard let streamed else { return [] }
        // There and back again: the first way has made the usual form of it, which stays.
        let back = try transcoded(streamed, Payload(serializer: target, elements: elements), to: source)
        let forth = try transcoded(back, Payload(serializer: source, elements: elements), to: target)
        let again = try transcoded(forth, Payload(serializer: target, elements: elements), to: source)
        try hold(again == back, "the form of a rewritten payload stays")
        return [source.name]
    }

    private static func transcoded(
        _ bytes: [UInt8], _ payload: Payload, to target: Serializer
    ) throws(WAMPViolation) -> [UInt8] {
        var output = ByteBuffer()
        try Transcoder.transcode(payload, bytes.span, to: target, into: &output)
        return output.span.copied()
    }

    // MARK: The slow way: by values

    /// The elements as values, read by msgpack-c or one by one; `nil` where there are none.
    private static func values(of bytes: [UInt8], _ serializer: Serializer) -> [WAMPValue]? {
        switch serializer {
        case .json:
            let list = Array("[".utf8) + bytes + Array("]".utf8)
            return try? WAMPValue.decode(list.span, serializer: .json).listValue
        case .msgpack:
            for count: UInt8 in 0...2 {
                let list = [0x90 | count] + bytes
                if let values = try? WAMPValue.decode(list.span, serializer: .msgpack).listValue { return values }
            }
            return nil
        }
    }

    private static func written(_ values: [WAMPValue], _ serializer: Serializer) -> [UInt8] {
        var output = ByteBuffer()
        for (index, value) in values.enumerated() {
            if index > 0, serializer == .json { output.append(UInt8(ascii: ",")) }
            value.encode(serializer, into: &output)
        }
        return output.span.copied()
    }
}
