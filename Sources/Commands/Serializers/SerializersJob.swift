import RennbahnBytes
import RennbahnMeasurement
import RennbahnReactor
import RennbahnReport
import RennbahnStages
import RennbahnTrial
import RennbahnWAMP
import RennbahnWorkload

/// One run of `rennbahn serializers`: measures, tells, advises and writes the results.
struct SerializersJob {
    let plan: SerializersPlan
    let settings: BenchSettings
    let trials: TrialSettings
    let environment: RunEnvironment
    let results: String
    /// Nanoseconds for the stages of one format of a document.
    let stageBudget: UInt64
    /// Where valgrind is there, and for the documents that compression is looked at closely.
    let countsInstructions: Bool
    let servers: RunningServers
    let isInterrupted: () -> Bool

    func run() throws -> CommandStatus {
        defer { servers.endAll() }
        let chapters = try plan.chapters()
        let telling = ResultTelling()
        let (document, path) = try RunJournal.keep("serializers", in: results, environment) { journal in
            telling.tell(BenchText.environment(environment))
            let measured = try measure(chapters, journal, telling)
            let stages = try isInterrupted() ? [] : measureStages()
            return conclude(measured, stages)
        }
        tell(document, telling)
        try telling.finish(path, PageSource("serializers", .trials(document.trials), advice: document.advice))
        return document.trials.complete ? document.trials.exitStatus : .interrupted
    }

    private func measure(
        _ chapters: [SerializersPlan.Chapter], _ journal: RunJournal, _ telling: ResultTelling
    ) throws -> [Measured] {
        let run = TrialRun(
            trials, settings, groups: chapters.map(\.group), servers: servers, progress: BenchJob.progress,
            note: { journal.row($0) }, isInterrupted: isInterrupted)
        let measured = zip(chapters, try run.measureSideBySide(chapters.map(\.group)))
            .map { Measured(chapter: $0, results: $1) }.filter { !$0.results.isEmpty }
        for chapter in measured { telling.tell(chapter.results.map(table.rows).joined(separator: "\n")) }
        return measured
    }

    private struct Measured {
        var chapter: SerializersPlan.Chapter
        var results: [TrialResult]
    }

    private var table: TrialTable {
        TrialTable(isStyled: Console.outputIsStyled, width: Console.outputColumns)
    }

    // MARK: Stages

    private func measureStages() throws -> [DocumentStages] {
        let counter = countsInstructions ? InstructionCounter(executable: settings.executable) : nil
        var progress = BenchJob.progress
        defer { progress.clear() }
        var stages: [DocumentStages] = []
        for document in plan.documents {
            guard !isInterrupted() else { break }
            progress.update("stages of the router's path with \(document.name)")
            let isCounted = plan.crossed.contains(document)
            let costs = try StageJob.costs(
                of: plan.formats.map { format in
                    StageJob(
                        format.serializer, try format.compression, payloads: document.payloads(format.serializer))
                }, budget: stageBudget, counter: isCounted ? counter : nil, isInterrupted: isInterrupted)
            stages += zip(plan.formats, costs).map { format, costs in
                DocumentStages(document: document.name, format: format.name, costs: costs)
            }
        }
        return stages
    }

    // MARK: What came of it

    private func conclude(_ measured: [Measured], _ stages: [DocumentStages]) -> SerializersDocument {
        SerializersDocument(
            trials: TrialDocument(
                command: "serializers", environment: environment, complete: !isInterrupted(),
                trials: measured.flatMap(\.results)),
            documents: plan.documents.map(DocumentFacts.init), stages: stages, advice: advice(measured))
    }

    private func tell(_ document: SerializersDocument, _ telling: ResultTelling) {
        if !document.stages.isEmpty {
            telling.tell(StageTable.render(document.stages, isStyled: Console.outputIsStyled))
        }
        if !document.advice.isEmpty { telling.tell(document.advice.joined(separator: "\n") + "\n") }
        telling.tell(table.notes(document.trials.trials))
    }

    /// From the open loop, in which every format carries the same rate.
    private func advice(_ measured: [Measured]) -> [String] {
        func documents(_ isCrossing: Bool, isOpen: Bool) -> [SerializerAdvice.Document] {
            measured.filter { $0.chapter.isCrossing == isCrossing }.map { entry in
                SerializerAdvice.Document(
                    name: entry.chapter.document.name,
                    content: entry.chapter.document.kind?.classes?.content.rawValue,
                    results: entry.results.filter { ($0.offeredRate != nil) == isOpen })
            }
        }
        let baseline = Serializer.json.name
        var advice: [String] = []
        let open = SerializerAdvice.sentences(documents(false, isOpen: true), baseline: baseline)
        if !open.isEmpty { advice += ["In the open loop:"] + open }
        let closed = SerializerAdvice.sentences(documents(false, isOpen: false), baseline: baseline)
        if !closed.isEmpty { advice += ["With \(plan.depth) in flight:"] + closed }
        let crossed = SerializerAdvice.sentences(documents(true, isOpen: false), baseline: baseline)
        if !crossed.isEmpty {
            advice += ["Settings of compression (level, window bits, fresh: no context takeover):"] + crossed
        }
        return advice
    }
}

extension DocumentSet {
    /// The arguments of a PUBLISH for each variant: a stamp and the document, as the load generator sends them.
    func payloads(_ serializer: Serializer) -> [[UInt8]] {
        let stamp = WAMPValue.string(String(repeating: "S", count: Stamp.byteCount))
        let arguments = variants.isEmpty ? [WAMPValue.list([stamp])] : variants.map { .list([stamp, $0]) }
        return arguments.map { value in
            var buffer = ByteBuffer()
            value.encode(serializer, into: &buffer)
            return buffer.span.copied()
        }
    }
}
