import RennbahnBytes
import RennbahnReactor
import RennbahnSimulationKit
import RennbahnTransport
import RennbahnWAMP
import RennbahnWebSocket

/// A server on a network in memory, whose answers leave when the test says.
final class StagedServer {
    struct Answer {
        var link: LinkID
        var text: [UInt8]
        /// Nanoseconds behind the others.
        var delay: UInt64 = 0
    }

    /// Nanoseconds from a message to its answer.
    var delay: UInt64 = 1_000_000
    /// Nothing leaves before this time.
    var stalledUntil: UInt64 = 0
    let loop: LinkLoop
    private let network: SimulatedNetwork
    private let answers: (LinkID, [UInt8]) -> [Answer]
    private var waiting: [(dueAt: UInt64, answer: Answer)] = []
    private var message = OutgoingMessage()

    init(_ network: SimulatedNetwork, port: UInt16, answers: @escaping (LinkID, [UInt8]) -> [Answer]) throws {
        self.network = network
        self.answers = answers
        loop = try LinkLoop(
            limits: Limits(),
            accept: [AcceptProfile(subprotocols: [Serializer.json.subprotocol], requiresSubprotocol: false)],
            kernel: Kernel(simulatedBy: network))
        try loop.listen(on: network.listen(port))
    }

    func turn() {
        let loop = loop
        loop.wait(milliseconds: 0)
        while let event = loop.next() {
            guard case .message(let link, _) = event else { continue }
            for answer in answers(link, loop.message.copied()) {
                waiting.append((network.now + delay + answer.delay, answer))
            }
        }
        if network.now >= stalledUntil {
            for (dueAt, answer) in waiting where dueAt <= network.now { send(answer) }
            waiting.removeAll { $0.dueAt <= network.now }
        }
        loop.flush()
    }

    private func send(_ answer: Answer) {
        message.begin(.text)
        message.payload.append(answer.text.span)
        _ = loop.send(&message, to: answer.link)
    }
}

/// A router of one realm that speaks JSON and does to one message what a test asks for.
final class StagedRouter {
    enum Fault: Sendable {
        case drop
        case double
        /// A letter of its payload becomes another one.
        case flip
    }

    /// Nanoseconds by which each subscriber hears of a publication later, in the order of the subscriptions.
    var delays: [UInt64] = []
    /// What happens to the `number`-th message of a type, counted from 0.
    var fault: (code: MessageCode, number: Int, kind: Fault)?
    private var sent: [Int64: Int] = [:]
    private var subscribers: [String: [(link: LinkID, id: UInt64)]] = [:]
    private var callees: [String: (link: LinkID, id: UInt64)] = [:]
    private var calls: [UInt64: (link: LinkID, request: WAMPValue)] = [:]
    private var lastID: UInt64 = 100

    func answers(_ link: LinkID, _ text: [UInt8]) -> [StagedServer.Answer] {
        guard let message = try? WAMPValue.decode(text.span, serializer: .json) else { return [] }
        let request = message[1] ?? .null
        lastID += 1
        let id = WAMPValue(lastID)
        switch message[0]?.integerValue {
        case 1: return answer(link, [2, id, ["roles": ["broker": [:], "dealer": [:]]]])
        case 6: return answer(link, [6, [:], "wamp.close.goodbye_and_out"])
        case 32:
            subscribers[message[3]?.stringValue ?? "", default: []].append((link, lastID))
            return answer(link, [33, request, id])
        case 64:
            callees[message[3]?.stringValue ?? ""] = (link, lastID)
            return answer(link, [65, request, id])
        case 16:
            let acknowledgement = message[2]?["acknowledge"] == true ? answer(link, [17, request, id]) : []
            let receivers = subscribers[message[3]?.stringValue ?? ""] ?? []
            return acknowledgement
                + receivers.enumerated().flatMap { place, receiver in
                    answer(
                        receiver.link, [36, WAMPValue(receiver.id), id, [:], message[4] ?? []],
                        delay: delays.indices.contains(place) ? delays[place] : 0)
                }
        case 48:
            guard let callee = callees[message[3]?.stringValue ?? ""] else { return [] }
            calls[lastID] = (link, request)
            return answer(callee.link, [68, id, WAMPValue(callee.id), [:], message[4] ?? []])
        case 70:
            guard let call = calls[message[1]?.naturalValue ?? 0] else { return [] }
            return answer(call.link, [50, call.request, [:], message[3] ?? []])
        case _: return []
        }
    }

    private func answer(_ link: LinkID, _ message: WAMPValue, delay: UInt64 = 0) -> [StagedServer.Answer] {
        var buffer = ByteBuffer()
        message.encode(.json, into: &buffer)
        let code = message[0]?.integerValue ?? 0
        let number = sent[code, default: 0]
        sent[code] = number + 1
        let answer = StagedServer.Answer(link: link, text: buffer.span.copied(), delay: delay)
        guard let fault, Int64(fault.code.rawValue) == code, fault.number == number else { return [answer] }
        switch fault.kind {
        case .drop: return []
        case .double: return [answer, answer]
        case .flip: return [StagedServer.Answer(link: link, text: StagedRouter.flipped(answer.text), delay: delay)]
        }
    }

    /// The payload stands last, and three characters behind it.
    static func flipped(_ text: [UInt8]) -> [UInt8] {
        var text = text
        let place = text.count - 5
        text[place] = text[place] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
        return text
    }
}
