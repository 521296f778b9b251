import ArgumentParser
import RennbahnTrial

/// What every command that measures in turns can be told.
struct TrialOptions: ParsableArguments {
    @Option(
        help: "How often the processes are started for each group of sides, at least, 3 to 100. (default: 3)",
        transform: Quantity.count)
    var starts = 3

    @Option(
        help: """
            Time of measuring; a bare number is seconds, 5 to 86400. Beyond the fewest starts nothing begins that would not fit. \
            Default: that of --quick, of --full, or of neither.
            """, transform: Quantity.seconds)
    var budget: Double?

    @Option(help: "Seed of payloads, schedules and orders.")
    var seed: UInt64 = 1

    @Flag(help: "End with 0 also where sides are invalid, as on a machine of CI that others keep busy.")
    var allowInvalid = false

    @Option(help: "Folder for the results file.")
    var results = "results"

    /// - Parameter budget: seconds, where the user says none.
    func settings(budget standard: Double) throws -> TrialSettings {
        guard (3...100).contains(starts) else { throw Failure.usage("--starts must be 3 to 100") }
        let budget = budget ?? standard
        guard (5...86_400).contains(budget) else { throw Failure.usage("--budget must be 5 to 86400 seconds") }
        var trials = TrialSettings(budget: budget, seed: seed)
        trials.rule.fewestStarts = starts
        trials.rule.mostStarts = max(trials.rule.mostStarts, starts)
        return trials
    }
}
