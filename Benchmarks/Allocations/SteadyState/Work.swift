import RennbahnWAMP
import RennbahnWorkload

/// What is done over and over, and measured.
enum Work: String, CaseIterable {
    /// PUBLISH, not acknowledged, and the EVENT for one subscriber.
    case publishToOne = "publish-1"
    /// The same to nine subscribers.
    case publishToNine = "publish-9"
    /// PUBLISH, acknowledged, to nine subscribers.
    case publishAcknowledged = "publish-9-acknowledged"
    /// CALL, INVOCATION, YIELD, RESULT.
    case call = "call"

    /// Messages that a repetition puts into receivers' queues.
    var queued: Int {
        switch self {
        case .publishToOne: 1
        case .publishToNine: 9
        case .publishAcknowledged: 10
        case .call: 2
        }
    }

    var subscribers: Int {
        switch self {
        case .publishToOne: 1
        case .publishToNine, .publishAcknowledged: 9
        case .call: 0
        }
    }
}

/// One shard's line with the sessions that a piece of work needs, ready to repeat it.
struct Repetition: ~Copyable {
    private static let topic = Array("com.example.topic".utf8)
    private static let procedure = Array("com.example.procedure".utf8)

    private let work: Work
    private let serializer: Serializer
    private var args: [UInt8]
    /// Where messages are compressed each has a text of its own, as usual; else the text does not matter.
    private var texts: SampleText?
    private(set) var line: Line

    enum Failure: Error {
        /// The path did not do what it is measured for.
        case messagesAreMissing
    }

    /// - Parameters:
    ///   - size: octets of the payload's text.
    ///   - random: as `RandomReservoir` wants it.
    init(
        _ work: Work, _ serializer: Serializer, size: Int, compression: Bool = false,
        random: @escaping @Sendable (inout [UInt64]) -> Void
    ) throws {
        self.work = work
        self.serializer = serializer
        args = Repetition.args(serializer, [UInt8](repeating: 0x61, count: size))
        texts = compression ? SampleText(count: size) : nil
        switch work {
        case .publishToOne, .publishToNine, .publishAcknowledged:
            line = Line(
                serializer: serializer, sessions: 1 + work.subscribers, compression: compression, random: random)
            for session in 1...work.subscribers { try line.subscribe(session, to: Repetition.topic) }
        case .call:
            line = Line(serializer: serializer, sessions: 2, compression: compression, random: random)
            try line.register(1, as: Repetition.procedure)
        }
    }

    mutating func run(_ times: Int) throws {
        let before = line.queued
        switch work {
        case .publishToOne, .publishToNine, .publishAcknowledged:
            let acknowledge = work == .publishAcknowledged
            for _ in 0..<times {
                nextText()
                try line.publish(0, topic: Repetition.topic, args: args, acknowledge: acknowledge)
            }
        case .call:
            for _ in 0..<times {
                nextText()
                try line.call(0, procedure: Repetition.procedure, args: args)
                guard let invocation = line.invocation else { throw Failure.messagesAreMissing }
                try line.yield(1, invocation: invocation, args: args)
            }
        }
        guard line.queued - before == work.queued * times else { throw Failure.messagesAreMissing }
    }

    private mutating func nextText() {
        guard let text = texts?.next() else { return }
        args = Repetition.args(serializer, text)
    }

    /// A list of one text.
    private static func args(_ serializer: Serializer, _ text: [UInt8]) -> [UInt8] {
        switch serializer {
        case .json: Array(#"[""#.utf8) + text + Array(#""]"#.utf8)
        case .msgpack: [0x91, 0xda, UInt8(text.count >> 8), UInt8(text.count & 0xff)] + text
        }
    }
}
