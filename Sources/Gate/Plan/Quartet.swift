/// Four blocks of one cell in a row, ABBA or BAAB: two pairs of neighbours in opposite orders, so that whatever grows
/// steadily over the four hits both builds alike. The two in the middle are of one build and serve as the control.
///
/// ```
///   A    B    B    A
///   └pair┘    └pair┘
///        └ctl.┘
/// ```
struct Quartet: Sendable {
    let cell: Int
    private let first: Build
    private var outcomes: [BlockOutcome?] = []

    init(cell: Int, first: Build) {
        self.cell = cell
        self.first = first
    }

    private func build(at place: Int) -> Build { place == 0 || place == 3 ? first : first.other }

    /// The build of the next block; nil when the quartet is over.
    var next: Build? { outcomes.count < 4 ? build(at: outcomes.count) : nil }

    /// Takes the outcome of the next block. One that is not valid drops its partner: if that was to come it is not run.
    mutating func take(_ outcome: BlockOutcome) {
        let isFirstOfPair = outcomes.count.isMultiple(of: 2)
        outcomes.append(outcome)
        if isFirstOfPair, outcome.values == nil { outcomes.append(nil) }
    }

    /// The values of the pairs, base first; nil for a pair that was dropped. Both pairs of a finished quartet.
    var pairs: [(base: [GateMetric: Double], candidate: [GateMetric: Double])?] {
        [0, 2].map { place in
            guard let one = outcomes[place]?.values, let two = outcomes[place + 1]?.values else { return nil }
            return build(at: place) == .base ? (one, two) : (two, one)
        }
    }

    /// The values of the two blocks in the middle, which are of one build.
    var control: (earlier: [GateMetric: Double], later: [GateMetric: Double])? {
        guard let earlier = outcomes[1]?.values, let later = outcomes[2]?.values else { return nil }
        return (earlier, later)
    }
}
