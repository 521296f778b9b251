import RennbahnGate

/// The intervals of all metrics under each other, as SVG that takes its colours from the page around it.
///
/// ```
///   pubsub 32 B json
///     router CPU per message     ·  ·├─●─┤┊            +0.4 % (−0.3 … +1.1)
///     throughput                    ·├┼●─·─┤ ·         …
///                           −5 %     0    +5 %  worse →
/// ```
enum ForestPlot {
    private static let rowHeight = 24.0
    private static let plotLeft = 210.0
    private static let plotWidth = 420.0
    private static let width = 860.0

    /// One line of the picture.
    private enum Row {
        case cell(String)
        case metric(MetricResult)
    }

    static func render(_ cells: [CellResult]) -> String {
        let rows = cells.flatMap { cell in
            [Row.cell(cell.name)] + cell.metrics.filter { $0.change != nil }.map(Row.metric)
        }
        let reach = Worsening.reach(cells)
        let bottom = Double(rows.count) * rowHeight + 8
        var svg = "<svg class=\"forest\" viewBox=\"0 0 \(number(width)) \(number(bottom + 40))\" role=\"img\" "
        svg += "aria-label=\"Changes with their intervals; the table below has the figures\">\n"
        svg += axis(reach: reach, bottom: bottom)
        for (index, row) in rows.enumerated() {
            let middle = (Double(index) + 0.5) * rowHeight + 4
            switch row {
            case .cell(let name): svg += text(0, middle + 4, "cell", name)
            case .metric(let metric): svg += line(metric, at: middle, reach: reach)
            }
        }
        return svg + "</svg>\n"
    }

    private static func x(_ share: Double, _ reach: Double) -> Double {
        plotLeft + plotWidth * (max(-1, min(1, share / reach)) + 1) / 2
    }

    private static func axis(reach: Double, bottom: Double) -> String {
        var svg = ""
        for step in -2...2 {
            let share = reach * Double(step) / 2
            let place = x(share, reach)
            svg += segment(place, 4, place, bottom, step == 0 ? "none" : "grid")
            svg += text(place, bottom + 16, "tick", step == 0 ? "no change" : GateText.signed(1 + share) + " %")
        }
        svg += text(x(reach / 2, reach), bottom + 32, "tick", "worse →")
        return svg + text(x(-reach / 2, reach), bottom + 32, "tick", "← better")
    }

    private static func line(_ metric: MetricResult, at middle: Double, reach: Double) -> String {
        guard let drawn = metric.drawn else { return "" }
        let shown = "\(metric.metric.title): \(metric.changeText), \(metric.verdictText)"
        var svg = "<g class=\"\(name(metric))\"><title>\(Markup.escaped(shown))</title>\n"
        svg += text(16, middle + 4, "label", metric.metric.title)
        let tolerated = (x(0, reach), x(metric.tolerance, reach))
        svg += "<rect class=\"tolerated\" x=\"\(number(tolerated.0))\" y=\"\(number(middle - 9))\" "
        svg += "width=\"\(number(tolerated.1 - tolerated.0))\" height=\"18\"/>\n"
        for ratio in metric.ratios {
            let share = Worsening.share(ofRatio: ratio, metric.metric)
            guard share.magnitude <= reach else { continue }
            svg += "<circle class=\"pair\" cx=\"\(number(x(share, reach)))\" cy=\"\(number(middle))\" r=\"2\"/>\n"
        }
        let (low, high) = (x(drawn.low, reach), x(drawn.high, reach))
        svg += segment(low, middle, high, middle, "interval")
        for (end, isBeyond) in [(low, drawn.low < -reach), (high, drawn.high > reach)] where !isBeyond {
            svg += segment(end, middle - 5, end, middle + 5, "interval")
        }
        svg +=
            "<circle class=\"middle\" cx=\"\(number(x(drawn.middle, reach)))\" cy=\"\(number(middle))\" r=\"4.5\"/>\n"
        return svg + text(plotLeft + plotWidth + 16, middle + 4, "figure", metric.changeText) + "</g>\n"
    }

    /// The class of a verdict, for its colour.
    static func name(_ metric: MetricResult) -> String {
        switch metric.verdict {
        case .pass: "good"
        case .fail: metric.isAdvisory ? "open" : "bad"
        case .undecided: "open"
        case .notMeasured: "open"
        }
    }

    // MARK: - Pieces

    private static func segment(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ name: String) -> String {
        let ends = "x1=\"\(number(x1))\" y1=\"\(number(y1))\" x2=\"\(number(x2))\" y2=\"\(number(y2))\""
        return "<line class=\"\(name)\" \(ends)/>\n"
    }

    private static func text(_ x: Double, _ y: Double, _ name: String, _ text: String) -> String {
        "<text class=\"\(name)\" x=\"\(number(x))\" y=\"\(number(y))\">\(Markup.escaped(text))</text>\n"
    }

    /// A tenth of a pixel is enough.
    private static func number(_ value: Double) -> String {
        let rounded = (value * 10).rounded() / 10
        return Int(exactly: rounded).map { "\($0)" } ?? "\(rounded)"
    }
}
