import CRennbahnOpenSSL
import Foundation
import RennbahnBytes
import RennbahnTLS
import RennbahnTransport
import Testing

/// How a session leaves encrypting to a kernel, without a kernel: ``SoftwareKernel`` is one.
struct KernelTLSTests {
    /// A server's session, what it does step by step, and what arrives at its client.
    private final class Pair {
        let client: PlainClient
        private let context: TLSContext
        private let wire = TLSWire()
        private var session: TLSSession
        private var kernel: SoftwareKernel?
        private(set) var steps: [String] = []
        /// What the server has read, and what the client has.
        private(set) var text: [UInt8] = []
        private(set) var received: [UInt8]? = []
        private(set) var failure: TLSFailure?

        init(
            _ client: PlainClient, _ offload: KernelCiphers = KernelCiphers(KernelCipher.all),
            context: TLSContext? = nil
        ) throws {
            self.client = client
            self.context = try context ?? TLSContext(.standard, offload: offload)
            session = try TLSSession(self.context, wire: wire)
        }

        var isLeftToKernel: Bool { session.isLeftToKernel }

        /// Lets the server read what the client has said, and the client what that answers, until both are silent.
        func exchange() {
            while true {
                let bytes = client.output()
                if bytes.isEmpty { return }
                wire.begin()
                wire.received.append(bytes.span)
                var buffer = ByteBuffer()
                if case .failed(let failure) = session.read(into: &buffer) { self.failure = failure }
                text += buffer.span.copied()
                send()
            }
        }

        /// Does what the session has to do before text is sent.
        func send() {
            session.keepSealed()
            while session.hasUnsent {
                steps.append("\(session.step)")
                switch session.step {
                case .unsent:
                    var bytes = ByteBuffer()
                    swap(&bytes, &session.unsent)
                    deliver(bytes.span.copied())
                case .handOver:
                    session.handOver { kernel = SoftwareKernel($0.parameters.copied()) }
                case .record:
                    let record = session.records[0]
                    deliver(kernel?.seal(type: record.type, record.bytes) ?? [])
                    session.dropRecord(record.bytes.count)
                case .text, .sealed: return
                }
            }
        }

        func write(_ text: [UInt8]) throws {
            if session.isLeftToKernel {
                deliver(kernel?.seal(type: 23, text) ?? [])
            } else {
                #expect(try session.seal(text.span) == text.count)
                send()
            }
        }

        func close() {
            session.close()
            send()
        }

        private func deliver(_ bytes: [UInt8]) {
            guard let text = client.receive(bytes) else {
                received = nil
                return
            }
            received? += text
        }
    }

    private static let suites: [(TLSVersions, String)] = [
        (.onlyTLS12, "ECDHE-ECDSA-AES128-GCM-SHA256"), (.onlyTLS12, "ECDHE-ECDSA-AES256-GCM-SHA384"),
        (.onlyTLS12, "ECDHE-ECDSA-CHACHA20-POLY1305"), (.onlyTLS13, "TLS_AES_128_GCM_SHA256"),
        (.onlyTLS13, "TLS_AES_256_GCM_SHA384"), (.onlyTLS13, "TLS_CHACHA20_POLY1305_SHA256"),
    ]

    @Test(
        "what OpenSSL has sealed goes first, then the keys change hands, then the kernel's records follow",
        arguments: suites)
    func handOver(version: TLSVersions, suite: String) throws {
        let pair = try Pair(PlainClient(version, suites: suite))
        pair.exchange()
        #expect(pair.client.isEstablished && pair.isLeftToKernel)
        // The last are Finished of TLS 1.2, or the ticket of TLS 1.3.
        #expect(pair.steps.drop { $0 == "unsent" } == ["handOver", "record"])
        #expect(pair.steps.first == "unsent")
        for length in [1, 1000, 16_384] {
            let text = Fixture.noise(length, seed: UInt64(length))
            let before = try #require(pair.received).count
            try pair.write(text)
            #expect(pair.received.map { Array($0.dropFirst(before)) } == text)
        }
        pair.client.write([1, 2, 3])
        pair.exchange()
        #expect(pair.text == [1, 2, 3] && pair.failure == nil)
    }

