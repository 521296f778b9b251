import RennbahnLoadGenerator
import RennbahnMeasurement
import RennbahnReport
import RennbahnTrial

/// One run of `rennbahn bench`: measures, writes the results and prints them.
struct BenchJob {
    let settings: BenchSettings
    let trials: TrialSettings
    let environment: RunEnvironment
    /// Folder for the results file.
    let results: String
    let servers: RunningServers
    let isInterrupted: () -> Bool

    /// A goal that is missed is a threshold missed, unless something worse happened.
    func runGoals(_ plan: GoalPlan) throws -> CommandStatus {
        let run = GoalRun(plan: plan)
        let (document, path) = try RunJournal.keep("goals", in: results, environment) { journal in
            let runner = CellRunner(
                settings, total: run.total(settings), servers: servers, progress: BenchJob.progress,
                note: { journal.row($0) }, isInterrupted: isInterrupted)
            let (cells, goals) = try run.measure(runner)
            return ResultsDocument(environment: environment, cells: cells, goals: goals)
        }
        try Console.output(GoalTable.render(document, isTerminal: Console.outputIsStyled))
        try Console.output("results: \(try path.get())")
        let isMissed = document.goals?.contains { $0.verdict == .missed } ?? false
        return document.exitStatus == .good && isMissed ? .thresholdMissed : document.exitStatus
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

    /// Progress goes to standard error, so that standard output holds results only.
    static var progress: RennbahnReport.Progress {
        RennbahnReport.Progress(isTerminal: Console.errorIsRedrawn, columns: Console.errorColumns) { Console.draw($0) }
    }

    /// Measures in turns, with a journal that has each result as a line; what had been measured is kept where the user ends it.
    func runTrials(_ command: String, _ groups: [TrialGroup]) throws -> CommandStatus {
        let table = TrialTable(isStyled: Console.outputIsStyled, width: Console.outputColumns)
        let telling = ResultTelling()
        let (document, path) = try RunJournal.keep(command, in: results, environment) { journal in
            let run = TrialRun(
                trials, settings, groups: groups, servers: servers, progress: BenchJob.progress,
                note: { journal.row($0) }, isInterrupted: isInterrupted)
            telling.tell(BenchText.environment(environment))
            var measured: [TrialResult] = []
            for group in groups where !isInterrupted() {
                let results = try run.measure(group, "\(group.work), \(group.sides[0].task.depth) in flight")
                telling.tell(results.map(table.rows).joined(separator: "\n"))
                measured += results
            }
            return TrialDocument(
                command: command, environment: environment, complete: !isInterrupted(), trials: measured)
        }
        telling.tell(table.notes(document.trials))
        try telling.finish(path)
        return document.complete ? document.exitStatus : .interrupted
    }
}
