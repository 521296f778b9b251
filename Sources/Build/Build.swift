/// What the program was built from, as the build asked git (`scripts/origin`). A module of its own, so that a new commit compiles little.
package enum Build {
    /// Full hash of the commit; empty where git did not know.
    @inline(never)
    package static var commit: String { Origin.commit }

    /// Whether the sources differed from it.
    @inline(never)
    package static var isDirty: Bool { Origin.isDirty }
}
