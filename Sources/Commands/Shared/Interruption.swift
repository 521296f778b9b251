import Foundation
import RennbahnReactor

/// SIGINT and SIGTERM, asked after between the steps of a run: the first ends the run in good order, the second the process
/// at once (a router that it started ends with it).
final class Interruption {
    private let signals: SignalWatcher
    private var isOn = false

    init() throws(SystemError) {
        signals = try SignalWatcher()
    }

    var wasAsked: Bool {
        while signals.next() != nil {
            if isOn {
                Console.error("rennbahn: interrupted")
                Foundation.exit(Status.invalidRun)
            }
            isOn = true
        }
        return isOn
    }
}
