import Foundation
import RennbahnLoadGenerator
import RennbahnMeasurement
import RennbahnWorkload

/// What `load --json` prints: a cell of the results schema, with what defines the run and what was required of it.
enum LoadDocument {
    static func text(
        _ outcome: LoadOutcome, _ environment: RunEnvironment, _ conditions: [ConditionOutcome] = []
    ) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(cell(outcome, environment, conditions)), as: UTF8.self)
    }

    static func cell(
        _ outcome: LoadOutcome, _ environment: RunEnvironment, _ conditions: [ConditionOutcome]
    ) -> ResultCell {
        var cell = outcome.cell
        cell.run = description(outcome.configuration, environment, isComplete: !outcome.isInterrupted)
        cell.conditions = conditions.isEmpty ? nil : conditions
        return cell
    }

    static func description(
        _ configuration: LoadConfiguration, _ environment: RunEnvironment, isComplete: Bool
    ) -> RunDescription {
        let (workload, phases) = (configuration.workload, configuration.workload.phases)
        var description = RunDescription(
            version: Version.text, url: configuration.target.url, realm: configuration.realm,
            filler: workload.payload.documents == nil ? workload.payload.filler.rawValue : "documents",
            settleSeconds: seconds(phases.settle),
            warmUpSeconds: seconds(phases.warmUp), windowSeconds: seconds(phases.window),
            drainTimeoutSeconds: seconds(phases.drainTimeout), isComplete: isComplete, environment: environment)
        if !configuration.notes.isEmpty { description.notes = configuration.notes }
        description.receiverURL = configuration.receiverTarget?.url
        if !configuration.principals.isEmpty {
            description.authMethods = configuration.authMethods
            description.principals = configuration.principals.count
        }
        if case .open(_, let arrivals) = workload.load { description.arrivals = arrivals.rawValue }
        return description
    }

    private static func seconds(_ nanoseconds: UInt64) -> Double { Double(nanoseconds) / 1_000_000_000 }
}
