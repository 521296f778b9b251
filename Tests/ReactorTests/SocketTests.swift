import Glibc
import RennbahnBytes
import RennbahnReactor
import RennbahnTestKit
import Testing

@Suite struct SocketTests {
    @Test func whatIsSentArrives() throws {
        let pair = try ConnectedPair()
        let message = Array("hello".utf8)
        #expect(Sockets.send(pair.near, message.span) == .bytes(5))
        var buffer = ByteBuffer()
        try pair.receive(5, into: &buffer)
        #expect(buffer.span.copied() == message)
        #expect(Sockets.read(pair.far, into: &buffer, minimumFree: 1) == .wouldBlock)
    }

    @Test func theEndOfTheStreamIsReportedAfterItsLastBytes() throws {
        let pair = try ConnectedPair()
        #expect(Sockets.send(pair.near, [1, 2].span) == .bytes(2))
        Sockets.shutdownWrite(pair.near)
        var poller = try Poller()
        try poller.add(pair.far, token: 3, interest: [.read, .peerClosed])
        var buffer = ByteBuffer()
        while true {
            #expect(poller.wait(timeoutMilliseconds: 60_000) == 1)
            if poller.event(at: 0).readiness.contains(.peerClosed) { break }
            try pair.receive(2, into: &buffer)
        }
        if buffer.isEmpty { try pair.receive(2, into: &buffer) }
        #expect(buffer.span.copied() == [1, 2])
        #expect(Sockets.read(pair.far, into: &buffer, minimumFree: 1) == .closed)
        #expect(Sockets.send(pair.far, [3].span) == .bytes(1), "the other direction stays open")
    }

    @Test func aResetIsAFailure() throws {
        let listener = try Sockets.listen(.loopback(port: 0))
        defer { Sockets.close(listener) }
        let client = try Sockets.connect(to: try Sockets.boundAddress(of: listener)).descriptor
        defer { Sockets.close(client) }
        var poller = try Poller()
        try poller.add(listener, token: 0, interest: .read)
        #expect(poller.wait(timeoutMilliseconds: 60_000) == 1)
        guard case .accepted(let server) = Sockets.accept(listener) else {
            Issue.record("nobody connected")
            return
        }
        Sockets.resetOnClose(server)
        Sockets.close(server)
        try poller.add(client, token: 1, interest: .read)
        #expect(poller.wait(timeoutMilliseconds: 60_000) == 1)
        var buffer = ByteBuffer()
        #expect(Sockets.read(client, into: &buffer, minimumFree: 1) == .failed(ECONNRESET))
        #expect(Sockets.send(client, [1].span) == .failed(EPIPE), "and sending raises no signal")
    }

    @Test(arguments: [true, false]) func anAcceptedConnectionInheritsNoDelayFromItsListener(isSet: Bool) throws {
        let listener = try Sockets.listen(.loopback(port: 0))
        defer { Sockets.close(listener) }
        if isSet { try Sockets.setNoDelay(listener) }
        let client = try Sockets.connect(to: try Sockets.boundAddress(of: listener)).descriptor
        defer { Sockets.close(client) }
        var poller = try Poller()
        try poller.add(listener, token: 0, interest: .read)
        #expect(poller.wait(timeoutMilliseconds: 60_000) == 1)
        guard case .accepted(let server) = Sockets.accept(listener) else {
            Issue.record("nobody connected")
            return
        }
        defer { Sockets.close(server) }
        #expect(Sockets.hasNoDelay(server) == isSet)
    }

    @Test func anIdleListenerHasNobodyToAccept() throws {
        let listener = try Sockets.listen(.loopback(port: 0))
        defer { Sockets.close(listener) }
        #expect(Sockets.accept(listener) == .wouldBlock)
    }

    @Test func acceptingOnAClosedListenerFails() throws {
        guard case .failed(let error) = Sockets.accept(Descriptor(-1)) else {
            Issue.record("accepted on nothing")
            return
        }
        #expect(error.code == EBADF)
    }

    @Test func aRefusedConnectionSaysSo() throws {
        let listener = try Sockets.listen(.loopback(port: 0))
        let address = try Sockets.boundAddress(of: listener)
        Sockets.close(listener)
        // Over loopback the refusal comes at once or later; both are the same error.
        do throws(SystemError) {
            let (client, inProgress) = try Sockets.connect(to: address)
            defer { Sockets.close(client) }
            #expect(inProgress)
            var poller = try Poller()
            try poller.add(client, token: 0, interest: .write)
            #expect(poller.wait(timeoutMilliseconds: 60_000) == 1)
            #expect(poller.event(at: 0).readiness.contains(.error))
            let error = Sockets.connectError(client)
            #expect(error == SystemError(code: ECONNREFUSED, operation: "connect"))
            #expect(error?.description.contains("Connection refused") == true)
        } catch {
            #expect(error.code == ECONNREFUSED)
        }
    }

    @Test func aSourceAddressIsUsed() throws {
        let listener = try Sockets.listen(.loopback(port: 0))
        defer { Sockets.close(listener) }
        let source = SocketAddress.v4(0x7f00_0009, port: 0)
        let client = try Sockets.connect(to: try Sockets.boundAddress(of: listener), from: source).descriptor
        defer { Sockets.close(client) }
        var poller = try Poller()
        try poller.add(listener, token: 0, interest: .read)
        #expect(poller.wait(timeoutMilliseconds: 60_000) == 1)
        guard case .accepted(let server) = Sockets.accept(listener) else {
            Issue.record("nobody connected")
            return
        }
        defer { Sockets.close(server) }
        let peer = try Sockets.peerAddress(of: server)
        #expect(peer.host == "127.0.0.9")
        #expect(peer == (try Sockets.boundAddress(of: client)))
    }

