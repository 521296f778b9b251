import RennbahnBuild

/// What this program is, as it was compiled: no git is asked when it runs.
enum Version {
    static let text = "0.1.0"

    /// Full hash of the commit that it was built from; empty where the build was not told.
    static var commit: String { Build.commit }

    /// Whether what it was built from differed from that commit.
    static var isDirty: Bool { Build.isDirty }

    /// What `--version` prints.
    static let line = line(commit: commit, isDirty: isDirty)

    static func line(commit: String, isDirty: Bool) -> String {
        commit.isEmpty
            ? "\(text) (commit unknown: built without git)" : "\(text) (commit \(commit)\(isDirty ? ", changed" : ""))"
    }
}
