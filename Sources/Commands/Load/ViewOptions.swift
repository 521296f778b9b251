import ArgumentParser

/// How a run is watched.
struct ViewOptions: ParsableArguments {
    @Flag(help: "Show nothing while the run goes, and no notes: standard error has errors only.")
    var quiet = false

    @Flag(
        help: """
            Print what happened in each second as a line of JSON on standard output as it happens, as journals have it, and the \
            result as the last line.
            """)
    var jsonLines = false

    static let rules: [OptionRule] = [
        .excludes("--json-lines", ["--json"], because: "standard output is for one of them")
    ]
}
