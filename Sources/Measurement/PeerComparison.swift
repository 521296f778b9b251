/// One cell of a peer beside our own cell of the same work, in the same format and the same run.
///
/// A CPU ratio of 40 says that the peer's CPU time per message is forty times ours. Absent where either side could not
/// be measured.
package struct PeerComparison: Codable, Equatable, Sendable {
    /// One side's figures.
    package struct Side: Codable, Equatable, Sendable {
        package var cpuMicrosecondsPerMessage: Double?
        package var messagesPerSecond: Double
        package var saturated: Saturation?
        /// The generator was saturated and this router was not.
        package var lowerBound: Bool

        package init(_ cell: ResultCell) {
            cpuMicrosecondsPerMessage = cell.measurements.router?.cpuMicrosecondsPerMessage?.total
            messagesPerSecond = cell.measurements.messagesPerSecond
            saturated = cell.measurements.saturated
            lowerBound = cell.measurements.lowerBound
        }
    }

    /// `pubsub 1→100 32 B, 16 in flight`.
    package var work: String
    /// `msgpack+deflate`.
    package var format: String
    package var peer: String
    package var own: Side
    package var other: Side
    /// The peer's CPU per message over ours.
    package var cpuRatio: Double?
    /// Our rate over the peer's.
    package var throughputRatio: Double?

    package init(own: ResultCell, peer cell: ResultCell) {
        work = cell.parameters.workInFull
        format = cell.parameters.formatName
        peer = cell.parameters.router ?? ""
        self.own = Side(own)
        other = Side(cell)
        cpuRatio = PeerComparison.ratio(other.cpuMicrosecondsPerMessage, self.own.cpuMicrosecondsPerMessage)
        throughputRatio = PeerComparison.ratio(self.own.messagesPerSecond, other.messagesPerSecond)
    }

    /// One row for each cell of a peer that has its counterpart of ours, in the order of the cells.
    package static func rows(of cells: [ResultCell]) -> [PeerComparison] {
        cells.compactMap { cell in
            guard !cell.parameters.isOwn else { return nil }
            return
                cells
                .first { $0.parameters.isOwn && $0.parameters.isSameCell(ofAnyRouter: cell.parameters) }
                .map { PeerComparison(own: $0, peer: cell) }
        }
    }

    private static func ratio(_ value: Double?, _ base: Double?) -> Double? {
        guard let value, let base, base > 0 else { return nil }
        return value / base
    }
}
