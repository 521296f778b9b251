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
    /// Whether sides that tell nothing are no reason to fail.
    let allowsInvalid: Bool
    let servers: RunningServers
    let isInterrupted: () -> Bool

    /// What came of a run, as its results file has it.
    struct Measured {
        var trials: [TrialResult] = []
        var goals: [GoalOutcome]?
        var cells: [ResultCell]?
    }

    /// Groups one after another, each told as soon as it is known.
    func run(_ command: String, _ groups: [TrialGroup]) throws -> CommandStatus {
        try runTrials(command, groups) { run, _, telling in
            var measured: [TrialResult] = []
            for group in groups where !isInterrupted() {
                let results = try run.measure(group, "\(group.work), \(group.sides[0].task.depth) in flight")
                telling.tell(results.map(table.rows).joined(separator: "\n"))
                measured += results
            }
            return Measured(trials: measured)
        }
    }

    /// A goal that is missed is a threshold missed, unless something worse happened.
    func runGoals(_ plan: GoalPlan) throws -> CommandStatus {
        try runTrials("goals", plan.trials) { run, journal, _ in
            let runner = CellRunner(
                settings, servers: servers, progress: BenchJob.progress, isInterrupted: isInterrupted)
            let goals = GoalRun(plan: plan, run: run, runner: runner, isInterrupted: isInterrupted)
            var progress = BenchJob.progress
            return try goals.measure { judged in
                for goal in judged {
                    journal.row(goal)
                    progress.milestone(GoalTable.line(goal))
                }
            }
        }
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
    private func runTrials(
        _ command: String, _ groups: [TrialGroup],
        _ measure: (TrialRun, RunJournal, ResultTelling) throws -> Measured
    ) throws -> CommandStatus {
        let telling = ResultTelling()
        let (document, path) = try RunJournal.keep(command, in: results, environment) { journal in
            let run = TrialRun(
                trials, settings, groups: groups, servers: servers, progress: BenchJob.progress,
                note: { journal.row($0) }, isInterrupted: isInterrupted)
            telling.tell(BenchText.environment(environment))
            let measured = try measure(run, journal, telling)
            return TrialDocument(
                command: command, environment: environment, complete: !isInterrupted(), trials: measured.trials,
                goals: measured.goals, cells: measured.cells)
        }
        conclude(document, telling)
        try telling.finish(path, PageSource("bench", .trials(document)))
        return document.complete ? document.exitStatus(allowsInvalid: allowsInvalid) : .interrupted
    }

    private func conclude(_ document: TrialDocument, _ telling: ResultTelling) {
        var notes = table.notes(document.trials, hasRows: document.goals == nil)
        if let goals = document.goals {
            let table = GoalTable(isStyled: Console.outputIsStyled, width: Console.outputColumns)
            telling.tell(table.rows(goals))
            notes = table.notes(goals) + notes
        }
        telling.tell(notes)
    }

    private var table: TrialTable {
        TrialTable(isStyled: Console.outputIsStyled, width: Console.outputColumns)
    }
}
