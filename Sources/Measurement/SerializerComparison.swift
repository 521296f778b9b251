/// The cost of one format as ratios to JSON without compression, for the same work.
///
/// A ratio of 0.8 is 20 % less. Only cells that did the same work are compared: scenario, sizes, fleet, loop and shards
/// are equal. Absent where either side could not be measured.
package struct SerializerComparison: Codable, Equatable, Sendable {
    /// `pubsub 32 B`.
    package var work: String
    /// As in the parameters of the cell.
    package var router: String?
    package var serializer: String
    package var compression: String
    /// Router CPU per message.
    package var routerCPURatio: Double?
    /// Generator CPU per message: what a client pays for the format.
    package var generatorCPURatio: Double?
    /// Bytes on the wire per message, both directions.
    package var bytesRatio: Double?
    package var throughputRatio: Double?

    /// One row a cell, in the order of the cells; none for a cell without its counterpart in JSON uncompressed.
    package static func rows(of cells: [ResultCell]) -> [SerializerComparison] {
        cells.compactMap { cell in
            baseline(of: cell, in: cells).map { SerializerComparison(cell, baseline: $0) }
        }
    }

    private static func baseline(of cell: ResultCell, in cells: [ResultCell]) -> ResultCell? {
        cells.first {
            $0.parameters.serializer == "json" && !$0.parameters.isCompressed
                && $0.parameters.isSameWork(as: cell.parameters)
        }
    }

    private init(_ cell: ResultCell, baseline: ResultCell) {
        let (own, base) = (cell.measurements, baseline.measurements)
        work = cell.parameters.workName
        router = cell.parameters.router
        serializer = cell.parameters.serializer
        compression = cell.parameters.compression
        routerCPURatio = SerializerComparison.ratio(
            own.router?.cpuMicrosecondsPerMessage?.total, base.router?.cpuMicrosecondsPerMessage?.total)
        generatorCPURatio = SerializerComparison.ratio(
            own.generator.cpuMicrosecondsPerMessage?.total, base.generator.cpuMicrosecondsPerMessage?.total)
        bytesRatio = SerializerComparison.ratio(own.wire.bytesPerMessage, base.wire.bytesPerMessage)
        throughputRatio = SerializerComparison.ratio(own.messagesPerSecond, base.messagesPerSecond)
    }

    private static func ratio(_ value: Double?, _ base: Double?) -> Double? {
        guard let value, let base, base > 0 else { return nil }
        return value / base
    }
}
