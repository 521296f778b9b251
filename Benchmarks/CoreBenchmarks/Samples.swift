import RennbahnBytes
import RennbahnWAMP

/// The messages that the suites work on: the same bytes in every run.
enum Samples {
    static let topic = Array("com.example.sensors.building7.temperature".utf8)

    /// Args as JSON text: one list of records of numbers, texts and flags, about `count` octets.
    static func jsonArgs(_ count: Int) -> [UInt8] {
        var text = "[["
        var number = 0
        while true {
            let record = #"{"id":\#(number),"name":"sensor-\#(number)","value":\#(number).25,"ok":true}"#
            if number > 0, text.utf8.count + record.utf8.count + 3 > count { break }
            text += number == 0 ? record : "," + record
            number += 1
        }
        return Array((text + "]]").utf8)
    }

    /// The same records as MsgPack, about `count` octets.
    static func msgpackArgs(_ count: Int) -> [UInt8] {
        var records: [UInt8] = []
        var number = 0
        while number == 0 || records.count + 48 < count {
            records += [0x84]
            records += msgpackText("id") + [0xcd, UInt8(number >> 8 & 0xff), UInt8(number & 0xff)]
            records += msgpackText("name") + msgpackText("sensor-\(number)")
            records += msgpackText("value") + [0xcb, 0x40, 0x34, 0x40, 0, 0, 0, 0, 0]
            records += msgpackText("ok") + [0xc3]
            number += 1
        }
        return [0x91, 0xdc, UInt8(number >> 8 & 0xff), UInt8(number & 0xff)] + records
    }

    private static func msgpackText(_ text: String) -> [UInt8] {
        [0xa0 | UInt8(text.utf8.count)] + Array(text.utf8)
    }

    static func args(_ serializer: Serializer, _ count: Int) -> [UInt8] {
        switch serializer {
        case .json: jsonArgs(count)
        case .msgpack: msgpackArgs(count)
        }
    }

    /// A PUBLISH of about `count` octets, acknowledged, as a client sends it.
    static func publish(_ serializer: Serializer, _ count: Int) -> [UInt8] {
        let args = args(serializer, max(0, count - 75))
        var message = ByteBuffer()
        MessageWriter.publish(
            serializer, request: 48_217, acknowledge: true, topic: topic.span,
            payload: Payload(serializer: serializer, elements: 1), args.span, into: &message)
        return message.span.copied()
    }

    /// A JSON PUBLISH whose payload is one text.
    static func textPublish(_ count: Int, of text: String) -> [UInt8] {
        let times = max(1, (count - 75) / text.utf8.count)
        let args = Array((#"[""# + String(repeating: text, count: times) + #""]"#).utf8)
        var message = ByteBuffer()
        MessageWriter.publish(
            .json, request: 48_217, acknowledge: true, topic: topic.span,
            payload: Payload(serializer: .json, elements: 1), args.span, into: &message)
        return message.span.copied()
    }
}
