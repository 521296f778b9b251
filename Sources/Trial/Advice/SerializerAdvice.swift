import RennbahnMeasurement

/// What follows from the costs of formats, in sentences. Nothing is said that the intervals do not bear.
package enum SerializerAdvice {
    /// A document's results: JSON without compression is the baseline of each.
    package struct Document: Sendable {
        package var name: String
        /// `numeric`, `textual`, `boolean`, where that is known.
        package var content: String?
        package var results: [TrialResult]

        package init(name: String, content: String?, results: [TrialResult]) {
            self.name = name
            self.content = content
            self.results = results
        }

        fileprivate func side(_ format: String) -> SideResult? {
            // A side without a rate may have the ratios that matter here.
            results.lazy.compactMap { result in
                result.sides.first {
                    $0.name == format && $0.role == .other && $0.verification.isClean
                        && $0.ratios[.routerCPU] != nil && $0.ratios[.bytes] != nil
                }
            }.first
        }
    }

    /// - Parameters:
    ///   - baseline: as sides are named: `json`.
    ///   - documents: measured under one kind of load.
    package static func sentences(_ documents: [Document], baseline: String) -> [String] {
        var names: [String] = []
        for side in documents.flatMap({ $0.results.flatMap(\.sides) }) where side.role == .other {
            if !names.contains(side.name) { names.append(side.name) }
        }
        return names.flatMap { sentences(on: $0, documents, baseline) }
    }

    private static func sentences(on format: String, _ documents: [Document], _ baseline: String) -> [String] {
        let sides = documents.compactMap { $0.side(format) }
        guard let cost = FormatCost(sides) else { return [] }
        let subject = sides.count == 1 ? "For this document" : "For these \(sides.count) documents"
        var text = "\(subject) \(format) \(octets(cost)) and \(time(cost)), against \(baseline)."
        if let breakEven = cost.breakEven {
            text +=
                " It pays below \(TrialText.fixed(breakEven, breakEven < 10 ? 1 : 0)) Mbit/s for each core of the router."
        }
        return [text] + byContent(format, documents)
    }

    private static func octets(_ cost: FormatCost) -> String {
        let share = cost.bytes.value - 1
        guard share.magnitude >= 0.005 else { return "takes as many octets" }
        return share < 0
            ? "saves \(TrialText.percent(-share)) of the octets" : "takes \(TrialText.percent(share)) more octets"
    }

    private static func time(_ cost: FormatCost) -> String {
        let ratio = TrialText.ratio(cost.cpu)
        switch Finding(cost.cpu) {
        case .noDifferenceShown:
            return "costs the router the same CPU time, as far as \(TrialText.percent(cost.cpu.precision)) would show"
        case .less: return "costs the router less CPU time, \(ratio) ×"
        case .more: return "costs the router more CPU time, \(ratio) ×"
        }
    }

    /// Where the kinds of documents differ by enough to choose by.
    private static func byContent(_ format: String, _ documents: [Document]) -> [String] {
        let contents = Set(documents.compactMap(\.content)).sorted()
        guard contents.count > 1 else { return [] }
        let costs = contents.compactMap { content in
            FormatCost(documents.filter { $0.content == content }.compactMap { $0.side(format) }).map { (content, $0) }
        }
        guard let least = costs.min(by: { $0.1.bytes.value < $1.1.bytes.value }),
            let most = costs.max(by: { $0.1.bytes.value < $1.1.bytes.value }),
            most.1.bytes.value / least.1.bytes.value > 1.05
        else { return [] }
        return [
            "\(format) is smallest against it with \(least.0) documents (\(TrialText.fixed(least.1.bytes.value, 2)) ×), "
                + "and largest with \(most.0) ones (\(TrialText.fixed(most.1.bytes.value, 2)) ×)."
        ]
    }
}
