import Foundation
import RennbahnReactor
import Testing

@testable import RennbahnCommands

/// A router whose log goes to a pipe that nobody reads.
@Suite(.timeLimit(.minutes(3)))
struct RouterLogTests {
    /// What the router answers first on a connection of its own; empty where it says nothing for a minute.
    private func answer(to text: String, _ address: SocketAddress) throws -> String {
        let socket = try Sockets.connect(to: address).descriptor
        defer { Sockets.close(socket) }
        // A connection may take a moment, also to an address of this machine.
        var connecting = pollfd(fd: socket.rawValue, events: Int16(POLLOUT), revents: 0)
        guard poll(&connecting, 1, 60_000) == 1 else { return "" }
        let bytes = Array(text.utf8)
        guard case .bytes(let sent) = Sockets.send(socket, bytes.span), sent == bytes.count else {
            throw SystemError(code: 0, operation: "send")
        }
        var waited = pollfd(fd: socket.rawValue, events: Int16(POLLIN), revents: 0)
        guard poll(&waited, 1, 60_000) == 1 else { return "" }
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = recv(socket.rawValue, &buffer, buffer.count, 0)
        return String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
    }

    @Test func `It serves on, and ends when it is told to`() throws {
        let router = try ProgramProcess(["router", "--listen", "127.0.0.1:0", "--log-level", "debug"])
        try router.awaitOutput(beginningWith: "rennbahn router ready")
        let line = try #require(router.output.last)
        let digits = try #require(line.firstMatch(of: /127\.0\.0\.1:(\d+)/)?.output.1)
        let address = try SocketAddress(parsing: "127.0.0.1:\(digits)")
        // Each leaves a line of more than 60 octets; the pipe holds 64 KiB.
        for number in 0..<1500 {
            let refusal = try answer(to: "NONSENSE\r\n\r\n", address)
            try #require(refusal.hasPrefix("HTTP/1.1 "), "connection \(number): \(refusal)")
        }
        let upgrade =
            "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: wamp.2.json\r\n\r\n"
        #expect(try answer(to: upgrade, address).hasPrefix("HTTP/1.1 101"))
        router.send(Signals.terminate)
        #expect(try router.endUnread() == .exited(code: 0))
    }
}
