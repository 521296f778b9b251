import RennbahnBytes
import RennbahnReactor
import RennbahnTransport
import RennbahnWAMP
import RennbahnWebSocket
import Synchronization

/// Stands between clients and a router and hands every message on as it is, but for one.
final class FaultyProxy {
    /// What happens to one message of a type, behind `skipped` others.
    struct Fault: Sendable {
        enum Kind: Sendable, Equatable {
            case drop
            case double
            /// It comes after the next of its type on its connection.
            case swap
            /// A letter of its payload becomes another one.
            case flip
            /// The document behind the stamp is written in other octets: keys the other way round, whole numbers as fractions.
            case rewrite
            /// It and the next of its type, which goes the same way on another connection, change places.
            case exchange
            /// The last letter of a text among its elements becomes another one.
            case text(element: Int)
            /// Its first octet becomes another one: it can be read no more.
            case garble
            /// An answer becomes an ERROR, which comes so often.
            case fail(times: Int)
            /// PUBLISHED becomes an ERROR, and the EVENTs of all publications are left out.
            case refuse
            /// PUBLISHED is followed by an ERROR for the same request.
            case refuseAnswered
            /// A number among its elements becomes the next one.
            case count(element: Int)
        }

        var code: MessageCode
        var kind: Kind
        var skipped = 20
        /// Of what both sides send only that of one.
        var isFromRouter: Bool?
    }

    private final class Flag: Sendable {
        let isUp = Atomic<Bool>(false)
    }

    let address: SocketAddress
    private let isOver = Flag()
    private var thread: Thread?

    /// - Parameter dropped: of so many connections the last is dropped as soon as it is open; 0: none.
    init(
        to router: SocketAddress, _ serializer: Serializer, deflate: DeflatePolicy? = nil, fault: Fault? = nil,
        dropped: Int = 0
    ) throws {
        let listener = try Sockets.listen(.loopback(port: 0))
        address = try Sockets.boundAddress(of: listener)
        let loop = try LinkLoop(
            limits: Limits(),
            accept: [AcceptProfile(subprotocols: [serializer.subprotocol], deflate: deflate)],
            connect: ConnectProfile(
                host: "127.0.0.1", path: "/", subprotocols: [serializer.subprotocol], deflate: deflate))
        try loop.listen(on: listener)
        let relay = Relay(loop, router, serializer, fault, dropped)
        let isOver = isOver
        let work = ThreadWork { relay.run { isOver.isUp.load(ordering: .relaxed) } }
        thread = try Thread.spawn(name: "faulty-proxy") { work.run() }
    }

    func stop() {
        isOver.isUp.store(true, ordering: .relaxed)
        thread.take()?.join()
    }

    deinit { stop() }
}

/// What runs on the proxy's thread.
private final class Relay {
    private struct Side {
        var other: LinkID
        var isRouter = false
        var isOpen = false
        /// What came before the other side was open.
        var waiting: [(MessageKind, [UInt8])] = []
        /// The message that lets the next one pass.
        var held: (MessageKind, [UInt8])?
    }

    private let loop: LinkLoop
    private let router: SocketAddress
    private let serializer: Serializer
    private var fault: FaultyProxy.Fault?
    private let dropped: Int
    private let isRefusing: Bool
    private var accepted = 0
    private var sides: [LinkID: Side] = [:]
    /// The message that waits for one on another connection, and whence it came.
    private var exchanged: (link: LinkID, kind: MessageKind, bytes: [UInt8])?
    private var outgoing = OutgoingMessage()

    init(
        _ loop: LinkLoop, _ router: SocketAddress, _ serializer: Serializer, _ fault: FaultyProxy.Fault?, _ dropped: Int
    ) {
        (self.loop, self.router, self.serializer, self.fault) = (loop, router, serializer, fault)
        self.dropped = dropped
        isRefusing = fault?.kind == .refuse
    }

    func run(until isOver: () -> Bool) {
        while !isOver() {
            loop.flush()
            loop.wait(milliseconds: 1)
            while let event = loop.next() { handle(event) }
        }
        loop.dropAll()
        while loop.next() != nil {}
        loop.stopListening()
    }

    private func handle(_ event: LinkEvent) {
        switch event {
        case .opened(let link, _): opened(link)
        case .message(let link, let kind):
            let loop = loop
            pass(kind, loop.message.copied(), from: link)
        case .closed(let link, _):
            if let side = sides.removeValue(forKey: link) { loop.close(side.other, code: .normalClosure) }
        case .timer: break
        }
    }

    /// A client has come, and gets a connection to the router; or that is there.
    private func opened(_ link: LinkID) {
        if let side = sides[link] {
            sides[link]?.isOpen = true
            let waiting = sides[side.other]?.waiting ?? []
            sides[side.other]?.waiting = []
            for (kind, bytes) in waiting { pass(kind, bytes, from: side.other) }
            return
        }
        accepted += 1
        if dropped > 0, accepted.isMultiple(of: dropped) {
            loop.drop(link)
        } else if let there = try? loop.connect(to: router) {
            sides[link] = Side(other: there, isOpen: true)
            sides[there] = Side(other: link, isRouter: true)
        }
    }

