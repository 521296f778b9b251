package import RennbahnGate

/// What the gate found as workflow commands of GitHub Actions, which become annotations of the commit.
package enum GateAnnotations {
    /// One command a line; none for a plain pass.
    package static func render(_ report: GateReport) -> String {
        var commands: [String] = []
        let kind =
            switch report.verdict {
            case .fail, .verificationFailed: "error"
            case .pass, .undecided, .invalid: "warning"
            }
        if report.verdict != .pass || !report.reasons.isEmpty {
            let message = ([report.headline] + report.reasons).joined(separator: "\n")
            commands.append(command(kind, title: "Rennbahn gate: \(report.verdict.word)", message))
        }
        for warning in report.warnings ?? [] {
            commands.append(command("warning", title: "Rennbahn gate", warning.printable))
        }
        for cell in report.paired?.cells ?? [] {
            for metric in cell.metrics where metric.isAdvisory && metric.verdict == .fail {
                commands.append(
                    command(
                        "warning", title: "Rennbahn gate: \(metric.metric.title)",
                        "\(cell.name): \(metric.changeText), advisory"))
            }
        }
        return commands.map { $0 + "\n" }.joined()
    }

    static func command(_ kind: String, title: String, _ message: String) -> String {
        "::\(kind) title=\(escaped(title, isProperty: true))::\(escaped(message, isProperty: false))"
    }

    /// A line end would end the command; in a property a colon or a comma would, too.
    private static func escaped(_ text: String, isProperty: Bool) -> String {
        var safe = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "%": safe += "%25"
            case "\r": safe += "%0D"
            case "\n": safe += "%0A"
            case ":" where isProperty: safe += "%3A"
            case "," where isProperty: safe += "%2C"
            default: safe.unicodeScalars.append(scalar)
            }
        }
        return safe
    }
}
