import RennbahnBytes
import RennbahnMetrics
import RennbahnReactor
import RennbahnTestKit
import Testing

/// A connection of somebody who scrapes metrics, on the test's thread.
final class Scraper {
    private let descriptor: Descriptor
    private var poller: Poller
    private var input = ByteBuffer()

    init(_ address: SocketAddress) throws {
        descriptor = try Sockets.connect(to: address).descriptor
        poller = try Poller()
        try poller.add(descriptor, token: 0, interest: [.read, .write])
        _ = poller.wait(timeoutMilliseconds: 10_000)
        if let error = Sockets.connectError(descriptor) {
            Sockets.close(descriptor)
            throw error
        }
        try poller.modify(descriptor, token: 0, interest: [.read])
    }

    deinit { Sockets.close(descriptor) }

    func send(_ text: String) throws {
        let octets = utf8(text)
        let sent = Sockets.send(descriptor, octets.span)
        #expect(sent == .bytes(octets.count))
    }

    /// The whole answer.
    func get(_ path: String, accepting type: String = "*/*") throws -> String {
        try send("GET \(path) HTTP/1.1\r\nHost: a\r\nAccept: \(type)\r\n\r\n")
        return try answer()
    }

    func answer() throws -> String {
        input.removeAll(keepingCapacity: true)
        while true {
            let text = input.text
            if let end = text.firstRange(of: "\r\n\r\n") {
                let fields = text[..<end.lowerBound].split(separator: "\r\n")
                let length = fields.first { $0.hasPrefix("Content-Length: ") }.flatMap { Int($0.dropFirst(16)) }
                if let length, text[end.upperBound...].utf8.count >= length { return text }
            }
            let isMore = try read()
            try #require(isMore, "the connection ended: \(text)")
        }
    }

    /// Whether the other side ends without a word.
    func ends() throws -> Bool {
        input.removeAll(keepingCapacity: true)
        while try read() {}
        return input.isEmpty
    }

    /// False where the other side has ended.
    private func read() throws -> Bool {
        for _ in 0..<300 {
            switch Sockets.receive(descriptor, into: &input, minimumFree: 4096) {
            case .bytes: return true
            case .closed, .failed: return false
            case .wouldBlock: _ = poller.wait(timeoutMilliseconds: 100)
            }
        }
        throw SystemError(code: 110, operation: "read")
    }
}

/// What a text tells of, in order.
func toldNames(_ text: MetricsText) -> [String] {
    text.text.matches(of: /# TYPE ([a-z_]+) [a-z]+\n/).map { String($0.output.1) }
}