    private func pass(_ kind: MessageKind, _ bytes: [UInt8], from link: LinkID) {
        guard let side = sides[link] else { return }
        guard sides[side.other]?.isOpen == true else {
            sides[link]?.waiting.append((kind, bytes))
            return
        }
        let code = code(of: bytes)
        if let held = side.held, code == self.code(of: held.1) {
            sides[link]?.held = nil
            send(kind, bytes, to: side.other)
            send(held.0, held.1, to: side.other)
            return
        }
        if let first = exchanged, let there = sides[first.link], there.isRouter == side.isRouter,
            code == self.code(of: first.bytes)
        {
            exchanged = nil
            send(kind, bytes, to: there.other)
            send(first.kind, first.bytes, to: side.other)
            return
        }
        if isRefusing, code == Int64(MessageCode.event.rawValue) { return }
        guard let chosen = choose(code, isFromRouter: side.isRouter) else { return send(kind, bytes, to: side.other) }
        switch chosen {
        case .drop: break
        case .double: for _ in 0..<2 { send(kind, bytes, to: side.other) }
        case .swap: sides[link]?.held = (kind, bytes)
        case .exchange: exchanged = (link, kind, bytes)
        case .flip: send(kind, flipped(bytes), to: side.other)
        case .text(let element): send(kind, respelt(bytes, element), to: side.other)
        case .garble: send(kind, [UInt8(ascii: "?")] + bytes.dropFirst(), to: side.other)
        case .fail(let times): for _ in 0..<times { send(kind, refused(bytes), to: side.other) }
        case .rewrite: send(kind, rewritten(bytes), to: side.other)
        case .refuse: send(kind, refused(bytes), to: side.other)
        case .refuseAnswered:
            send(kind, bytes, to: side.other)
            send(kind, refused(bytes), to: side.other)
        case .count(let element): send(kind, counted(bytes, element), to: side.other)
        }
    }

    /// The fault, if this is the message that has it.
    private func choose(_ code: Int64?, isFromRouter: Bool) -> FaultyProxy.Fault.Kind? {
        guard let fault, code == Int64(fault.code.rawValue), isFromRouter == fault.isFromRouter ?? isFromRouter else {
            return nil
        }
        self.fault?.skipped -= 1
        guard fault.skipped == 0 else { return nil }
        self.fault = nil
        return fault.kind
    }

    private func code(of bytes: [UInt8]) -> Int64? { decoded(bytes)?[0]?.integerValue }

    private func decoded(_ bytes: [UInt8]) -> WAMPValue? { try? WAMPValue.decode(bytes.span, serializer: serializer) }

    /// The payload stands last; in JSON there are three characters behind it.
    private func flipped(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        let place = bytes.count - 5
        bytes[place] = bytes[place] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
        return bytes
    }

    private func rewritten(_ bytes: [UInt8]) -> [UInt8] {
        guard case .list(var list)? = decoded(bytes), case .list(var arguments)? = list.last else { return bytes }
        arguments[1] = rewritten(arguments[1])
        list[list.count - 1] = .list(arguments)
        var buffer = ByteBuffer()
        WAMPValue.list(list).encode(serializer, into: &buffer)
        return buffer.span.copied()
    }

    private func rewritten(_ value: WAMPValue) -> WAMPValue {
        switch value {
        case .integer(let whole): .double(Double(whole))
        case .list(let items): .list(items.map(rewritten))
        case .dictionary(let dictionary):
            .dictionary(
                WAMPDictionary(dictionary.pairs.reversed().map { .init(key: $0.key, value: rewritten($0.value)) }))
        case .null, .bool, .unsigned, .double, .string, .binary: value
        }
    }

    /// An ERROR for the request that a message answers.
    private func refused(_ bytes: [UInt8]) -> [UInt8] {
        let request = decoded(bytes)?[1] ?? .null
        let answered = code(of: bytes).flatMap { code in
            Relay.requests.first { code == Int64($0.answer.rawValue) }?.request.rawValue
        }
        var buffer = ByteBuffer()
        WAMPValue.list([8, WAMPValue(UInt64(answered ?? 0)), request, [:], "wamp.error.not_authorized"])
            .encode(serializer, into: &buffer)
        return buffer.span.copied()
    }

    private static let requests: [(answer: MessageCode, request: MessageCode)] = [
        (.published, .publish), (.subscribed, .subscribe), (.registered, .register), (.result, .call),
        (.yield, .invocation),
    ]

    private func respelt(_ bytes: [UInt8], _ element: Int) -> [UInt8] {
        guard case .list(var list)? = decoded(bytes), let text = list[element].stringValue else { return bytes }
        list[element] = .string(String(text.dropLast()) + (text.hasSuffix("a") ? "b" : "a"))
        var buffer = ByteBuffer()
        WAMPValue.list(list).encode(serializer, into: &buffer)
        return buffer.span.copied()
    }

    private func counted(_ bytes: [UInt8], _ element: Int) -> [UInt8] {
        guard case .list(var list)? = decoded(bytes), let number = list[element].integerValue else { return bytes }
        list[element] = .integer(number + 1)
        var buffer = ByteBuffer()
        WAMPValue.list(list).encode(serializer, into: &buffer)
        return buffer.span.copied()
    }

    private func send(_ kind: MessageKind, _ bytes: [UInt8], to link: LinkID) {
        outgoing.begin(kind)
        outgoing.payload.append(bytes.span)
        _ = loop.send(&outgoing, to: link)
    }
}
