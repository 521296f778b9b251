/// What a comparison of exact counts with their reference found.
package struct ExactResult: Codable, Equatable, Sendable {
    /// One counter of one cell.
    package struct Row: Codable, Equatable, Sendable {
        package enum Finding: String, Codable, Sendable, CaseIterable {
            /// Equal, or within the tolerance.
            case same
            /// Fewer than the reference has, beyond the tolerance.
            case better
            /// More than the reference has, beyond the tolerance.
            case worse
            /// Another number of bytes on the wire: neither good nor bad in itself, but somebody must have meant it.
            case changed
            /// In the reference, and not measured.
            case missing
            /// Measured, and not in the reference.
            case unknown
        }

        package let cell: String
        package let counter: ExactCounter
        package let reference: Double?
        package let measured: Double?
        package let finding: Finding

        /// Measured over reference.
        package var ratio: Double? {
            guard let reference, let measured, reference > 0 else { return nil }
            return measured / reference
        }

        package var isFailure: Bool {
            switch finding {
            case .same, .better: false
            case .worse, .changed, .missing, .unknown: true
            }
        }
    }

    package let verdict: GateVerdict
    /// Why it is not a plain pass, in whole sentences.
    package let reasons: [String]
    /// Sorted by cell; empty where the two cannot be compared.
    package let rows: [Row]

    /// Compares what was measured with the reference; without one nothing passes.
    package init(measured: ExactRecord, reference: ExactRecord?) {
        guard let reference else {
            (verdict, rows) = (.invalid, [])
            reasons = ["there is no reference: make one with --bless --reason"]
            return
        }
        let differences = ExactResult.differences(measured.platform, reference.platform)
        guard differences.isEmpty, measured.schema == reference.schema else {
            (verdict, rows) = (.invalid, [])
            reasons =
                differences + [
                    "the reference was made elsewhere and says nothing here: make a new one with --bless --reason"
                ]
            return
        }
        rows = ExactResult.rows(measured.cells, reference.cells)
        let failures = rows.filter(\.isFailure)
        // Nothing compared is nothing shown.
        verdict = rows.isEmpty ? .invalid : failures.isEmpty ? .pass : .fail
        let isBetter = rows.contains { $0.finding == .better }
        reasons =
            (rows.isEmpty ? ["the reference is empty"] : failures.map(ExactResult.text))
            + (isBetter ? ["some counts are better than the reference: bless them, or they may be lost unseen"] : [])
    }

    private static func differences(_ here: [String: String], _ there: [String: String]) -> [String] {
        Set(here.keys).union(there.keys).sorted().compactMap { key in
            let (measured, reference) = (here[key], there[key])
            guard measured != reference else { return nil }
            return "\(key) is \(measured ?? "not known") here and \(reference ?? "not known") in the reference"
        }
    }

    private static func rows(
        _ measured: [String: [ExactCounter: Double]], _ reference: [String: [ExactCounter: Double]]
    ) -> [Row] {
        Set(measured.keys).union(reference.keys).sorted().flatMap { cell in
            ExactCounter.allCases.compactMap { counter in
                let (now, before) = (measured[cell]?[counter], reference[cell]?[counter])
                guard now != nil || before != nil else { return nil }
                return Row(
                    cell: cell, counter: counter, reference: before, measured: now,
                    finding: finding(counter, before, now))
            }
        }
    }

    private static func finding(_ counter: ExactCounter, _ reference: Double?, _ measured: Double?) -> Row.Finding {
        guard let measured, measured.isFinite else { return .missing }
        guard let reference, reference.isFinite else { return .unknown }
        // Counts are differences of two runs divided by their messages: the last digits are the division's.
        let slack = max(counter.tolerance * reference.magnitude, 1e-6)
        guard (measured - reference).magnitude > slack else { return .same }
        if counter == .wireBytes { return .changed }
        return measured > reference ? .worse : .better
    }

    private static func text(_ row: Row) -> String {
        let name = "\(row.cell), \(row.counter.title): "
        switch row.finding {
        case .missing: return name + "not measured, but in the reference"
        case .unknown: return name + "not in the reference"
        case .same, .better, .worse, .changed:
            let change = row.ratio.map { " (\(GateText.signed($0)) %)" } ?? ""
            return name + "\(row.measured ?? 0), where the reference has \(row.reference ?? 0)\(change)"
        }
    }
}
