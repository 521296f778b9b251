/// Where, when and with what a run was made.
package struct RunEnvironment: Codable, Equatable, Sendable {
    /// As in `/proc/cpuinfo`.
    package var cpuModel: String
    /// Cores that are online.
    package var cores: Int
    /// Release of the kernel, `uname -r`.
    package var kernel: String
    /// Name and version of the distribution.
    package var operatingSystem: String
    /// Version of the Swift compiler.
    package var toolchain: String
    /// `release` or `debug`.
    package var buildConfiguration: String
    /// Version of this program; absent in files that are older than the field.
    package var version: String?
    /// Full hash of the commit that the program was built from; empty where the build was not told.
    package var commit: String
    /// Whether the work tree differed from that commit when it was built.
    package var dirty: Bool
    /// The program's name and its arguments as ``withoutFolders(_:)`` leaves them.
    package var commandLine: [String]
    package var seed: UInt64
    /// Start of the run, ISO 8601 in UTC: `2026-03-01T12:00:00Z`.
    package var date: String
    /// The three load averages at the start.
    package var loadAverage: [Double]
    /// Cores that the router was pinned to; absent when it was not pinned or is not ours.
    package var routerPins: [Int]?
    package var generatorPins: [Int]?

    package init(
        cpuModel: String, cores: Int, kernel: String, operatingSystem: String, toolchain: String,
        buildConfiguration: String, commit: String, dirty: Bool, commandLine: [String], seed: UInt64, date: String,
        loadAverage: [Double], routerPins: [Int]? = nil, generatorPins: [Int]? = nil
    ) {
        self.cpuModel = cpuModel
        self.cores = cores
        self.kernel = kernel
        self.operatingSystem = operatingSystem
        self.toolchain = toolchain
        self.buildConfiguration = buildConfiguration
        self.commit = commit
        self.dirty = dirty
        self.commandLine = commandLine
        self.seed = seed
        self.date = date
        self.loadAverage = loadAverage
        self.routerPins = routerPins
        self.generatorPins = generatorPins
    }

    /// Arguments as they were typed, but for absolute paths, of which only the last component is left: results are read on
    /// other machines. An argument may be a command line of its own.
    package static func withoutFolders(_ arguments: [String]) -> [String] {
        arguments.map { argument in
            argument.split(separator: " ", omittingEmptySubsequences: false).map { word in
                let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                return parts.map { part in
                    part.hasPrefix("/") ? part.split(separator: "/").last ?? part : part
                }.joined(separator: "=")
            }.joined(separator: " ")
        }
    }

    /// Seven characters of the commit with `-dirty` where it applies; `unknown` where the build was not told.
    package var shortCommit: String {
        let hash = commit.isEmpty ? "unknown" : String(commit.prefix(7))
        return dirty ? hash + "-dirty" : hash
    }
}
