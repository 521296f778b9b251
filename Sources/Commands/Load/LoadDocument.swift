import Foundation
import RennbahnLoadGenerator
import RennbahnMeasurement
import RennbahnWorkload

/// What `load --json` writes: a cell of the results schema, and what defines the run.
enum LoadDocument {
    static func text(_ outcome: LoadOutcome, _ environment: RunEnvironment) throws -> String {
        var cell = outcome.cell
        cell.run = description(outcome, environment)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(cell), as: UTF8.self)
    }

    static func description(_ outcome: LoadOutcome, _ environment: RunEnvironment) -> RunDescription {
        let configuration = outcome.configuration
        let (workload, phases) = (configuration.workload, configuration.workload.phases)
        var description = RunDescription(
            version: Version.text, url: configuration.target.url, realm: configuration.realm,
            filler: workload.payload.documents == nil ? workload.payload.filler.rawValue : "documents",
            settleSeconds: seconds(phases.settle),
            warmUpSeconds: seconds(phases.warmUp), windowSeconds: seconds(phases.window),
            drainTimeoutSeconds: seconds(phases.drainTimeout), isComplete: !outcome.isInterrupted,
            environment: environment)
        if !configuration.notes.isEmpty { description.notes = configuration.notes }
        description.receiverURL = configuration.receiverTarget?.url
        if case .open(_, let arrivals) = workload.load { description.arrivals = arrivals.rawValue }
        return description
    }

    private static func seconds(_ nanoseconds: UInt64) -> Double { Double(nanoseconds) / 1_000_000_000 }
}
