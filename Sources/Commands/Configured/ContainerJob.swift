import Foundation
import Logging
import RennbahnComponents
import RennbahnConfiguration
import RennbahnMeasurement
import RennbahnReactor
import RennbahnReport
import Synchronization

/// `rennbahn load --config`: runs the containers of a configuration file for a bounded time.
struct ContainerJob {
    let path: String
    let containers: [Container]
    /// Seconds.
    let duration: Double
    private let log: LineWriter

    init(_ path: String, duration: Double) throws {
        guard duration > 0, duration <= 86_400 else { throw Failure.usage("--duration must be above 0, at most 86400") }
        let file = try ConfigurationFile(path)
        let tree = try file.checked()
        let log = try LogStream.standardError()
        let logger = Logger(label: "rennbahn.load") { StreamLogHandler(label: $0, stream: LogStream(log)) }
        do throws(Problems) {
            containers = try Container.all(in: tree, file.surroundings { log.write($0 + "\n") }, logger: logger)
        } catch {
            throw file.failure(error.all)
        }
        self.path = path
        self.duration = duration
        self.log = log
    }

    /// Descriptors of a session: its socket, its poller, its bell; and those of the process.
    private var neededDescriptors: Int { 3 * containers.reduce(0) { $0 + $1.instances } + 64 }

    func run(writesJSON: Bool) throws -> CommandStatus {
        let available = DescriptorLimit.raise().soft
        guard available >= neededDescriptors else {
            throw Failure.usage(
                "\(path): needs \(neededDescriptors.of("descriptor")), the limit is \(available) (ulimit -n)")
        }
        let interruption = try Interruption()
        try log.start()
        defer { log.finish(within: LogStream.patience) }
        let start = MonotonicClock.now()
        let ends = work(interruption, start)
        let seconds = Double(MonotonicClock.now() - start) / 1_000_000_000
        let report = ContainerReport(containers: containers, ends: ends, seconds: seconds)
        try Console.output(writesJSON ? report.json : report.text)
        for line in report.failures { Console.error("rennbahn: \(line)") }
        if interruption.wasAsked { throw Failure.interrupted }
        return report.failures.isEmpty ? .good : .invalid
    }

    /// Runs all, shows how far they are, and stops them in time.
    private func work(_ interruption: Interruption, _ start: UInt64) -> [[[ComponentLife.Outcome]]] {
        let results = Results()
        let (containers, agent) = (containers, "Rennbahn/\(Version.text)")
        let task = Task.detached {
            await withTaskGroup(of: (Int, [[ComponentLife.Outcome]]).self) { group in
                for (index, container) in containers.enumerated() {
                    group.addTask { (index, await container.run(agent: agent)) }
                }
                var ends = [[[ComponentLife.Outcome]]](repeating: [], count: containers.count)
                for await (index, end) in group { ends[index] = end }
                results.set(ends)
            }
        }
        var progress = Progress(isTerminal: Console.errorIsTerminal) { Console.draw($0) }
        defer { progress.clear() }
        while true {
            if let ends = results.value { return ends }
            let seconds = Double(MonotonicClock.now() - start) / 1_000_000_000
            if seconds >= duration || interruption.wasAsked { task.cancel() }
            progress.update("\(Int(seconds)) s  \(ContainerReport.line(containers))")
            Foundation.Thread.sleep(forTimeInterval: 0.05)
        }
    }

    /// What the tasks hand to the command's thread.
    private final class Results: Sendable {
        private let ends = Mutex<[[[ComponentLife.Outcome]]]?>(nil)

        var value: [[[ComponentLife.Outcome]]]? { ends.withLock { $0 } }
        func set(_ value: [[[ComponentLife.Outcome]]]) { ends.withLock { $0 = value } }
    }
}
