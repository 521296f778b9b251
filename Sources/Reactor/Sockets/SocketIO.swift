import CRennbahnLinux
package import RennbahnBytes

/// What came of a read or a write on a nonblocking descriptor.
package enum IOResult: Sendable, Equatable {
    /// So many bytes; 0 only if there was nothing to send.
    case bytes(Int)
    /// Nothing to read, or no room to write: wait for the descriptor's readiness.
    case wouldBlock
    /// The other side has ended its stream (reads only).
    case closed
    /// An errno value, such as ECONNRESET or EPIPE. The connection is of no use any more.
    case failed(Int32)
}

extension Sockets {
    /// Stretches that one `sendmsg` takes: 1 KiB of stack, half a megabyte of chunks.
    private static var segmentLimit: Int { 64 }

    /// Reads once, to the end of `buffer`, into all its free room, which is made at least `minimumFree` (1 or more).
    /// For descriptors of any kind.
    package static func read(
        _ descriptor: Descriptor, into buffer: inout ByteBuffer, minimumFree: Int
    ) -> IOResult {
        unsafe fill(&buffer, minimumFree) { unsafe CRennbahnLinux.read(descriptor.rawValue, $0.baseAddress, $0.count) }
    }

    /// As ``read(_:into:minimumFree:)`` from a socket, which the kernel does without its layer of files.
    package static func receive(
        _ descriptor: Descriptor, into buffer: inout ByteBuffer, minimumFree: Int
    ) -> IOResult {
        unsafe fill(&buffer, minimumFree) { unsafe clinux_recv(descriptor.rawValue, $0.baseAddress, $0.count) }
    }

    @inline(__always)
    private static func fill(
        _ buffer: inout ByteBuffer, _ minimumFree: Int, _ call: (UnsafeMutableRawBufferPointer) -> Int
    ) -> IOResult {
        precondition(minimumFree > 0)
        while true {
            let count = unsafe buffer.fill(minimum: minimumFree) { unsafe call($0) }
            if count > 0 { return .bytes(count) }
            if count == 0 { return .closed }
            let code = clinux_errno()
            if code == EAGAIN { return .wouldBlock }
            if code != EINTR { return .failed(code) }
        }
    }

    /// Sends once; fewer bytes than given may go. Sending nothing yields `.bytes(0)`.
    package static func send(_ descriptor: Descriptor, _ bytes: Span<UInt8>) -> IOResult {
        guard bytes.count > 0 else { return .bytes(0) }
        return unsafe bytes.withUnsafeBytes { source in
            result { unsafe clinux_send(descriptor.rawValue, source.baseAddress, source.count) }
        }
    }

    /// Sends what is queued until the queue is drained or the socket is full, and consumes what went.
    ///
    /// - Returns: `.bytes` with what went when the queue is empty now (0 if it was before); `.wouldBlock` when a rest
    ///   stays queued (compare `queue.count` to learn how much went); `.failed` as for a single send.
    package static func writeQueued(
        _ descriptor: Descriptor, pool: inout ChunkPool, queue: inout OutputQueue
    ) -> IOResult {
        let before = queue.count
        while queue.count > 0 {
            var offered = queue.count
            let outcome: IOResult
            if let only = unsafe pool.onlySegment(queue) {
                outcome = result { unsafe clinux_send(descriptor.rawValue, only.base, only.count) }
            } else {
                (outcome, offered) = sendSegments(descriptor, pool: pool, queue: queue)
            }
            switch outcome {
            case .bytes(let sent):
                pool.consume(sent, from: &queue)
                // A short count from a stream socket means that its buffer is full (epoll(7)): the next call would
                // only say so.
                if sent < offered { return .wouldBlock }
            case .wouldBlock, .closed, .failed:
                return outcome
            }
        }
        return .bytes(before)
    }

    private static func sendSegments(
        _ descriptor: Descriptor, pool: borrowing ChunkPool, queue: OutputQueue
    ) -> (outcome: IOResult, offered: Int) {
        unsafe withUnsafeTemporaryAllocation(of: OutputSegment.self, capacity: segmentLimit) { segments in
            guard let first = segments.baseAddress else { return (.bytes(0), 0) }
            let count = unsafe pool.gather(queue, into: first, limit: segmentLimit)
            var offered = 0
            for index in 0..<count { unsafe offered &+= first[index].count }
            var message = unsafe msghdr()
            // OutputSegment is laid out as iovec.
            unsafe message.msg_iov = UnsafeMutableRawPointer(first).assumingMemoryBound(to: iovec.self)
            unsafe message.msg_iovlen = count
            let outcome = result { unsafe clinux_sendmsg(descriptor.rawValue, &message) }
            return (outcome, offered)
        }
    }

    /// Repeats `call` while signals interrupt it and names its outcome.
    @inline(__always)
    static func result(_ call: () -> Int) -> IOResult {
        while true {
            let count = call()
            if count >= 0 { return .bytes(count) }
            let code = clinux_errno()
            if code == EAGAIN { return .wouldBlock }
            if code != EINTR { return .failed(code) }
        }
    }
}
