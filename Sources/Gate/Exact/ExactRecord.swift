/// Exact counts of all cells, as they were measured or as they are kept in the repository.
///
/// ```
/// schema    "rennbahn-tier0/1"
/// platform  what the counts depend on besides the source: toolchain, architecture, C library, tools
/// date      ISO 8601
/// reason    why these counts are the reference; absent in what was only measured
/// cells     { "publish-1 json 32 B none": { "instructions": 3995.74, "allocations": 0, … }, … }
/// ```
package struct ExactRecord: Codable, Equatable, Sendable {
    package static let schemaName = "rennbahn-tier0/1"

    package let schema: String
    /// Keys such as `toolchain` and `architecture`.
    package var platform: [String: String]
    package var date: String
    package var reason: String?
    package var cells: [String: [ExactCounter: Double]]

    package init(
        platform: [String: String], date: String, reason: String? = nil, cells: [String: [ExactCounter: Double]]
    ) {
        schema = ExactRecord.schemaName
        self.platform = platform
        self.date = date
        self.reason = reason
        self.cells = cells
    }

    /// The counts made the reference, for a reason; nil if that is empty.
    package func blessed(for reason: String) -> ExactRecord? {
        guard reason.contains(where: { !$0.isWhitespace }) else { return nil }
        var record = self
        record.reason = reason
        return record
    }
}
