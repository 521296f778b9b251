import RennbahnBytes
import RennbahnReactor
import RennbahnSimulationKit

/// A client of a simulated network that does what its test says: it reads as much, and when, as that likes. It speaks JSON.
final class BarePeer {
    private let network: SimulatedNetwork
    private let descriptor: Descriptor
    private var input: [UInt8] = []
    private var unsent: [UInt8] = []
    private(set) var octets = 0
    private(set) var hasEnded = false
    /// The code of the Close frame that came.
    private(set) var closeCode: Int?
    private var isOpen = false

    init(_ network: SimulatedNetwork, port: UInt16) throws {
        self.network = network
        descriptor = try network.connect(to: .loopback(port: port))
        queue(
            Array(
                """
                GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r
                Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r
                Sec-WebSocket-Protocol: wamp.2.json\r\n\r\n
                """.utf8))
    }

    /// Of messages that wait for room.
    var backlog: Int { unsent.count }

    private func queue(_ bytes: [UInt8]) {
        unsent += bytes
        pump()
    }

    /// Sends what there is room for.
    func pump() {
        let bytes = unsent
        guard !bytes.isEmpty, case .bytes(let count) = network.send(descriptor, bytes.span) else { return }
        unsent = Array(bytes.dropFirst(count))
    }

    func say(_ text: String) {
        let bytes = Array(text.utf8)
        var frame: [UInt8] = [0x81]
        switch bytes.count {
        case ..<126: frame.append(0x80 | UInt8(bytes.count))
        case ..<65_536: frame += [0x80 | 126, UInt8(bytes.count >> 8), UInt8(bytes.count & 0xff)]
        default: frame += [0x80 | 127] + (0..<8).reversed().map { UInt8(bytes.count >> ($0 * 8) & 0xff) }
        }
        // A key of zeros masks nothing.
        queue(frame + [0, 0, 0, 0] + bytes)
    }

    /// Reads up to `limit` octets; the messages that are whole by then, each cut to `head` octets.
    @discardableResult
    func read(_ limit: Int = 1 << 22, head: Int = 64) -> [String] {
        var left = limit
        while left > 0, !hasEnded {
            var buffer = ByteBuffer()
            switch network.receive(descriptor, into: &buffer, minimumFree: left) {
            case .bytes(let count):
                left -= count
                octets += count
                input += buffer.span.copied()
            case .wouldBlock: left = 0
            case .closed, .failed: hasEnded = true
            }
        }
        return takeMessages(head)
    }

    /// Whether the other side has reset the connection, rather than ended it; what comes with it is lost.
    func wasReset() -> Bool {
        var buffer = ByteBuffer()
        if case .failed = network.receive(descriptor, into: &buffer, minimumFree: 1) { return true }
        return false
    }

    private func takeMessages(_ head: Int) -> [String] {
        var position = 0
        if !isOpen {
            let end = Array("\r\n\r\n".utf8)
            guard let blank = input.indices.first(where: { input[$0...].starts(with: end) }) else { return [] }
            isOpen = true
            position = blank + 4
        }
        var messages: [String] = []
        while let (opcode, payload, next) = frame(at: position) {
            if opcode == 8, payload.count >= 2 {
                closeCode = Int(input[payload.lowerBound]) << 8 | Int(input[payload.lowerBound + 1])
            } else {
                messages.append(String(decoding: input[payload].prefix(head), as: UTF8.self))
            }
            position = next
        }
        input.removeFirst(position)
        return messages
    }

    /// A server's frames have no mask.
    private func frame(at start: Int) -> (opcode: UInt8, payload: Range<Int>, next: Int)? {
        guard input.count >= start + 2 else { return nil }
        let short = Int(input[start + 1])
        let extra = short == 127 ? 8 : short == 126 ? 2 : 0
        guard input.count >= start + 2 + extra else { return nil }
        let count = extra == 0 ? short : input[(start + 2)..<(start + 2 + extra)].reduce(0) { $0 << 8 | Int($1) }
        let begin = start + 2 + extra
        guard input.count >= begin + count else { return nil }
        return (input[start] & 0xf, begin..<begin + count, begin + count)
    }
}
