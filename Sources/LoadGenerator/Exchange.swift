import RennbahnBytes
package import RennbahnReactor
import RennbahnTransport
package import RennbahnWAMP
package import RennbahnWebSocket
import RennbahnWorkload

/// Two sessions and a fixed number of messages between them, one at a time: what is counted per message (instructions,
/// system calls, bytes) does not depend on timing then, since the router never has more than one thing to do.
///
/// Every run sends the same payloads. One owner, one thread.
package final class Exchange {
    package enum Work: String, Sendable, CaseIterable {
        /// PUBLISH, not acknowledged, and the EVENT of one subscriber.
        case publish = "publish-1"
        /// CALL, INVOCATION, YIELD, RESULT.
        case call
    }

    package struct Configuration: Sendable {
        package var address: SocketAddress
        package var realm: String
        package var work: Work
        package var serializer: Serializer
        /// `nil`: no permessage-deflate.
        package var deflate: DeflatePolicy?
        package var payloadBytes: Int
        package var messages: Int
        /// Nanoseconds that the router may take for one answer.
        package var patience: UInt64 = 30_000_000_000

        package init(
            address: SocketAddress, realm: String, work: Work, serializer: Serializer, deflate: DeflatePolicy?,
            payloadBytes: Int, messages: Int
        ) {
            (self.address, self.realm, self.work, self.serializer) = (address, realm, work, serializer)
            (self.deflate, self.payloadBytes, self.messages) = (deflate, payloadBytes, messages)
        }
    }

    /// What went over the wire for the messages alone, frame heads included.
    package struct Figures: Sendable, Equatable {
        package var messages: Int
        package var bytesSent: UInt64
        package var bytesReceived: UInt64
    }

    private static let uri = Array("com.example.exchange".utf8)

    private let configuration: Configuration
    private let loop: LinkLoop
    private let kind: MessageKind
    private let scanner = Box(EnvelopeScanner())
    private let message = Box(OutgoingMessage())
    private var text: SampleText
    /// The list of one text that is on its way.
    private var arguments: [UInt8] = []

    /// The subscriber or callee, and the publisher or caller.
    private var links: [LinkID] = []
    private var stage = Stage.joining(0)
    private var bytesBefore: (sent: UInt64, received: UInt64) = (0, 0)

    private enum Stage {
        /// A session on its way to WELCOME.
        case joining(Int)
        /// SUBSCRIBE or REGISTER is on its way.
        case preparing
        /// So many messages have come back.
        case exchanging(Int)
        case done(Figures)
        case failed(ConnectionFailure)
    }

    package init(_ configuration: Configuration) throws(SystemError) {
        self.configuration = configuration
        var limits = Limits()
        limits.maxConnections = 8
        kind = configuration.serializer.isBinary ? .binary : .text
        text = SampleText(count: configuration.payloadBytes)
        loop = try LinkLoop(
            limits: limits,
            connect: ConnectProfile(
                host: "\(configuration.address)", path: "/", subprotocols: [configuration.serializer.subprotocol],
                deflate: configuration.deflate))
    }

    /// Exchanges all messages.
    package func run() throws -> Figures {
        defer {
            loop.dropAll()
            while loop.next() != nil {}
        }
        links.append(try loop.connect(to: configuration.address))
        var progressed = MonotonicClock.now()
        while true {
            loop.flush()
            loop.wait(milliseconds: 1000)
            while let event = loop.next() {
                progressed = loop.now
                try handle(event)
            }
            switch stage {
            case .done(let figures): return figures
            case .failed(let failure): throw failure
            case .joining, .preparing, .exchanging: break
            }
            guard loop.now < progressed + configuration.patience else {
                throw ConnectionFailure.unexpected("nothing for too long, though something was")
            }
        }
    }

    private func handle(_ event: LinkEvent) throws {
        switch event {
        case .opened(let link, let subprotocol): opened(link, subprotocol)
        case .message(let link, _): try receive(link)
        case .closed(_, let end): fail(.ended(end))
        case .timer: break
        }
    }

    private func fail(_ failure: ConnectionFailure) {
        switch stage {
        case .done, .failed: break
        case .joining, .preparing, .exchanging: stage = .failed(failure)
        }
    }

    // MARK: Joining

    private func opened(_ link: LinkID, _ subprotocol: Int) {
        guard subprotocol == 0 else { return fail(.noSubprotocol(wanted: configuration.serializer.subprotocol)) }
        guard (configuration.deflate != nil) == loop.isCompressed(link) else { return fail(.uncompressed) }
        let realm = Array(configuration.realm.utf8)
        message.value.begin(kind)
        MessageWriter.hello(
            configuration.serializer, realm: realm.span, details: HelloDetails(roles: .all).value,
            into: &message.value.payload)
        _ = loop.send(&message.value, to: link)
    }

    private func welcomed() throws {
        guard case .joining(let session) = stage else { return fail(.unexpected("WELCOME")) }
        if session == 0 {
            stage = .joining(1)
            links.append(try loop.connect(to: configuration.address))
            return
        }
        stage = .preparing
        message.value.begin(kind)
        switch configuration.work {
        case .publish:
            MessageWriter.subscribe(
                configuration.serializer, request: 1, topic: Exchange.uri.span, into: &message.value.payload)
        case .call:
            MessageWriter.register(
                configuration.serializer, request: 1, procedure: Exchange.uri.span, into: &message.value.payload)
        }
        _ = loop.send(&message.value, to: links[0])
    }

    private func prepared() {
        guard case .preparing = stage else { return fail(.unexpected("an acknowledgement")) }
        bytesBefore = (loop.counters.value.bytesOut, loop.counters.value.bytesIn)
        stage = .exchanging(0)
        begin(0)
    }

    // MARK: Exchanging

    /// Sends the message of a number.
    private func begin(_ number: Int) {
        let request = RequestID(UInt64(number) + 1)
        let payload = Payload(serializer: configuration.serializer, elements: 1)
        arguments = list(of: text.next())
        message.value.begin(kind)
        switch configuration.work {
        case .publish:
            MessageWriter.publish(
                configuration.serializer, request: request, acknowledge: false, topic: Exchange.uri.span,
                payload: payload, arguments.span, into: &message.value.payload)
        case .call:
            MessageWriter.call(
                configuration.serializer, request: request, procedure: Exchange.uri.span, payload: payload,
                arguments.span, into: &message.value.payload)
        }
        _ = loop.send(&message.value, to: links[1])
    }

    private func list(of text: [UInt8]) -> [UInt8] {
        switch configuration.serializer {
        case .json: Array(#"[""#.utf8) + text + Array(#""]"#.utf8)
        case .msgpack: [0x91, 0xda, UInt8(text.count >> 8 & 0xff), UInt8(text.count & 0xff)] + text
        }
    }

    private func receive(_ link: LinkID) throws {
        let loop = loop
        let bytes = loop.message
        let scanned: ScannedRouterMessage
        do {
            scanned = try scanner.value.scanRouterMessage(bytes, serializer: configuration.serializer)
        } catch {
            return fail(.violation(error))
        }
        let payload = bytes.extracting(scanned.payloadRange)
        switch scanned.message {
        case .welcome: try welcomed()
        case .subscribed, .registered: prepared()
        case .event where configuration.work == .publish: finished(payload)
        case .result where configuration.work == .call: finished(payload)
        case .invocation(let request, _):
            message.value.begin(kind)
            MessageWriter.yield(
                configuration.serializer, request: request, payload: scanned.payload, payload,
                into: &message.value.payload)
            _ = loop.send(&message.value, to: link)
        case .abort: fail(.aborted(reason: scanned.uri.string(in: bytes), message: ""))
        case .goodbye: fail(.goodbye(reason: scanned.uri.string(in: bytes)))
        case .error, .challenge, .published, .unsubscribed, .unregistered, .interrupt, .event,
            .result:
            fail(.unexpected("a message that is no part of the exchange"))
        }
    }

    private func finished(_ payload: Span<UInt8>) {
        guard case .exchanging(let before) = stage else { return fail(.unexpected("a payload")) }
        guard payload.equals(arguments.span) else { return fail(.unexpected("another payload than was sent")) }
        let done = before + 1
        stage = .exchanging(done)
        guard done == configuration.messages else { return begin(done) }
        stage = .done(
            Figures(
                messages: done, bytesSent: loop.counters.value.bytesOut - bytesBefore.sent,
                bytesReceived: loop.counters.value.bytesIn - bytesBefore.received))
    }
}
