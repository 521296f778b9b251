import RennbahnLoadGenerator
import RennbahnMeasurement
import RennbahnReport

/// One run of `rennbahn bench`: measures, prints and writes the results.
struct BenchJob {
    let settings: BenchSettings
    let environment: RunEnvironment
    /// Folder for the results file.
    let results: String
    let servers: RunningServers
    let isInterrupted: () -> Bool

    func runMatrix(_ plan: BenchPlan) throws -> CommandStatus {
        let run = BenchRun(plan: plan, runner: runner(total: plan.cellCount * settings.rounds))
        let document = ResultsDocument(environment: environment, cells: try run.measure())
        return try finish(document, command: "bench", BenchTable.render)
    }

    func runPeers(_ run: PeerRun) throws -> CommandStatus {
        let total = run.groups(settings).reduce(0) { $0 + $1.count } * settings.rounds
        let document = ResultsDocument(
            environment: environment, cells: try run.measure(runner(total: total)))
        return try finish(document, command: "peers", PeerTable.render)
    }

    /// A goal that is missed is a threshold missed, unless something worse happened.
    func runGoals(_ plan: GoalPlan) throws -> CommandStatus {
        let run = GoalRun(plan: plan)
        let (cells, goals) = try run.measure(runner(total: run.total(settings)))
        let document = ResultsDocument(environment: environment, cells: cells, goals: goals)
        let status = try finish(document, command: "goals", GoalTable.render)
        return status == .good && goals.contains { $0.verdict == .missed }
            ? .thresholdMissed : status
    }

    /// Starts the peers that are to be started, and ends them whatever happens.
    func withPeers(
        _ specifications: [PeerSpecification], scripts: String, _ body: ([MeasuredServer]) throws -> CommandStatus
    ) throws -> CommandStatus {
        // As many cores as our own router has, which may be fewer than a run of goals has for it.
        let processors = Array(settings.routerPins.prefix(settings.shards))
        var peers: [MeasuredServer] = []
        defer { servers.endAll() }
        for specification in specifications {
            var progress = BenchJob.progress
            if case .startable(let name) = specification { progress.milestone("starting \(name)") }
            let peer = try servers.peer(
                specification, scripts: scripts, processors: processors, isInterrupted: isInterrupted)
            peers.append(peer)
            if let version = peer.version { progress.milestone("\(peer.name) \(version) is ready") }
        }
        return try body(peers)
    }

    private func runner(total: Int) -> CellRunner {
        CellRunner(
            settings, total: total, servers: servers, progress: BenchJob.progress, isInterrupted: isInterrupted)
    }

    /// Progress goes to standard error, so that standard output holds results only.
    static var progress: RennbahnReport.Progress {
        RennbahnReport.Progress(isTerminal: Console.errorIsTerminal, columns: 100) { Console.draw($0) }
    }

    private func finish(
        _ document: ResultsDocument, command: String, _ render: (ResultsDocument, Bool) -> String
    ) throws -> CommandStatus {
        try Console.output(render(document, Console.outputIsTerminal))
        let path: String
        do {
            path = try ResultsFile.write(document, to: results, command: command)
        } catch {
            throw Failure.internalError("the results could not be written: \(error)")
        }
        try Console.output("results: \(path)")
        return document.exitStatus
    }
}
