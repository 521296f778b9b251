import RennbahnWorkload

/// A paired comparison as it goes: which four blocks are to run next, and at last what was found.
///
/// ```
///   measuring ──all decided, or nothing more to be had──► finished
///       │                                                    ▲
///       └──a metric FAILs──► confirming, with fresh pairs ───┘
/// ```
///
/// Every cell gets its fewest pairs, quartet by quartet in turn, so that the pairs of each are spread over the whole time.
/// Then there are looks: what is undecided gets more pairs, until it is decided or the pairs or the time are used up.
package struct GatePlan: Sendable {
    package enum Action: Sendable {
        case run(Quartet)
        case finish(PairedResult)
    }

    enum Phase: Sendable {
        case measuring
        /// The questions that FAILed.
        case confirming([Judge.Question])
    }

    let cells: [String]
    let settings: GateSettings
    let judge: Judge
    private var generator: SeededGenerator
    private(set) var phase = Phase.measuring
    private(set) var first: [Evidence]
    private(set) var confirmation: [Evidence]
    private(set) var records: [BlockRecord] = []
    private var running: Quartet?
    /// The cells of the quartets to come before the next look.
    private var waiting: [Int] = []
    private var secondsSpent = 0.0
    /// Of the block whose messages did not all arrive as they were sent.
    private(set) var verificationFailure: String?
    /// Of the block whose router left receivers behind.
    private(set) var leftBehind: String?

    /// - Parameter cells: their names, at least one.
    package init(cells: [String], settings: GateSettings) {
        precondition(!cells.isEmpty)
        self.cells = cells
        self.settings = settings
        judge = Judge(settings: settings)
        generator = SeededGenerator(seed: settings.seed)
        first = Array(repeating: Evidence(), count: cells.count)
        confirmation = first
        enqueue(settings.fewestQuartets, of: Array(cells.indices))
    }

    /// The first quartet.
    package mutating func start() -> Action { advance() }

    /// What follows from the outcomes of the quartet that was to run, in the order of its blocks.
    package mutating func quartetFinished(_ outcomes: [BlockOutcome]) -> Action {
        guard let quartet = running else { return finished() }
        running = nil
        for (block, outcome) in zip(quartet.blocks, outcomes) {
            records.append(BlockRecord(block, cell: cells[block.cell], outcome))
            secondsSpent += outcome.seconds
            let place = "\(cells[block.cell]), \(block.build): "
            switch outcome {
            case .measured, .invalid: break
            case .verificationFailed(let reason): verificationFailure = verificationFailure ?? place + reason
            case .receiversLeftBehind(let reason): leftBehind = leftBehind ?? place + reason
            }
        }
        guard verificationFailure == nil, leftBehind == nil else { return finished() }
        takeEvidence(Quartet.Outcome(quartet, outcomes), ofCell: quartet.cell)
        return advance()
    }

    /// Ends the comparison before its time, with what there is.
    package func stop() -> PairedResult { result() }

    /// Blocks that ran, and how many there will have been at least.
    package var progress: (done: Int, expected: Int) {
        (records.count, records.count + 4 * waiting.count + (running == nil ? 0 : 4))
    }

    private var isConfirming: Bool {
        switch phase {
        case .measuring: false
        case .confirming: true
        }
    }

    private mutating func advance() -> Action {
        while waiting.isEmpty {
            if !look() { return finished() }
        }
        let quartet = Quartet(
            number: records.count, cell: waiting.removeFirst(),
            first: generator.next() >> 63 == 0 ? .base : .candidate, isConfirmation: isConfirming)
        running = quartet
        return .run(quartet)
    }

    private mutating func takeEvidence(_ outcome: Quartet.Outcome, ofCell cell: Int) {
        switch phase {
        case .measuring: first[cell].take(outcome)
        case .confirming: confirmation[cell].take(outcome)
        }
    }

    private mutating func enqueue(_ quartets: Int, of cells: [Int]) {
        for _ in 0..<quartets { waiting += cells }
    }

    private func finished() -> Action { .finish(result()) }

    // MARK: - Looks

    /// Looks at the evidence; false if nothing more is to be measured.
    private mutating func look() -> Bool {
        switch phase {
        case .measuring: return lookWhileMeasuring()
        case .confirming(let suspects): return lookWhileConfirming(suspects)
        }
    }

    private mutating func lookWhileMeasuring() -> Bool {
        let usable = cells.indices.filter { !isUnusable(first[$0]) }
        guard !replaceDropped(in: first, of: usable) else { return true }
        let questions = questions(of: first)
        let strict = judge.verdicts(on: questions, from: first, isLast: false)
        let open = usable.filter { cell in
            questions.contains { $0.cell == cell && !$0.metric.isAdvisory && strict[$0] == .undecided }
        }
        // Room is kept for confirming what may yet fail.
        let extended = open.filter { first[$0].quartets < settings.mostQuartets }
        let isLast =
            !fits(extended.count * settings.extraQuartets + open.count * settings.fewestQuartets)
            || extended.isEmpty
        let verdicts = isLast ? judge.verdicts(on: questions, from: first, isLast: true) : strict
        let suspects = questions.filter {
            !$0.metric.isAdvisory && verdicts[$0] == .fail && usable.contains($0.cell)
        }
        if !suspects.isEmpty {
            phase = .confirming(suspects)
            enqueue(settings.fewestQuartets, of: Set(suspects.map(\.cell)).sorted())
            return true
        }
        guard !isLast else { return false }
        enqueue(settings.extraQuartets, of: extended)
        return true
    }

    private mutating func lookWhileConfirming(_ suspects: [Judge.Question]) -> Bool {
        let usable = Set(suspects.map(\.cell)).sorted().filter { !isUnusable(confirmation[$0]) }
        guard !replaceDropped(in: confirmation, of: usable) else { return true }
        let verdicts = judge.verdicts(on: suspects, from: confirmation, isLast: false)
        let confirmed = judge.confirmed(suspects, fresh: confirmation, all: allEvidence, isLast: false)
        let extended = usable.filter { cell in
            confirmation[cell].quartets < settings.mostQuartets
                && suspects.contains { $0.cell == cell && verdicts[$0] == .undecided && !confirmed.contains($0) }
        }
        guard !extended.isEmpty, fits(extended.count * settings.extraQuartets) else { return false }
        enqueue(settings.extraQuartets, of: extended)
        return true
    }

    /// Whether so many quartets, as long as those before, end within the budget.
    private func fits(_ quartets: Int) -> Bool {
        guard let budget = settings.budget, !records.isEmpty else { return true }
        return secondsSpent * (1 + Double(4 * quartets) / Double(records.count)) <= budget
    }

    /// More quartets for the cells that lost pairs and have too few; false if none has.
    private mutating func replaceDropped(in evidence: [Evidence], of usable: [Int]) -> Bool {
        let short = usable.filter { evidence[$0].validPairs < settings.minimumPairs }
        enqueue(1, of: short)
        return !short.isEmpty
    }

    /// Whether so many pairs of a cell had to be dropped that the rest would be chosen by the noise.
    func isUnusable(_ evidence: Evidence) -> Bool {
        evidence.attemptedPairs >= settings.minimumPairs
            && Double(evidence.droppedPairs) > settings.largestDroppedShare * Double(evidence.attemptedPairs)
    }

    /// Of both times.
    var allEvidence: [Evidence] { zip(first, confirmation).map { $0.merged(with: $1) } }

    /// Every metric of every cell that was measured.
    func questions(of evidence: [Evidence]) -> [Judge.Question] {
        cells.indices.flatMap { cell in
            GateMetric.allCases.filter(evidence[cell].metrics.contains).map { Judge.Question(cell: cell, metric: $0) }
        }
    }
}
