import Foundation
import RennbahnLoadGenerator
import RennbahnMeasurement
import RennbahnReport
import RennbahnWAMP
import RennbahnWorkload

/// What a run measured, as a few lines for people.
enum LoadSummary {
    /// Kinds of failures that are named; as many as there are may come from a front end.
    private static let namedFailures = 12

    static func text(_ outcome: LoadOutcome, _ conditions: [ConditionOutcome] = []) -> String {
        let measured = outcome.measurements
        let verdict = outcome.facts.verdict
        var lines = [title(outcome), ""]
        if let documents = outcome.configuration.workload.payload.documents {
            lines += payload(documents, outcome.configuration.serializer)
        }
        lines += failures(outcome)
        lines.append(
            row(
                "throughput",
                "\(measured.lowerBound ? "≥ " : "")\(HumanNumber.rate(measured.messagesPerSecond))  "
                    + "(\(measured.messages) in \(HumanNumber.plain(measured.seconds)) s, "
                    + "\(measured.operations.of("operation")))"))
        lines += latencies(measured.latency)
        lines.append(
            row(
                "wire",
                "\(HumanNumber.plain(measured.wire.bytesPerMessage)) B per message  "
                    + "(\(HumanNumber.plain(measured.wire.bytesInPerMessage)) to the router, "
                    + "\(HumanNumber.plain(measured.wire.bytesOutPerMessage)) from it)"))
        if let router = measured.router { lines += process("router", router) }
        lines += process("generator", measured.generator)
        if let laggards = measured.laggards { lines += text(laggards, measured.seconds) }
        if let saturated = measured.saturated { lines.append(row("saturated", saturated.rawValue)) }
        lines.append(
            row(
                "verification",
                "\(measured.verification.summary)  (\(measured.verification.received) received of "
                    + "\(measured.verification.expected))"))
        lines.append(row("verdict", verdict.outcome))
        lines += verdict.reasons.map { row("", "\($0)") }
        lines += outcome.facts.warnings.map { row("warning", "\($0)".printable) }
        lines += conditions.enumerated().map { row($0.offset == 0 ? "required" : "", $0.element.line) }
        return lines.joined(separator: "\n")
    }

    /// What went wrong, before anything that was fast: by kind, the most frequent first, each with how it shows.
    private static func failures(_ outcome: LoadOutcome) -> [String] {
        let sorted = outcome.failures.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        var texts = sorted.prefix(namedFailures).map { "\($0.value) × \($0.key)" }
        let others = sorted.dropFirst(namedFailures)
        if !others.isEmpty {
            texts.append("\(others.reduce(0) { $0 + $1.value }) × \(others.count.of("other kind"))")
        }
        let measured = outcome.measurements
        if !measured.verification.isClean {
            texts.append(measured.verification.summary)
            texts += outcome.faults.faults.map { "such as \($0)" }
        }
        if let unanswered = measured.latency.unanswered {
            texts.append("\(unanswered.count) never answered")
        }
        return texts.enumerated().map { row($0.offset == 0 ? "errors" : "", $0.element.printable) }
    }

    private static func payload(_ documents: DocumentSet, _ serializer: Serializer) -> [String] {
        guard let kind = documents.kind else {
            return [row("payload", size(of: documents, serializer))]
        }
        guard let classes = kind.classes else { return [row("payload", kind.sentence)] }
        return [row("payload", "\(size(of: documents, serializer)): \(classes)"), row("", kind.sentence)]
    }

    private static func size(of documents: DocumentSet, _ serializer: Serializer) -> String {
        let size = HumanNumber.bytes(documents.meanOctets(serializer))
        return documents.variants.count == 1
            ? "a document of \(size)" : "\(documents.variants.count) documents of \(size) each"
    }

    private static func text(_ laggards: LaggardFigures, _ seconds: Double) -> [String] {
        var lines: [String] = []
        if laggards.slow > 0 {
            let rate = seconds > 0 ? Double(laggards.slowMessages) / seconds / Double(laggards.slow) : 0
            lines.append(
                row(
                    "slow",
                    "\(laggards.slow.of("subscriber")), \(HumanNumber.rate(rate)) each, \(laggards.slowBehind.of("event")) "
                        + "behind at the end of the window"))
        }
        if laggards.stuck > 0 {
            lines.append(
                row("stuck", "\(laggards.stuckDropped) of \(laggards.stuck.of("subscriber")) dropped by the router"))
        }
        return lines
    }

