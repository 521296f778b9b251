import WAMP

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
    private let args: [UInt8]
    private(set) var line: Line

    enum Failure: Error {
        /// The path did not do what it is measured for.
        case messagesAreMissing
    }

    /// - Parameters:
    ///   - size: octets of the payload's text.
    ///   - random: as `RandomReservoir` wants it.
    init(
        _ work: Work, _ serializer: Serializer, size: Int, random: @escaping @Sendable (inout [UInt64]) -> Void
    ) throws {
        self.work = work
        args = Repetition.args(serializer, size)
        switch work {
        case .publishToOne, .publishToNine, .publishAcknowledged:
            line = Line(serializer: serializer, sessions: 1 + work.subscribers, random: random)
            for session in 1...work.subscribers { try line.subscribe(session, to: Repetition.topic) }
        case .call:
            line = Line(serializer: serializer, sessions: 2, random: random)
            try line.register(1, as: Repetition.procedure)
        }
    }

    mutating func run(_ times: Int) throws {
        let before = line.queued
        switch work {
        case .publishToOne, .publishToNine, .publishAcknowledged:
            let acknowledge = work == .publishAcknowledged
            for _ in 0..<times {
                try line.publish(0, topic: Repetition.topic, args: args, acknowledge: acknowledge)
            }
        case .call:
            for _ in 0..<times {
                try line.call(0, procedure: Repetition.procedure, args: args)
                guard let invocation = line.invocation else { throw Failure.messagesAreMissing }
                try line.yield(1, invocation: invocation, args: args)
            }
        }
        guard line.queued - before == work.queued * times else { throw Failure.messagesAreMissing }
    }

    /// A list of one text of `size` octets.
    private static func args(_ serializer: Serializer, _ size: Int) -> [UInt8] {
        let text = [UInt8](repeating: 0x61, count: size)
        return switch serializer {
        case .json: Array(#"[""#.utf8) + text + Array(#""]"#.utf8)
        case .msgpack: [0x91, 0xda, UInt8(size >> 8), UInt8(size & 0xff)] + text
        }
    }
}
