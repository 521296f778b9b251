import RennbahnComponents
import RennbahnConfiguration
import RennbahnMeasurement

/// What came of a run of containers.
struct ContainerReport {
    let containers: [Container]
    /// By container and component, of each instance.
    let ends: [[[ComponentLife.Outcome]]]
    let seconds: Double

    private struct Row {
        let component: PlannedComponent
        let ends: [ComponentLife.Outcome]

        func sum(_ figure: (ComponentFigures) -> UInt64) -> Int {
            Int(clamping: component.figures.reduce(0) { $0 + figure($1) })
        }

        var completed: Int { ends.count { $0 == .completed } }
        var stopped: Int { ends.count { $0 == .stopped } }
        var failed: Int { reasons.count }
        var reasons: [String] {
            ends.compactMap { end in
                if case .failed(let why) = end { why } else { nil }
            }
        }
    }

    private var rows: [Row] {
        zip(containers, ends).flatMap { container, ends in
            zip(container.components, ends).map { Row(component: $0, ends: $1) }
        }
    }

    /// One line for each component that failed, with its first reason.
    var failures: [String] {
        rows.compactMap { row in
            row.reasons.first.map { "\(row.component.id): \(row.failed) of \(row.ends.count) failed: \($0)" }
        }
    }

    /// How far a run is.
    static func line(_ containers: [Container]) -> String {
        let all = containers.flatMap(\.components).flatMap(\.figures)
        func sum(_ figure: (ComponentFigures) -> UInt64) -> UInt64 { all.reduce(0) { $0 + figure($1) } }
        let joined = all.count(where: \.isJoined)
        return "\(joined) of \(all.count) joined  \(sum(\.published)) published  \(sum(\.received)) received  "
            + "\(sum(\.answered)) answered"
    }

    var text: String {
        let lines = rows.map { row in
            "\(row.component.id) (\(row.component.name)): \(row.ends.count.of("instance")), \(row.sum(\.sessions).of("session")), "
                + "\(row.sum(\.published)) published, \(row.sum(\.received)) received, "
                + "\(row.sum(\.answered).of("call")) answered; "
                + "\(row.completed) completed, \(row.stopped) stopped, \(row.failed) failed"
        }
        return (lines + ["\((seconds * 10).rounded() / 10) s"]).joined(separator: "\n")
    }

    var json: String {
        let document = JSON.object([
            ("seconds", .number(seconds)),
            (
                "components",
                .list(
                    rows.map { row in
                        .object([
                            ("id", .text(row.component.id)), ("classname", .text(row.component.name)),
                            ("realm", .text(row.component.realm)), ("instances", .integer(row.ends.count)),
                            ("sessions", .integer(row.sum(\.sessions))),
                            ("published", .integer(row.sum(\.published))),
                            ("received", .integer(row.sum(\.received))),
                            ("answered", .integer(row.sum(\.answered))), ("completed", .integer(row.completed)),
                            ("stopped", .integer(row.stopped)), ("failed", .integer(row.failed)),
                            ("reasons", .list(Set(row.reasons).sorted().map { .text($0) })),
                        ])
                    })
            ),
        ])
        var text = document.text
        while text.last?.isNewline == true { text.removeLast() }
        return text
    }
}
