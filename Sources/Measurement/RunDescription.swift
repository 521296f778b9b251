/// What defines a run beside the parameters of its cell: against whom it was made, for how long, with what and where. With it
/// somebody else can make the run again.
package struct RunDescription: Codable, Equatable, Sendable {
    /// That the cell is of; absent in older files.
    package var schema: String?
    /// Of this program.
    package var version: String
    package var url: String
    /// Of subscribers and callees, where it is another one.
    package var receiverURL: String?
    package var realm: String
    /// The methods of authentication that clients logged in with, in the order of their names, and the number of principals that
    /// they had in turn; absent where all were anonymous and said nothing of it, and in files that are older than the fields.
    package var authMethods: [String]?
    package var principals: Int?
    /// What payloads are filled with (`documents`: those that the cell's parameters name), and how an open loop's operations arrive.
    package var filler: String
    package var arrivals: String?
    package var settleSeconds: Double
    package var warmUpSeconds: Double
    /// As it was asked for; how long it was stands in the measurements.
    package var windowSeconds: Double
    package var drainTimeoutSeconds: Double
    /// Whether the run came to its end; the verdict says why not.
    package var isComplete: Bool
    /// What is not as evenly spread over the clients as the parameters may make believe; absent where all is.
    package var notes: [String]?
    package var environment: RunEnvironment

    package init(
        version: String, url: String, realm: String, filler: String, settleSeconds: Double, warmUpSeconds: Double,
        windowSeconds: Double, drainTimeoutSeconds: Double, isComplete: Bool, environment: RunEnvironment
    ) {
        schema = ResultsDocument.schemaName
        self.version = version
        self.url = url
        self.realm = realm
        self.filler = filler
        self.settleSeconds = settleSeconds
        self.warmUpSeconds = warmUpSeconds
        self.windowSeconds = windowSeconds
        self.drainTimeoutSeconds = drainTimeoutSeconds
        self.isComplete = isComplete
        self.environment = environment
    }
}
