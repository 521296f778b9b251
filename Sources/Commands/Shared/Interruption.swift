import Foundation
import RennbahnMeasurement
import RennbahnReactor

/// SIGINT, SIGTERM and SIGHUP, asked after between the steps of a run: the first ends the run in good order, the second the
/// process at once, after the servers that it started.
final class Interruption {
    private let signals: SignalWatcher
    private let servers: RunningServers?
    private var isOn = false
    /// What is to be put right before a second signal ends the process.
    var beforeExit: (() -> Void)?

    init(ending servers: RunningServers? = nil) throws(SystemError) {
        signals = try SignalWatcher()
        self.servers = servers
    }

    var wasAsked: Bool {
        while signals.next() != nil { ask() }
        return isOn
    }

    /// Does what a signal does.
    func ask() {
        if isOn {
            beforeExit?()
            Console.error("rennbahn: interrupted")
            servers?.endAll()
            Foundation.exit(CommandStatus.interrupted.rawValue)
        }
        isOn = true
    }
}
