package import RennbahnMeasurement

/// Everything that `rennbahn gate` found: what all of its outputs are made from.
///
/// ```
/// schema       "rennbahn-gate/1"
/// environment  where, when and with what                 RunEnvironment
/// base         what was: "main (1a2b3c4)", a path, an address
/// candidate    what is asked about
/// verdict      of both tiers together                    ``GateVerdict``
/// exact        tier 0, where it was run                  ``ExactResult``
/// paired       tier 1, where it was run                  ``PairedResult``
/// warnings     what voids nothing and must be known      whole sentences
/// interrupted  true where the user ended it
/// ```
///
/// Shares are parts of one, latencies nanoseconds, CPU microseconds, sizes bytes. A field that does not apply is absent.
package struct GateReport: Codable, Equatable, Sendable {
    package static let schemaName = "rennbahn-gate/1"

    package let schema: String
    package let environment: RunEnvironment
    package let base: String
    package let candidate: String
    package let verdict: GateVerdict
    package let exact: ExactResult?
    package let paired: PairedResult?
    /// Absent where there are none.
    package let warnings: [String]?
    /// The user ended it: fewer pairs than were asked for. Absent where it came to its end.
    package let interrupted: Bool?

    package init(
        environment: RunEnvironment, base: String, candidate: String, exact: ExactResult? = nil,
        paired: PairedResult? = nil, warnings: [String] = [], isInterrupted: Bool = false
    ) {
        schema = GateReport.schemaName
        self.environment = environment
        self.base = base
        self.candidate = candidate
        self.exact = exact
        self.paired = paired
        self.warnings = warnings.isEmpty ? nil : warnings
        interrupted = isInterrupted ? true : nil
        verdict = GateReport.worst(of: [exact?.verdict, paired?.verdict].compactMap { $0 })
    }

    package var exitStatus: CommandStatus { verdict.exitStatus }

    /// What is certain outweighs what is not; nothing run is nothing shown.
    private static func worst(of verdicts: [GateVerdict]) -> GateVerdict {
        let byWeight: [GateVerdict] = [.verificationFailed, .fail, .invalid, .undecided, .pass]
        return byWeight.first(where: verdicts.contains) ?? .invalid
    }

    /// Of both tiers, why it is not a plain pass.
    package var reasons: [String] {
        (interrupted == true ? ["it was interrupted: what had been measured until then is here"] : [])
            + (exact?.reasons ?? []) + (paired?.reasons ?? [])
    }
}
