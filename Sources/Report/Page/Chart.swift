/// A chart of lines as SVG, which takes its colours from the page around it and scales to its width.
///
/// ```
///  1 ms ┤ warm-up │ measuring      │ draining
///       │         │      ╱╲________│
/// 100 µs┤─────────┼─────╱          │
///       └─────────┴────────────────┴──
///       0 s                       30 s
/// ```
struct Chart {
    struct Point: Equatable {
        let x: Double
        let y: Double
    }

    struct Line {
        let name: String
        let points: [Point]
    }

    /// A part of the horizontal axis.
    struct Band: Equatable {
        let label: String
        let from: Double
        let to: Double
    }

    static let width = 560.0
    static let height = 220.0
    /// Where lines are drawn.
    static let (left, right, top, bottom) = (70.0, 550.0, 20.0, 192.0)
    /// Lines that can be told apart, by colour and by dashes.
    static let mostLines = 4
    /// Beyond it they say nothing: a run has six phases.
    static let mostBands = 24
    /// Of a label.
    private static let characterWidth = 7.0

    let title: String
    let x: ChartAxis
    let y: ChartAxis
    let lines: [Line]
    var bands: [Band] = []

    /// Where a line's points are, in the units of the view box; those that are no numbers are left out.
    func places(_ line: Line) -> [Point] {
        line.points.compactMap { point in
            guard let across = x.place(of: point.x), let up = y.place(of: point.y) else { return nil }
            return Point(
                x: Chart.left + across * (Chart.right - Chart.left), y: Chart.bottom - up * (Chart.bottom - Chart.top))
        }
    }

    func draw(into html: inout HTML) {
        html.element("figure") { figure in
            figure.element("figcaption", title)
            figure.element("div", ["class": "wide", "tabindex": "0"]) { box in
                let size = "0 0 \(Chart.number(Chart.width)) \(Chart.number(Chart.height))"
                box.element("svg", ["viewBox": size, "role": "img", "aria-label": title]) { svg in
                    drawBands(into: &svg)
                    drawAxes(into: &svg)
                    for (index, line) in lines.prefix(Chart.mostLines).enumerated() { draw(line, index, into: &svg) }
                }
            }
            figure.element("p", ["class": "key"]) { key in
                for (index, line) in lines.prefix(Chart.mostLines).enumerated() {
                    key.element("span", ["class": "k\(index)"], "\(["━━", "╍╍", "┉┉", "━╍"][index]) \(line.name)")
                }
            }
        }
        html.newLine()
    }

    private func drawBands(into svg: inout HTML) {
        guard bands.count <= Chart.mostBands else { return }
        for (index, band) in bands.enumerated() {
            guard let from = x.place(of: band.from), let to = x.place(of: band.to), to > from else { continue }
            let start = Chart.left + from * (Chart.right - Chart.left)
            let width = (to - from) * (Chart.right - Chart.left)
            let place: HTML.Attributes = [
                "class": index.isMultiple(of: 2) ? "band" : "gap", "x": Chart.number(start),
                "y": Chart.number(Chart.top),
                "width": Chart.number(width), "height": Chart.number(Chart.bottom - Chart.top),
            ]
            svg.element("rect", place) { $0.element("title", band.label) }
            if Double(band.label.count) * Chart.characterWidth < width {
                svg.element("text", ["class": "phase", "x": Chart.number(start + 3), "y": "14"], band.label)
            }
        }
    }

    private func drawAxes(into svg: inout HTML) {
        for tick in y.ticks {
            let place = Chart.number(Chart.bottom - tick.place * (Chart.bottom - Chart.top))
            svg.void(
                "line",
                [
                    "class": "grid", "x1": Chart.number(Chart.left), "x2": Chart.number(Chart.right), "y1": place,
                    "y2": place,
                ])
            svg.element(
                "text", ["class": "tick", "x": Chart.number(Chart.left - 5), "y": place, "dy": "4"], tick.label)
        }
        for (index, tick) in x.ticks.enumerated() {
            let place = Chart.left + tick.place * (Chart.right - Chart.left)
            // The last one ends with the picture.
            let name = tick.place > 0.95 ? "tick" : tick.place < 0.05 ? "start" : "under"
            svg.void(
                "line",
                [
                    "class": "grid", "x1": Chart.number(place), "x2": Chart.number(place),
                    "y1": Chart.number(Chart.bottom),
                    "y2": Chart.number(Chart.bottom + 4),
                ])
            guard index == x.ticks.count - 1 || place + Chart.width(of: tick) / 2 < lastLabel else { continue }
            let text = Chart.number(Chart.bottom + 18)
            svg.element("text", ["class": name, "x": Chart.number(place), "y": text], tick.label)
        }
    }

    /// Where the label of the last tick begins, which ends with the picture: the one before it may have no room.
    private var lastLabel: Double {
        guard let last = x.ticks.last, last.place > 0.95 else { return .infinity }
        return Chart.left + last.place * (Chart.right - Chart.left) - Chart.width(of: last)
    }

    private static func width(of tick: ChartAxis.Tick) -> Double { Double(tick.label.count) * characterWidth }

    private func draw(_ line: Line, _ index: Int, into svg: inout HTML) {
        let places = places(line)
        if places.count == 1 {
            svg.void(
                "circle",
                ["class": "dot k\(index)", "cx": Chart.number(places[0].x), "cy": Chart.number(places[0].y), "r": "3"])
        } else if places.count > 1 {
            let points = places.map { "\(Chart.number($0.x)),\(Chart.number($0.y))" }.joined(separator: " ")
            svg.void("polyline", ["class": "line k\(index)", "points": points])
        }
    }

    /// With a digit behind the point at most; what is drawn lies within the picture.
    static func number(_ value: Double) -> String {
        guard value.isFinite else { return "0" }
        let tenths = Int((max(0, min(value, 10_000)) * 10).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
    }
}
