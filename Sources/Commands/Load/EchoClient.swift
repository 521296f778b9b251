import RennbahnBytes
import RennbahnLoadGenerator
import RennbahnReactor
import RennbahnTransport
import RennbahnWebSocket

/// A client that sends back what it gets: the connecting side of the transport, as a WebSocket test suite examines it.
///
/// One connection after the other, each on a loop of its own, since each asks for another path. One owner, one thread.
struct EchoClient {
    let target: LoadTarget
    let address: SocketAddress
    /// `nil`: permessage-deflate is not offered.
    let deflate: DeflatePolicy?
    /// Nanoseconds that may pass without news on a connection before it counts as stuck.
    let patience: UInt64

    /// What came of one connection.
    struct Visit {
        /// The last text message, up to the size of a number or a line.
        var lastText = ""
        /// `nil`: nothing happened for too long.
        var end: LinkEnd?
    }

    /// Opens a connection to `path`, echoes all messages where `isEcho`, and returns when it has ended.
    func visit(_ path: String, isEcho: Bool) throws(SystemError) -> Visit {
        let loop = try LinkLoop(
            limits: Limits(),
            connect: ConnectProfile(
                host: target.hostField, path: path, subprotocols: [], deflate: deflate, validatesText: true))
        let link = try loop.connect(to: address)
        let message = Box(OutgoingMessage())
        var visit = Visit()
        var progressed = loop.now
        while visit.end == nil, loop.now < progressed + patience {
            loop.flush()
            loop.wait(milliseconds: 1000)
            while let event = loop.next() {
                progressed = loop.now
                switch event {
                case .message(_, let kind):
                    if isEcho {
                        EchoClient.echo(loop, link, kind, message)
                    } else {
                        visit.lastText = String(loop.message.text().prefix(200))
                    }
                case .closed(_, let end): visit.end = end
                case .opened, .timer: break
                }
            }
        }
        loop.dropAll()
        while loop.next() != nil {}
        return visit
    }

    private static func echo(
        _ loop: LinkLoop, _ link: LinkID, _ kind: MessageKind, _ message: borrowing Box<OutgoingMessage>
    ) {
        message.value.begin(kind)
        message.value.payload.append(loop.message)
        guard loop.send(&message.value, to: link) == .congested else { return }
        loop.pauseUntilDrained(link)
    }
}
