import RennbahnReactor
import RennbahnTransport
import RennbahnWAMP

/// What is known of a session when it is there.
struct Joined: Sendable {
    let session: SessionID
    let serializer: WAMPClientConfiguration.Serializer
    let isCompressed: Bool
}

/// The thread of one session: makes the connection, and lives as long as it.
enum SessionThread {
    /// Where the router may be: at least one address. It may block.
    typealias Resolver = @Sendable (ConnectingTransport.Place) throws(WAMPError) -> [SocketAddress]

    /// Starts the thread; `joined` is resumed once, whatever happens.
    static func start(
        _ setup: SessionSetup, _ mailbox: Mailbox, _ joined: CheckedContinuation<Result<Joined, WAMPError>, Never>,
        resolve: @escaping Resolver = SessionThread.resolve
    ) {
        do throws(SystemError) {
            // Not joined: it ends with its connection, and what it owns goes with it.
            _ = try Thread.spawn(name: "wamp-client") { run(setup, mailbox, joined, resolve) }
        } catch {
            joined.resume(returning: .failure(WAMPError(.connectionRefused, message: error.description)))
        }
    }

    private static func run(
        _ setup: SessionSetup, _ mailbox: Mailbox, _ joined: CheckedContinuation<Result<Joined, WAMPError>, Never>,
        _ resolve: Resolver
    ) {
        for leaver in serve(setup, mailbox, joined, resolve) { leaver.resume() }
    }

    /// When it returns, every descriptor of the session is closed, but for the mailbox's.
    ///
    /// - Returns: who waits for that.
    private static func serve(
        _ setup: SessionSetup, _ mailbox: Mailbox, _ joined: CheckedContinuation<Result<Joined, WAMPError>, Never>,
        _ resolve: Resolver
    ) -> [CheckedContinuation<Void, Never>] {
        do throws(WAMPError) {
            let addresses = try resolve(setup.place)
            do throws(SystemError) {
                return try SessionLoop(setup.trying(addresses.count), addresses, mailbox, joined).run()
            } catch {
                throw WAMPError(.connectionRefused, message: error.description)
            }
        } catch {
            joined.resume(returning: .failure(error))
            return []
        }
    }

    /// Blocks while a name is looked up.
    @Sendable static func resolve(_ place: ConnectingTransport.Place) throws(WAMPError) -> [SocketAddress] {
        do throws(SocketAddress.Malformed) {
            switch place {
            case .tcp(let host, let port, let version):
                return try SocketAddress.resolve(host: host, port: port, isIPv4: version.map { $0 == .v4 })
            case .unix(let path): return [try SocketAddress.unix(path: path)]
            }
        } catch {
            throw WAMPError(.connectionRefused, message: error.description)
        }
    }
}
