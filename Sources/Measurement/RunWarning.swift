/// Something that voids no figure, and that whoever reads the figures of a run must know.
package struct RunWarning: Codable, Equatable, Sendable, CustomStringConvertible {
    package enum Kind: String, Codable, Sendable, CaseIterable {
        /// The router's processes could not be found, or not all of them: its CPU time is not measured, or not whole.
        case routerProcessUnknown = "router-process-unknown"
        /// A process of the router ended within the window: what it used is missing.
        case routerProcessEnded = "router-process-ended"
        /// One came to serve connections within the window.
        case routerProcessStarted = "router-process-started"
        /// Router and generator may run on each other's processors, although there are enough for both.
        case sharedProcessors = "shared-processors"
        /// Responses wait for acknowledgements of TCP (Nagle's algorithm and delayed acknowledgements).
        case nagleStalls = "nagle-stalls"
        /// Operations of an open loop left so late that response times are the generator's: they are not told.
        case generatorLate = "generator-late"
        /// The generator was so busy in an open loop that its delays colour response times.
        case generatorSaturated = "generator-saturated"
        /// The hypervisor took the processors for a while, from all sides alike.
        case stolenTime = "stolen-time"
        /// Something else had the processors in many turns.
        case processorsTaken = "processors-taken"
        /// Somebody paused the run, changed its rate or ended a phase early while it went.
        case steered = "steered"
    }

    package var kind: Kind
    /// One line.
    package var text: String

    package init(_ kind: Kind, _ text: String) {
        self.kind = kind
        self.text = text
    }

    package var description: String { text }
}
