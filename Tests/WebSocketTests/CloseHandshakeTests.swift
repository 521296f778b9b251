import RennbahnWebSocket
import Testing

@Suite("Closing handshake")
struct CloseHandshakeTests {
    @Test("A server that closes waits for the answer and then ends TCP")
    func serverCloses() {
        var handshake = CloseHandshake(role: .server)
        #expect(handshake.localClose(.goingAway) == .sendClose(.goingAway))
        #expect(handshake.state == .closeSent)
        #expect(handshake.localClose(.normalClosure) == .nothing)
        #expect(handshake.remoteClose(.goingAway) == .dropTransport)
        #expect(handshake.state == .closed && handshake.isClean && handshake.receivedCode == .goingAway)
    }

    @Test("A client that closes waits for the answer and then for the server to end TCP")
    func clientCloses() {
        var handshake = CloseHandshake(role: .client)
        #expect(handshake.localClose(nil) == .sendClose(nil))
        #expect(handshake.remoteClose(nil) == .wait)
        #expect(handshake.state == .closeReceived && handshake.isClean)
        #expect(handshake.receivedCode == .noStatusReceived)
        #expect(handshake.transportEnded() == .dropTransport)
        #expect(handshake.state == .closed && handshake.isClean)
    }

    @Test("A server answers the peer's Close and ends TCP, a client answers and waits")
    func answers() {
        var server = CloseHandshake(role: .server)
        #expect(server.remoteClose(.normalClosure) == .sendCloseAndEnd(.normalClosure))
        #expect(server.state == .closed)
        var client = CloseHandshake(role: .client)
        #expect(client.remoteClose(.goingAway) == .sendClose(.goingAway))
        #expect(client.state == .closeReceived)
        #expect(client.localClose(.normalClosure) == .nothing)
        #expect(client.timeout() == .dropTransport)
        #expect(client.state == .closed)
    }

    @Test("The answer echoes the code or is 1000")
    func echo() {
        let code = CloseCode(rawValue: 4321)
        var echoing = CloseHandshake(role: .server)
        #expect(echoing.remoteClose(code) == .sendCloseAndEnd(code))
        var empty = CloseHandshake(role: .server)
        #expect(empty.remoteClose(nil) == .sendCloseAndEnd(nil))
        var plain = CloseHandshake(role: .server, echoesCode: false)
        #expect(plain.remoteClose(code) == .sendCloseAndEnd(.normalClosure))
        #expect(plain.receivedCode == code)
    }

    @Test("After a violation the peer is told and nothing more is awaited from its frames")
    func failure() {
        var server = CloseHandshake(role: .server)
        #expect(server.fail(.protocolError) == .sendCloseAndEnd(.protocolError))
        #expect(server.state == .closed && !server.isClean)
        var client = CloseHandshake(role: .client)
        #expect(client.fail(.invalidPayload) == .sendClose(.invalidPayload))
        #expect(client.state == .closeReceived && !client.isClean)
        #expect(client.transportEnded() == .dropTransport)
        for role in [Role.client, .server] {
            var closing = CloseHandshake(role: role)
            _ = closing.localClose(.normalClosure)
            #expect(closing.fail(.protocolError) == .dropTransport)
            #expect(closing.fail(.protocolError) == .nothing)
        }
    }

    @Test("A peer that never answers is dropped when the timer fires; an open connection is not")
    func timeout() {
        var handshake = CloseHandshake(role: .server)
        #expect(handshake.timeout() == .nothing)
        _ = handshake.localClose(.normalClosure)
        #expect(handshake.timeout() == .dropTransport)
        #expect(handshake.state == .closed && !handshake.isClean)
        #expect(handshake.receivedCode == .abnormalClosure)
        // A server that has answered and waits for the peer to end.
        #expect(handshake.timeout() == .dropTransport)
    }

    @Test("A transport that ends without a Close frame is an abnormal closure")
    func abnormal() {
        for role in [Role.client, .server] {
            var handshake = CloseHandshake(role: role)
            #expect(handshake.transportEnded() == .dropTransport)
            #expect(handshake.state == .closed && !handshake.isClean)
            #expect(handshake.receivedCode == .abnormalClosure)
            #expect(handshake.transportEnded() == .nothing)
            #expect(handshake.localClose(.normalClosure) == .nothing)
            #expect(handshake.remoteClose(.normalClosure) == .nothing)
        }
    }
}
