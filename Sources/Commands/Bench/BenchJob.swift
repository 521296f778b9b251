import RennbahnLoadGenerator
import RennbahnMeasurement
import RennbahnReport
import RennbahnTrial

/// One run of `rennbahn bench`: measures, prints and writes the results.
struct BenchJob {
    let settings: BenchSettings
    let trials: TrialSettings
    let environment: RunEnvironment
    /// Folder for the results file.
    let results: String
    let servers: RunningServers
    let isInterrupted: () -> Bool

    func runMatrix(_ plan: BenchPlan) throws -> CommandStatus {
        try TrialFile.prepare(results)
        let run = BenchRun(plan: plan, run: trialRun(groups: plan.groupCount))
        try Console.output(BenchText.environment(environment))
        let results = try run.measure(row: tell, isInterrupted: isInterrupted)
        return try finish(results, command: "bench")
    }

    func runPeers(_ plan: PeerPlan, _ peers: [MeasuredServer]) throws -> CommandStatus {
        try TrialFile.prepare(results)
        let groups = plan.groups(settings, peers)
        let run = trialRun(groups: groups.count)
        try Console.output(BenchText.environment(environment))
        var results: [TrialResult] = []
        for group in groups where !isInterrupted() {
            let result = try run.measure(group, "[\(results.count + 1)/\(groups.count)] \(group.work)")
            try tell(result)
            results += result
        }
        return try finish(results, command: "peers")
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
        RennbahnReport.Progress(isTerminal: Console.errorIsRedrawn, columns: Console.errorColumns) { Console.draw($0) }
    }

    private func trialRun(groups: Int) -> TrialRun {
        TrialRun(
            trials, settings, groups: groups, servers: servers, progress: BenchJob.progress,
            isInterrupted: isInterrupted)
    }

    private var table: TrialTable {
        TrialTable(isStyled: Console.outputIsStyled, width: Console.outputColumns)
    }

    /// As soon as it is known.
    private func tell(_ results: [TrialResult]) throws {
        try Console.output(table.rows(results))
    }

    private func finish(_ trials: [TrialResult], command: String) throws -> CommandStatus {
        let document = TrialDocument(
            command: command, environment: environment, complete: !isInterrupted(), trials: trials)
        let notes = table.notes(trials)
        if !notes.isEmpty { try Console.output(notes) }
        try tellWhere { try TrialFile.write(document, to: results) }
        return document.complete ? document.exitStatus : .interrupted
    }

    private func finish(
        _ document: ResultsDocument, command: String, _ render: (ResultsDocument, Bool) -> String
    ) throws -> CommandStatus {
        try Console.output(render(document, Console.outputIsStyled))
        try tellWhere { try ResultsFile.write(document, to: results, command: command) }
        return document.exitStatus
    }

    private func tellWhere(_ write: () throws -> String) throws {
        let path: String
        do {
            path = try write()
        } catch {
            throw Failure.internalError("the results could not be written: \(error)")
        }
        try Console.output("results: \(path)")
    }
}
