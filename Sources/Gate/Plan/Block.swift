import RennbahnMeasurement

/// The two that are compared.
package enum Build: String, Codable, Sendable, CaseIterable {
    /// What was: A.
    case base
    /// What is asked about: B.
    case candidate

    var other: Build {
        switch self {
        case .base: .candidate
        case .candidate: .base
        }
    }
}

/// One measurement of one build at one cell, with a fresh router.
package struct Block: Equatable, Sendable {
    /// Counted from 0 over the whole comparison.
    package let number: Int
    /// Index of the cell.
    package let cell: Int
    package let build: Build
    /// Whether a FAIL is being measured a second time.
    package let isConfirmation: Bool
}

/// What came of a block.
package enum BlockOutcome: Equatable, Sendable {
    /// Of each metric its figures in the order of the turns; one alone for what is measured once. `nil`: the turn has none, and
    /// none is made up. A 0 was measured, such as CPU time too short for the kernel's clock, and has no ratio.
    package typealias Turns = [GateMetric: [Double?]]

    case measured(turns: Turns, seconds: Double)
    /// A figure would say nothing, such as of a machine whose CPU was taken away.
    case invalid(reason: String, seconds: Double)
    /// Messages were lost, doubled, reordered or changed.
    case verificationFailed(reason: String)
    /// The router went on without receivers that were behind, or ended their connections: what it leaves out costs it nothing, so
    /// that the build that does so looks like the faster one.
    case receiversLeftBehind(reason: String)

    var seconds: Double {
        switch self {
        case .measured(_, let seconds), .invalid(_, let seconds): seconds
        case .verificationFailed, .receiversLeftBehind: 0
        }
    }

    var turns: Turns? {
        switch self {
        case .measured(let turns, _): turns
        case .invalid, .verificationFailed, .receiversLeftBehind: nil
        }
    }
}

/// A block as it is kept in the report, so that everything can be computed again.
package struct BlockRecord: Codable, Equatable, Sendable {
    package let number: Int
    package let cell: String
    package let build: Build
    package let isConfirmation: Bool
    /// Absent for a block that is not valid.
    package let turns: BlockOutcome.Turns?
    package let invalid: String?
    /// Its share of the time that its quartet took.
    package let seconds: Double

    init(_ block: Block, cell: String, _ outcome: BlockOutcome) {
        number = block.number
        self.cell = cell
        build = block.build
        isConfirmation = block.isConfirmation
        turns = outcome.turns
        seconds = outcome.seconds
        switch outcome {
        case .measured: invalid = nil
        case .invalid(let reason, _), .verificationFailed(let reason), .receiversLeftBehind(let reason):
            invalid = reason
        }
    }

    /// The geometric mean of the turns; nil where it has none.
    func figure(_ metric: GateMetric) -> Double? {
        turns?[metric].flatMap { Statistics.geometricMean(ofRatios: $0.compactMap { $0 }.filter { $0 > 0 }) }
    }
}