    @Test("a session that is resumed is handed over, too", arguments: [TLSVersions.onlyTLS12, .onlyTLS13])
    func resumption(version: TLSVersions) throws {
        let context = try TLSContext(.standard, offload: KernelCiphers(KernelCipher.all))
        let first = try Pair(PlainClient(version), context: context)
        first.exchange()
        let ticket = first.client.ticket
        defer { SSL_SESSION_free(ticket) }
        let second = try Pair(PlainClient(version, resuming: ticket), context: context)
        second.exchange()
        #expect(second.client.isResumed && second.isLeftToKernel)
        try second.write([7])
        #expect(second.received == [7])
    }

    @Test("what the kernel does not know stays with OpenSSL", arguments: suites)
    func unknown(version: TLSVersions, suite: String) throws {
        let others = KernelCipher.all.enumerated().filter {
            KernelTLSTests.suites[$0.offset] != (version, suite)
        }
        for known in [KernelCiphers(), KernelCiphers(others.map(\.element))] {
            let pair = try Pair(PlainClient(version, suites: suite), known)
            pair.exchange()
            #expect(pair.client.isEstablished && !pair.isLeftToKernel)
            try pair.write([1, 2])
            #expect(pair.received == [1, 2])
            pair.close()
            #expect(pair.client.hasEnded)
            #expect(Set(pair.steps) == ["unsent"])
        }
    }

    @Test("an endpoint that shall not leave it to the kernel does not")
    func switchedOff() throws {
        var settings = TLSServerSettings.standard
        settings.usesKernel = false
        let context = try TLSContext(settings, offload: KernelCiphers(KernelCipher.all))
        let pair = try Pair(PlainClient(), context: context)
        pair.exchange()
        #expect(pair.client.isEstablished && !pair.isLeftToKernel)
    }

    @Test("the end is told with a record of its own", arguments: [TLSVersions.onlyTLS12, .onlyTLS13])
    func close(version: TLSVersions) throws {
        let pair = try Pair(PlainClient(version))
        pair.exchange()
        try pair.write([5])
        pair.close()
        #expect(pair.steps.last == "record" && pair.client.hasEnded && pair.received == [5])
    }

    @Test("a peer may change its own key; where it wants a new one of ours the connection ends with the reason")
    func keyUpdate() throws {
        let pair = try Pair(PlainClient(.onlyTLS13))
        pair.exchange()
        pair.client.updateKey(asking: false)
        pair.client.write([1])
        pair.exchange()
        #expect(pair.text == [1] && pair.failure == nil)
        pair.client.updateKey(asking: true)
        pair.client.write([2])
        pair.exchange()
        #expect(pair.failure == TLSFailure("the peer asked for a new key, which kernel TLS does not change"))
        pair.close()
        #expect(pair.client.hasEnded && pair.received == [])

        // OpenSSL alone answers with one.
        let other = try Pair(PlainClient(.onlyTLS13), KernelCiphers())
        other.exchange()
        other.client.updateKey(asking: true)
        other.exchange()
        try other.write([3])
        #expect(other.failure == nil && other.received == [3])
    }

    @Test("sessions of both kinds share a wire")
    func sharedWire() throws {
        let wire = TLSWire()
        let contexts = [
            try TLSContext(.standard, offload: KernelCiphers(KernelCipher.all)),
            try TLSContext(TLSServerSettings.standard),
        ]
        let clients = [PlainClient(), PlainClient()]
        var kernelSession = try TLSSession(contexts[0], wire: wire)
        var session = try TLSSession(contexts[1], wire: wire)
        func turn(_ session: inout TLSSession, _ client: PlainClient) {
            wire.begin()
            wire.received.append(client.output().span)
            var buffer = ByteBuffer()
            _ = session.read(into: &buffer)
            session.keepSealed()
        }
        turn(&kernelSession, clients[0])
        turn(&session, clients[1])
        #expect(kernelSession.isLeftToKernel && !session.isLeftToKernel)
        #expect(!wire.hasOutput)
        for _ in 0..<2 {
            _ = clients[1].receive(session.unsent.span.copied())
            session.unsent.removeAll(keepingCapacity: false)
            turn(&session, clients[1])
            #expect(session.records.isEmpty)
        }
        #expect(clients[1].isEstablished && session.isEstablished && !session.isLeftToKernel)
    }

    /// A kernel that loads the module when it is asked for it has it by then.
    @Test("what the kernel encrypts is asked of the kernel")
    func detection() throws {
        let isThere = !OfferedKernelCiphers.all.isEmpty
        let names = (try? String(contentsOfFile: "/proc/sys/net/ipv4/tcp_available_ulp", encoding: .utf8)) ?? ""
        #expect(isThere == names.split(whereSeparator: \.isWhitespace).contains("tls"))
    }
}
