import RennbahnBytes
import RennbahnReactor
import Testing

/// The moment after which a bounded wait counts as a failure. Generous: it is only reached by a fault.
func failureDeadline(seconds: UInt64 = 60) -> UInt64 {
    MonotonicClock.now() + seconds * 1_000_000_000
}

/// Two connected sockets over loopback. Closes them, and the listener.
final class ConnectedPair {
    let near: Descriptor
    let far: Descriptor
    private let listener: Descriptor

    init(sendBuffer: Int32? = nil) throws {
        listener = try Sockets.listen(.loopback(port: 0))
        let address = try Sockets.boundAddress(of: listener)
        near = try Sockets.connect(to: address).descriptor
        var poller = try Poller()
        try poller.add(listener, token: 1, interest: .read)
        #expect(poller.wait(timeoutMilliseconds: 60_000) == 1)
        guard case .accepted(let accepted) = Sockets.accept(listener) else {
            throw SystemError(code: 0, operation: "accept")
        }
        far = accepted
        try poller.add(near, token: 2, interest: .write)
        try poller.remove(listener)
        #expect(poller.wait(timeoutMilliseconds: 60_000) == 1)
        #expect(Sockets.connectError(near) == nil)
        if let sendBuffer { try Sockets.setBufferSizes(near, send: sendBuffer) }
    }

    deinit {
        for descriptor in [near, far, listener] { Sockets.close(descriptor) }
    }

    /// Reads at the far side until `count` bytes have come.
    func receive(_ count: Int, into buffer: inout ByteBuffer) throws {
        var poller = try Poller()
        try poller.add(far, token: 0, interest: .read)
        while buffer.count < count {
            switch Sockets.read(far, into: &buffer, minimumFree: 1 << 16) {
            case .bytes: continue
            case .wouldBlock:
                guard poller.wait(timeoutMilliseconds: 60_000) > 0 else {
                    throw SystemError(code: 0, operation: "timeout")
                }
            case .closed, .failed: throw SystemError(code: 0, operation: "read")
            }
        }
    }
}

extension RingProducer {
    /// Arrays instead of spans, which `#expect` cannot take apart.
    mutating func push(copying first: [UInt8], _ second: [UInt8] = [], _ third: [UInt8] = []) -> Bool {
        push(first.span, second.span, third.span)
    }
}
