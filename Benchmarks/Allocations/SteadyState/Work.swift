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

/// One shard with the sessions that a piece of work needs, ready to repeat it.
struct Repetition {
    private static let topic = Array("com.example.topic".utf8)
    private static let procedure = Array("com.example.procedure".utf8)

    private let work: Work
    private let serializer: Serializer
    private var args: [UInt8]
    /// Where messages are compressed each has a text of its own, as usual; else the text does not matter.
    private var texts: SampleText?
    let line: Line

    enum Failure: Error {
        /// The path did not do what it is measured for.
        case messagesAreMissing
    }

    /// - Parameter size: octets of the payload's text.
    init(_ work: Work, _ serializer: Serializer, size: Int, compression: Bool = false) throws {
        self.work = work
        self.serializer = serializer
        args = Repetition.args(serializer, [UInt8](repeating: 0x61, count: size))
        texts = compression ? SampleText(count: size) : nil
        switch work {
        case .publishToOne, .publishToNine, .publishAcknowledged:
            line = try Line(serializer: serializer, sessions: 1 + work.subscribers, compression: compression)
            for session in 1...work.subscribers { line.subscribe(session, to: Repetition.topic) }
            try line.turn(until: 1 + 2 * work.subscribers)
        case .call:
            line = try Line(serializer: serializer, sessions: 2, compression: compression)
            line.register(1, as: Repetition.procedure)
            try line.turn(until: 3)
        }
    }

    /// Each message has a turn of the shard, which sends at its beginning what the one before has left to send.
    mutating func run(_ times: Int, countingReferences: Bool = false) throws {
        let before = line.players.received
        for _ in 0..<times {
            nextText()
            switch work {
            case .publishToOne, .publishToNine, .publishAcknowledged:
                line.publish(0, topic: Repetition.topic, args: args, acknowledge: work == .publishAcknowledged)
                line.turn(countingReferences: countingReferences)
            case .call:
                line.call(0, procedure: Repetition.procedure, args: args)
                line.turn(countingReferences: countingReferences)
                try yieldInTurn(countingReferences)
            }
        }
        // What the last one has left to send.
        line.turn(countingReferences: countingReferences)
        guard line.players.received - before == work.queued * times else { throw Failure.messagesAreMissing }
    }

    /// The callee answers while the shard waits, as soon as it has the INVOCATION.
    private func yieldInTurn(_ countingReferences: Bool) throws {
        let line = line
        let args = args
        let before = line.players.received
        line.whileWaiting {
            line.players.turn()
            guard line.players.received > before else { return }
            line.yield(1, invocation: line.players.invocation, args: args)
            line.players.turn()
        }
        line.turn(countingReferences: countingReferences)
        line.whileWaiting { line.players.turn() }
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