    @Test func connectionsRunOverIPv6WhereTheMachineHasIt() throws {
        let loopback = try SocketAddress(parsing: "[::1]:0")
        let listener: Descriptor
        do throws(SystemError) {
            listener = try Sockets.listen(loopback)
        } catch {
            #expect([EADDRNOTAVAIL, EAFNOSUPPORT].contains(error.code))
            return
        }
        defer { Sockets.close(listener) }
        let address = try Sockets.boundAddress(of: listener)
        #expect(address.port != 0 && address.with(port: 0) == loopback)
        let client = try Sockets.connect(to: address).descriptor
        defer { Sockets.close(client) }
        var poller = try Poller()
        try poller.add(client, token: 0, interest: .write)
        #expect(poller.wait(timeoutMilliseconds: 60_000) == 1)
        #expect(Sockets.connectError(client) == nil)
        #expect(try Sockets.peerAddress(of: client) == address)
    }

    @Test func aBoundPortIsTakenUnlessShared() throws {
        let first = try Sockets.listen(.loopback(port: 0), reusePort: true)
        defer { Sockets.close(first) }
        let address = try Sockets.boundAddress(of: first)
        let second = try Sockets.listen(address, reusePort: true)
        defer { Sockets.close(second) }
        #expect(try Sockets.boundAddress(of: second) == address)
        #expect(throws: SystemError(code: EADDRINUSE, operation: "bind")) { try Sockets.listen(address) }
    }

    @Test func aFullSocketWouldBlockAndSendsOnceItHasRoom() throws {
        let pair = try ConnectedPair(sendBuffer: 8192)
        let block = [UInt8](repeating: 5, count: 1 << 16)
        var sent = 0
        filling: while true {
            switch Sockets.send(pair.near, block.span) {
            case .bytes(let count): sent += count
            case .wouldBlock: break filling
            case .closed, .failed:
                Issue.record("the socket broke")
                return
            }
        }
        var poller = try Poller()
        try poller.add(pair.near, token: 1, interest: .write)
        #expect(poller.wait(timeoutMilliseconds: 0) == 0)
        var buffer = ByteBuffer()
        try pair.receive(sent, into: &buffer)
        #expect(poller.wait(timeoutMilliseconds: 60_000) == 1)
        #expect(poller.event(at: 0).readiness.concernsWriting)
        #expect(Sockets.send(pair.near, [1].span) == .bytes(1))
    }
}

@Suite struct QueuedWriteTests {
    /// Chunks and shared blocks, far more than one `sendmsg` takes and the socket holds.
    @Test(arguments: 0..<5) func aLongQueueLeavesInOrder(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let pair = try ConnectedPair(sendBuffer: 16_384)
        var pool = ChunkPool()
        var queue = OutputQueue()
        var expected: [UInt8] = []
        for number in 0..<400 {
            let length = Int.random(in: 1...(number % 10 == 0 ? 60_000 : 3000), using: &random)
            let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
            expected += bytes
            if number % 3 == 0, pool.canShare(length) {
                let frame = pool.share(bytes.span)
                pool.append(frame, to: &queue)
                pool.release(frame)
            } else {
                pool.append(bytes.span, to: &queue)
            }
        }
        var poller = try Poller()
        try poller.add(pair.near, token: 1, interest: .write)
        var received = ByteBuffer()
        var blocked = 0
        writing: while true {
            let before = queue.count
            switch Sockets.writeQueued(pair.near, pool: &pool, queue: &queue) {
            case .bytes(let count):
                #expect(count == before && queue.isEmpty)
                break writing
            case .wouldBlock:
                blocked += 1
                #expect(!queue.isEmpty)
                try pair.receive(expected.count - queue.count, into: &received)
                #expect(poller.wait(timeoutMilliseconds: 60_000) == 1)
            case .closed, .failed:
                Issue.record("the socket broke")
                return
            }
        }
        try pair.receive(expected.count, into: &received)
        #expect(received.span.copied() == expected)
        #expect(blocked > 0, "the socket was never full: nothing was tested")
        let left = pool.queuedBytes
        #expect(left == 0)
    }

    @Test func anEmptyQueueSendsNothing() throws {
        let pair = try ConnectedPair()
        var pool = ChunkPool()
        var queue = OutputQueue()
        #expect(Sockets.writeQueued(pair.near, pool: &pool, queue: &queue) == .bytes(0))
        var buffer = ByteBuffer()
        #expect(Sockets.read(pair.far, into: &buffer, minimumFree: 1) == .wouldBlock)
    }

    @Test func aBrokenConnectionKeepsTheQueue() throws {
        let pair = try ConnectedPair()
        Sockets.shutdownWrite(pair.near)
        var pool = ChunkPool()
        var queue = OutputQueue()
        pool.append([1, 2, 3].span, to: &queue)
        #expect(Sockets.writeQueued(pair.near, pool: &pool, queue: &queue) == .failed(EPIPE))
        #expect(queue.count == 3)
    }
}