    private static func title(_ outcome: LoadOutcome) -> String {
        let cell = outcome.parameters
        var parts = [cell.scenario, cell.serializer, cell.compression]
        parts += [cell.payloadName.printable, cell.clients.of("client")]
        if let publishers = cell.publishers, let subscribers = cell.subscribers, let topics = cell.topics {
            var text = "\(publishers.of("publisher")), \(subscribers.of("subscriber"))"
            let laggards = [(cell.slowSubscribers, "slow"), (cell.stuckSubscribers, "stuck")]
                .compactMap { count, name in count.map { "\($0) \(name)" } }
            if !laggards.isEmpty { text += " (\(laggards.joined(separator: ", ")))" }
            parts.append("\(text), \(topics.of("topic"))")
        }
        if let callers = cell.callers, let callees = cell.callees {
            parts.append("\(callers.of("caller")), \(callees.of("callee"))")
        }
        let principals = outcome.configuration.principals.count
        if principals > 0 {
            let methods = outcome.configuration.authMethods.joined(separator: ", ")
            parts.append("\(principals.of("principal")) by \(methods)")
        }
        if let depth = cell.depth { parts.append("depth \(depth)") }
        if let rate = cell.rate {
            let profile = cell.rateProfile.map { " on average (\($0.printable))" } ?? ""
            parts.append("\(HumanNumber.rate(rate)) offered\(profile)")
        }
        return parts.joined(separator: " · ")
    }

    private static func latencies(_ latency: LatencyFigures) -> [String] {
        let all: [(String, LatencyFigure?)] = [
            ("response", latency.response), ("service", latency.service), ("last subscriber", latency.lastSubscriber),
            ("schedule lag", latency.lag),
        ]
        return all.compactMap { name, figure in
            guard let summary = figure?.summary, summary.count > 0 else { return nil }
            let figures =
                [
                    "p50": summary.p50, "p90": summary.p90, "p99": summary.p99, "p99.9": summary.p999,
                    "max": summary.max,
                ] as KeyValuePairs
            let beyond = summary.overRange > 0 ? "  (\(summary.overRange) beyond the range of the histogram)" : ""
            return row(name, figures.map { "\($0) \(duration($1))" }.joined(separator: "  ") + beyond)
        } + unanswered(latency)
    }

    private static func unanswered(_ latency: LatencyFigures) -> [String] {
        guard let unanswered = latency.unanswered else { return [] }
        return [row("", "\(unanswered.count) never answered; counted as at least \(duration(unanswered.atLeast))")]
    }

    private static func duration(_ nanoseconds: UInt64) -> String {
        HumanNumber.duration(nanoseconds: Double(nanoseconds))
    }

    private static func process(_ name: String, _ process: ProcessFigures) -> [String] {
        var text = "\(HumanNumber.percent(process.cpuShare)) of \(process.cores.of("core"))"
        if let count = process.processes, count > 1 { text += " in \(count) processes" }
        if let cost = process.cpuMicrosecondsPerMessage {
            text += "  \(HumanNumber.plain(cost.total)) µs per message "
            if let user = cost.user, let system = cost.system {
                text += "(user \(HumanNumber.plain(user)), system \(HumanNumber.plain(system)))"
            }
        }
        var lines = [row(name, text)]
        if process.residentBytes > 0 {
            var parts = ["\(HumanNumber.bytes(Double(process.residentBytes))) resident"]
            if let peak = process.peakResidentBytes { parts.append("at most \(HumanNumber.bytes(Double(peak)))") }
            if let bytes = process.residentBytesPerConnection {
                parts.append("\(HumanNumber.bytes(bytes)) per connection")
            }
            lines.append(row("", parts.joined(separator: ", ")))
        }
        return lines
    }

    private static func row(_ name: String, _ text: String) -> String {
        "  " + name.padding(toLength: 17, withPad: " ", startingAt: 0) + text
    }
}
