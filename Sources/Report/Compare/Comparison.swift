import RennbahnMeasurement
import RennbahnTrial

/// Two results beside each other.
///
/// Where both are trials, each has ratios to its own first side, measured in turns on the same machine: those are compared with
/// an interval. All else is of runs that nothing ties together, and has none.
package struct Comparison: Encodable, Equatable, Sendable {
    /// A figure of both.
    package struct Row: Encodable, Equatable, Sendable {
        /// What it is of: `pubsub 32 B, 1 in flight, msgpack`.
        package let subject: String
        /// `messages/s`.
        package let metric: String
        package let base: Double
        package let other: Double
        /// The other's over the first's.
        package let ratio: Double
        /// Of 95 %; absent where there is none.
        package let lower: Double?
        package let upper: Double?
        let unit: Unit

        enum Unit: String, Encodable {
            case perSecond = "1/s"
            case microseconds = "µs"
            case octets = "B"
            case nanoseconds = "ns"
            case ratio = ""
        }
    }

    /// Something that is not the same of both.
    package struct Difference: Encodable, Equatable, Sendable {
        package let what: String
        package let base: String
        package let other: String
    }

    /// Why two results have nothing to do with each other.
    package struct Refusal: Error, Equatable, CustomStringConvertible {
        package let description: String
    }

    package static let explanation =
        "A ratio is the other's figure over the first's. Only what was measured in turns within each file, a ratio to its own "
        + "first side, has an interval; single runs have none, and what the machine did in between is in the ratio."

    package let base: String
    package let other: String
    /// Of environment and settings.
    package let differences: [Difference]
    /// What only one of both has.
    package let unmatched: [String]
    package let rows: [Row]

    package init(_ base: PageSource, _ other: PageSource) throws(Refusal) {
        self.base = base.name
        self.other = other.name
        var differences = Comparison.differences(base.environment, other.environment)
        let pairing: Pairing
        switch (base.results, other.results) {
        case (.run(let one), .run(let two)): pairing = Pairing(one, two)
        case (.trials(let one), .trials(let two)): pairing = Pairing(one, two)
        case (.run, .trials), (.trials, .run):
            throw Refusal(description: "\(other.name) and \(base.name): a run and trials have no figures in common")
        }
        guard !pairing.rows.isEmpty else {
            throw Refusal(description: "\(other.name) and \(base.name) did no work in common")
        }
        differences += pairing.differences
        if base.verdict.word != other.verdict.word {
            differences.append(
                Difference(what: "verdict", base: base.verdict.word, other: other.verdict.word))
        }
        self.differences = differences
        unmatched = pairing.unmatched
        rows = pairing.rows
    }

    /// A line for each.
    package var warnings: [String] {
        differences.map { "\($0.what) differs: \($0.base) / \($0.other)" } + unmatched
    }

    /// Those whose names and values go together; what one of both does not have is `–`.
    static func differences(
        _ base: [(name: String, value: String)], _ other: [(name: String, value: String)]
    ) -> [Difference] {
        let names = base.map(\.name) + other.map(\.name).filter { name in !base.contains { $0.name == name } }
        return names.compactMap { name in
            let one = base.first { $0.name == name }?.value ?? HumanNumber.absent
            let two = other.first { $0.name == name }?.value ?? HumanNumber.absent
            return one == two ? nil : Difference(what: name, base: one, other: two)
        }
    }

    private static func differences(_ base: RunEnvironment, _ other: RunEnvironment) -> [Difference] {
        differences(facts(base), facts(other))
    }

    private static func facts(_ environment: RunEnvironment) -> [(name: String, value: String)] {
        func text(_ pins: [Int]?) -> String { pins.map { "\($0)" } ?? HumanNumber.absent }
        return [
            ("CPU model", environment.cpuModel), ("cores", "\(environment.cores)"), ("kernel", environment.kernel),
            ("operating system", environment.operatingSystem), ("toolchain", environment.toolchain),
            ("build", environment.buildConfiguration), ("version", environment.version ?? HumanNumber.absent),
            ("commit", environment.shortCommit), ("router's processors", text(environment.routerPins)),
            ("generator's processors", text(environment.generatorPins)),
        ]
    }
}
