import RennbahnLoadGenerator
import RennbahnMeasurement
import RennbahnReport

/// One run of `rennbahn bench`: measures, writes the results and prints them.
struct BenchJob {
    let settings: BenchSettings
    let environment: RunEnvironment
    /// Folder for the results file.
    let results: String
    let servers: RunningServers
    let isInterrupted: () -> Bool

    /// The first line of the journal.
    private struct Description: Encodable {
        let command: String
        let environment: RunEnvironment
    }

    func runMatrix(_ plan: BenchPlan) throws -> CommandStatus {
        let total = plan.cellCount * settings.rounds
        return try keep("bench", total: total, BenchTable.render) { runner in
            ResultsDocument(environment: environment, cells: try BenchRun(plan: plan, runner: runner).measure())
        }
    }

    func runPeers(_ run: PeerRun) throws -> CommandStatus {
        let total = run.groups(settings).reduce(0) { $0 + $1.count } * settings.rounds
        return try keep("peers", total: total, PeerTable.render) { runner in
            ResultsDocument(environment: environment, cells: try run.measure(runner))
        }
    }

    /// A goal that is missed is a threshold missed, unless something worse happened.
    func runGoals(_ plan: GoalPlan) throws -> CommandStatus {
        let run = GoalRun(plan: plan)
        var goals: [GoalOutcome] = []
        let status = try keep("goals", total: run.total(settings), GoalTable.render) { runner in
            let measured = try run.measure(runner)
            goals = measured.goals
            return ResultsDocument(environment: environment, cells: measured.cells, goals: goals)
        }
        return status == .good && goals.contains { $0.verdict == .missed } ? .thresholdMissed : status
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
        RennbahnReport.Progress(isTerminal: Console.errorIsTerminal, columns: 100) { Console.draw($0) }
    }

    /// Measures with a journal that has each measurement as a line, and puts the results in its place.
    private func keep(
        _ command: String, total: Int, _ render: (ResultsDocument, Bool) -> String,
        _ measure: (CellRunner) throws -> ResultsDocument
    ) throws -> CommandStatus {
        let journal = RunJournal(of: command, in: results, environment)
        try journal.beginRun(Description(command: command, environment: environment))
        let runner = CellRunner(
            settings, total: total, servers: servers, progress: BenchJob.progress, note: { journal.row($0) },
            isInterrupted: isInterrupted)
        let document: ResultsDocument
        do {
            document = try measure(runner)
        } catch {
            journal.fail("\(error)")
            throw error
        }
        // Results go to their file first: who reads the rest may have gone.
        let kept = Result { try journal.finishRun(document) }
        try Console.output(render(document, Console.outputIsTerminal))
        try Console.output("results: \(try kept.get())")
        return document.exitStatus
    }
}
