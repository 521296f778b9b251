import RennbahnBytes
import RennbahnReactor
import RennbahnTLS

// A connection whose output the kernel encrypts sends as one without TLS does: what is queued goes from where it is, with
// one system call. What OpenSSL has to say goes before it, as records of its own.

extension LinkLoop {
    /// As ``sealAndSend(_:_:)``, of a connection that OpenSSL encrypts nothing more for.
    func sendByKernel(_ slot: Int, _ sent: inout Int) -> IOResult {
        let descriptor = links.value[slot].descriptor
        if case .handOver = links.value[slot].withTLS({ $0.step }) {
            do throws(SystemError) {
                try links.value[slot].withTLS { session throws(SystemError) in
                    try session.handOver { keys throws(SystemError) in
                        try Sockets.encryptOutput(descriptor, with: keys.parameters)
                    }
                }
            } catch {
                // A peer that has ended its stream already; it had its handshake left to do.
                if error.isNotConnected { transportEnded(slot) } else { end(slot, .tls("kernel TLS: \(error)")) }
                return .bytes(0)
            }
        }
        let outcome = sendRecords(slot, &sent)
        guard case .bytes = outcome else { return outcome }
        let before = links.value[slot].output.count
        let result = kernel.writeQueued(descriptor, pool: &pool.value, queue: &links.value[slot].output)
        sent += before - links.value[slot].output.count
        return result
    }

    /// Sends the last word, now or when there is room for it.
    func closeByKernel(_ slot: Int) {
        var sent = 0
        let result = sendRecords(slot, &sent)
        counters.value.bytesOut &+= UInt64(truncatingIfNeeded: sent)
        if case .wouldBlock = result, !links.value[slot].life.hasEnded { waitForRoom(slot, sent: 0) }
    }

    /// Sends what OpenSSL has to say; `.bytes(0)` when all of it went.
    private func sendRecords(_ slot: Int, _ sent: inout Int) -> IOResult {
        while let record = links.value[slot].withTLS({ $0.records.first }) {
            let result = Sockets.sendRecord(links.value[slot].descriptor, type: record.type, record.bytes.span)
            guard case .bytes(let count) = result else { return result }
            sent += count
            links.value[slot].withTLS { $0.dropRecord(count) }
            if count < record.bytes.count { return .wouldBlock }
        }
        return .bytes(0)
    }
}
