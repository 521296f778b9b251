package import RennbahnMeasurement

/// What stands above and below the tables of a benchmark.
package enum BenchText {
    /// Where the figures come from, in two lines.
    package static func environment(_ environment: RunEnvironment) -> String {
        let cores = "\(environment.cores) \(environment.cores == 1 ? "core" : "cores")"
        let machine = [environment.cpuModel, cores, environment.operatingSystem, "Linux " + environment.kernel]
        var build = [environment.toolchain, "commit " + environment.shortCommit, "seed \(environment.seed)"]
        if environment.buildConfiguration != "release" { build.append(environment.buildConfiguration + " build") }
        build.append(environment.date)
        return [machine, build].map { $0.joined(separator: " · ").printable }.joined(separator: "\n") + "\n"
    }

    /// What a reader must know before using a figure: one line a fact. Empty when all is well.
    package static func notes(_ cells: [ResultCell], isTerminal: Bool) -> String {
        var lines: [String] = []
        for cell in cells {
            let peer = cell.parameters.isOwn ? "" : (cell.parameters.router ?? "") + " "
            let name = peer + cell.parameters.workName + " " + cell.parameters.formatName
            if !cell.measurements.verification.isClean {
                let text = "FAILED   \(name): \(cell.measurements.verification.summary)"
                lines.append(TextStyle.red.apply(to: text.printable, isTerminal: isTerminal))
            }
            for reason in cell.verdict.reasons {
                let text = "INVALID  \(name): \(reason)"
                lines.append(TextStyle.red.apply(to: text.printable, isTerminal: isTerminal))
            }
            for warning in cell.warnings ?? [] {
                let text = "WARNING  \(name): \(warning)"
                lines.append(TextStyle.yellow.apply(to: text.printable, isTerminal: isTerminal))
            }
        }
        if cells.contains(where: \.measurements.lowerBound) {
            let text = "≥  the generator was saturated and the router was not: a lower bound on the router"
            lines.append(TextStyle.yellow.apply(to: text, isTerminal: isTerminal))
        }
        return lines.isEmpty ? "" : lines.joined(separator: "\n") + "\n"
    }
}
