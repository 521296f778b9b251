import RennbahnMetrics
import RennbahnReactor
import Synchronization

/// Answers those who scrape metrics, on a thread of its own, until it is stopped.
final class MetricsServer {
    /// Where it listens, with the port that the kernel chose.
    let address: SocketAddress
    private let listener: Descriptor
    private let ending: Ending
    private var thread: Thread?
    private var isOpen = true

    /// What its owner tells its thread.
    fileprivate final class Ending: Sendable {
        let wakeUp: WakeUp
        private let flag = Atomic<Bool>(false)

        init() throws(SystemError) {
            wakeUp = try WakeUp()
        }

        var isAsked: Bool { flag.load(ordering: .acquiring) }

        func ask() {
            flag.store(true, ordering: .releasing)
            wakeUp.wake()
        }
    }

    init(_ address: SocketAddress) throws(SystemError) {
        ending = try Ending()
        listener = try Sockets.listen(address, backlog: 16)
        do throws(SystemError) {
            self.address = try Sockets.boundAddress(of: listener)
        } catch {
            Sockets.close(listener)
            throw error
        }
    }

    var url: String { "http://\(address)/metrics" }

    /// Answers from now on.
    ///
    /// - Parameter page: the metrics in a format; called on the server's thread.
    func start(_ page: @escaping @Sendable (MetricsFormat) -> String) throws(SystemError) {
        let (listener, ending) = (listener, ending)
        let desk = try ScrapeDesk(listener, ending.wakeUp)
        let work = ThreadWork { desk.serve(page) { ending.isAsked } }
        thread = try Thread.spawn(name: "metrics") { work.run() }
    }

    /// Ends without a word to anybody; nothing to do where it has ended.
    func stop() {
        guard isOpen else { return }
        isOpen = false
        ending.ask()
        if let thread = thread.take() { thread.join() }
        Sockets.close(listener)
    }

    deinit { stop() }
}
