/// The history of one metric of one cell on one machine, compared with one anchor, in the order of its dates, with its change points.
package struct HistorySeries: Equatable, Sendable {
    package let cell: String
    package let metric: String
    package let anchor: String
    package let machine: String
    package let rows: [HistoryRow]
    package let changePoints: [ChangePoints.Point]

    /// All series of a history: sorted by cell, then as the metrics are declared, then by anchor and machine.
    package static func all(
        of rows: [HistoryRow], settings: ChangePoints.Settings = ChangePoints.Settings()
    ) -> [HistorySeries] {
        struct Key: Hashable {
            let cell: String
            let metric: String
            let anchor: String
            let machine: String
        }
        let order = GateMetric.allCases.map(\.rawValue) + ExactCounter.allCases.map(\.rawValue)
        let groups = Dictionary(grouping: rows) {
            Key(cell: $0.cell, metric: $0.metric, anchor: $0.anchor, machine: $0.machine)
        }
        let keys = groups.keys.sorted { one, two in
            if one.cell != two.cell { return one.cell < two.cell }
            let places = (order.firstIndex(of: one.metric) ?? .max, order.firstIndex(of: two.metric) ?? .max)
            if places.0 != places.1 { return places.0 < places.1 }
            return (one.anchor, one.machine) < (two.anchor, two.machine)
        }
        return keys.map { key in
            // Rows of one date stay in the order of the file.
            let sorted = (groups[key] ?? []).enumerated().sorted { one, two in
                one.element.date != two.element.date ? one.element.date < two.element.date : one.offset < two.offset
            }
            let rows = sorted.map(\.element)
            return HistorySeries(
                cell: key.cell, metric: key.metric, anchor: key.anchor, machine: key.machine, rows: rows,
                changePoints: ChangePoints.find(in: rows.map(\.ratio), settings: settings))
        }
    }
}
