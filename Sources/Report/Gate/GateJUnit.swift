package import RennbahnGate
import RennbahnMeasurement

/// What the gate found in the XML that JUnit made common: a suite a cell, a case a metric.
///
/// Undecided is *skipped*: neither passed nor failed. What speaks of the whole, such as that it is invalid, is a case of its
/// own, as an *error*.
package enum GateJUnit {
    private struct Case {
        enum Outcome {
            case passed
            case failed(String)
            case skipped(String)
            case broken(String)
        }

        let name: String
        let outcome: Outcome
    }

    package static func render(_ report: GateReport) -> String {
        var suites = [("gate", [whole(report)])]
        if let exact = report.exact { suites += exactSuites(exact) }
        for cell in report.paired?.cells ?? [] {
            suites.append((cell.name, cell.metrics.filter { $0.verdict != .notMeasured }.map(pairedCase)))
        }
        let all = suites.flatMap(\.1)
        var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        text += "<testsuites name=\"rennbahn gate\" \(counts(all))>\n"
        for (name, cases) in suites {
            let stamp = Markup.escaped(report.environment.date)
            text += "  <testsuite name=\"\(Markup.escaped(name))\" \(counts(cases)) timestamp=\"\(stamp)\">\n"
            for item in cases { text += render(item, suite: name) }
            text += "  </testsuite>\n"
        }
        return text + "</testsuites>\n"
    }

    private static func whole(_ report: GateReport) -> Case {
        let text = ([report.headline] + report.reasons).joined(separator: "\n")
        let outcome: Case.Outcome =
            switch report.verdict {
            case .pass: .passed
            case .fail: .failed(text)
            case .undecided: .skipped(text)
            case .invalid, .verificationFailed: .broken(text)
            }
        return Case(name: "\(report.candidate) against \(report.base)", outcome: outcome)
    }

    private static func exactSuites(_ result: ExactResult) -> [(String, [Case])] {
        var suites: [(String, [Case])] = []
        for row in result.rows {
            let name = "exact: " + row.cell
            if suites.last?.0 != name { suites.append((name, [])) }
            let figures =
                "\(row.finding.rawValue): reference \(row.reference.map { "\($0)" } ?? "none"), "
                + "measured \(row.measured.map { "\($0)" } ?? "none")"
            suites[suites.count - 1].1.append(
                Case(name: row.counter.title, outcome: row.isFailure ? .failed(figures) : .passed))
        }
        return suites
    }

    private static func pairedCase(_ metric: MetricResult) -> Case {
        let text =
            "\(metric.changeText), tolerance \(GateText.percent(metric.tolerance)), \((metric.change?.pairs ?? 0).of("pair")), "
            + "which show changes from \(metric.detectableText) on"
        let outcome: Case.Outcome =
            switch metric.verdict {
            case .pass: .passed
            case .fail: metric.isAdvisory ? .skipped("advisory: " + text) : .failed(text)
            case .undecided, .notMeasured: .skipped(text)
            }
        return Case(name: metric.metric.title, outcome: outcome)
    }

    private static func counts(_ cases: [Case]) -> String {
        var (failed, skipped, broken) = (0, 0, 0)
        for item in cases {
            switch item.outcome {
            case .passed: break
            case .failed: failed += 1
            case .skipped: skipped += 1
            case .broken: broken += 1
            }
        }
        return "tests=\"\(cases.count)\" failures=\"\(failed)\" errors=\"\(broken)\" skipped=\"\(skipped)\""
    }

    private static func render(_ item: Case, suite: String) -> String {
        let head = "    <testcase classname=\"\(Markup.escaped(suite))\" name=\"\(Markup.escaped(item.name))\""
        func with(_ element: String, _ text: String) -> String {
            "\(head)>\n      <\(element) message=\"\(Markup.escaped(text))\"/>\n    </testcase>\n"
        }
        switch item.outcome {
        case .passed: return head + "/>\n"
        case .failed(let text): return with("failure", text)
        case .skipped(let text): return with("skipped", text)
        case .broken(let text): return with("error", text)
        }
    }
}
