import Foundation
import RennbahnMeasurement
import RennbahnReactor

/// Gathers what a results file says about where and with what a run was made.
enum BenchEnvironment {
    static func gather(seed: UInt64, routerPins: [Int]?, generatorPins: [Int]?) -> RunEnvironment {
        let load = try? HostSampler.loadAverage()
        let arguments = HiddenArguments.hide(Array(CommandLine.arguments.dropFirst()))
        var environment = RunEnvironment(
            cpuModel: HostSampler.processorModel, cores: Processor.count, kernel: HostSampler.kernelRelease,
            operatingSystem: operatingSystem, toolchain: toolchain, buildConfiguration: buildConfiguration,
            commit: Version.commit, dirty: Version.isDirty,
            commandLine: ["rennbahn"] + RunEnvironment.withoutFolders(arguments),
            seed: seed, date: date, loadAverage: load.map { [$0.one, $0.five, $0.fifteen] } ?? [],
            routerPins: routerPins, generatorPins: generatorPins)
        environment.version = Version.text
        return environment
    }

    private static var date: String {
        let formatter = ISO8601DateFormatter()
        formatter.timeZone = TimeZone(identifier: "UTC")
        return formatter.string(from: Date())
    }

    private static var operatingSystem: String {
        guard let text = try? String(contentsOfFile: "/etc/os-release", encoding: .utf8) else { return "Linux" }
        let line = text.split(separator: "\n").first { $0.hasPrefix("PRETTY_NAME=") }
        return line.map { $0.dropFirst("PRETTY_NAME=".count).trimmingCharacters(in: ["\""]) } ?? "Linux"
    }

    private static var toolchain: String {
        let line = firstLine("swift", ["--version"]) ?? "Swift, version unknown"
        return line.replacingOccurrences(of: "Swift version", with: "Swift")
    }

    private static var buildConfiguration: String {
        #if DEBUG
        "debug"
        #else
        "release"
        #endif
    }

    /// The first line that a program prints; `nil` when it cannot be run or fails.
    private static func firstLine(_ program: String, _ arguments: [String]) -> String? {
        guard let process = try? ChildProcess(program, arguments: arguments, output: .pipe, errors: .discard) else {
            return nil
        }
        let deadline = MonotonicClock.now() + 5_000_000_000
        var first: String?
        while case .line(let line) = process.readLine(deadline: deadline) {
            if first == nil { first = line }
        }
        guard process.wait(deadline: deadline) == .exited(code: 0) else { return nil }
        return first ?? ""
    }
}
