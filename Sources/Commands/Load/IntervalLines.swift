import Foundation
import RennbahnMeasurement
import RennbahnReactor

/// A run as lines of JSON on standard output: its description, what happened in each second as it happens, then what came of it.
/// All but the last are those of a journal.
final class IntervalLines {
    private var number = 0
    /// Why a line could not be written: who was to read it has gone, mostly.
    private(set) var failure: (any Error)?

    /// The last line.
    private struct Result<Value: Encodable>: Encodable {
        let kind = "result"
        let complete: Bool
        let result: Value
    }

    func begin(_ description: some Encodable) { tell { try JournalLine.begin(description) } }

    func note(_ interval: RunInterval) {
        number += 1
        tell { try JournalLine.row(interval, number: number) }
    }

    func fail(_ reason: String) { tell { try JournalLine.end(reason: reason) } }

    /// - Throws: what an earlier line has met, too: lines without those before are not the run.
    func finish(_ cell: ResultCell, isComplete: Bool) throws {
        tell { try IntervalLines.line(cell, isComplete: isComplete) }
        if let failure { throw failure }
    }

    static func line(_ cell: ResultCell, isComplete: Bool) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(Result(complete: isComplete, result: cell)) + [UInt8(ascii: "\n")]
    }

    private func tell(_ line: () throws -> Data) {
        guard failure == nil else { return }
        do {
            try Console.output(whole: String(decoding: try line(), as: UTF8.self))
        } catch {
            failure = error
        }
    }
}
