import Foundation
import RennbahnTestKit
import Testing

@testable import RennbahnMeasurement

struct JournalTests {
    private struct Run: Codable, Equatable {
        var name = "two\nlines/ü"
    }

    private func whole(reason: String? = nil) throws -> Data {
        var bytes = try JournalLine.begin(Run())
        for number in 1...3 { bytes += try JournalLine.row(Run(name: "\(number)"), number: number) }
        if let reason { bytes += try JournalLine.end(reason: reason) }
        return bytes
    }

    @Test func `Every line is JSON by itself, and the first says that the run is not complete`() throws {
        let lines = try whole(reason: "interrupted").split(separator: UInt8(ascii: "\n"))
        #expect(
            lines.map { String(decoding: $0, as: UTF8.self) } == [
                #"{"complete":false,"description":{"name":"two\nlines/ü"},"kind":"begin","schema":"rennbahn-journal/1"}"#,
                #"{"kind":"row","number":1,"row":{"name":"1"}}"#, #"{"kind":"row","number":2,"row":{"name":"2"}}"#,
                #"{"kind":"row","number":3,"row":{"name":"3"}}"#,
                #"{"complete":false,"kind":"end","reason":"interrupted"}"#,
            ])
    }

    @Test func `A journal that was ended says why, one that was not has nobody to say`() throws {
        let ended = try Journal(reading: try whole(reason: "lost"))
        #expect(ended.rows.count == 3 && ended.reason == "lost" && !ended.isTorn && ended.damagedLines == 0)
        #expect(ended.summary == "3 rows; lost")
        let killed = try Journal(reading: try whole())
        #expect(killed.reason == nil && killed.summary == "3 rows; ended without a word")
        #expect(String(decoding: killed.rows[2], as: UTF8.self) == #"{"kind":"row","number":3,"row":{"name":"3"}}"#)
    }

    @Test func `Cut off anywhere, it has the rows that were whole`() throws {
        let bytes = try whole(reason: "lost")
        let ends = bytes.indices.filter { bytes[$0] == UInt8(ascii: "\n") }.map { $0 + 1 }
        for count in 0...bytes.count {
            let part = Data(bytes.prefix(count))
            guard count >= ends[0] else {
                #expect(throws: Journal.Foreign.self) { try Journal(reading: part) }
                continue
            }
            let journal = try Journal(reading: part)
            #expect(journal.rows.count == min(3, ends.count { $0 <= count } - 1), "\(count)")
            #expect(journal.isTorn == !ends.contains(count) && journal.damagedLines == 0)
            #expect((journal.reason == nil) == (count < bytes.count))
        }
    }

    @Test func `Lines that cannot be read are counted, and the others are there`() throws {
        var bytes = try JournalLine.begin(Run())
        bytes += Data(repeating: 0, count: 30) + Data("\n".utf8)
        bytes += try JournalLine.row(Run(), number: 2) + Data("{}\n[1\n".utf8)
        bytes += try JournalLine.begin(Run())
        let journal = try Journal(reading: bytes)
        #expect(journal.rows.count == 1 && journal.damagedLines == 4)
        #expect(journal.summary == "1 row; 4 damaged; ended without a word")
    }

    @Test func `What is no journal, or one of another version, is refused in one clause`() throws {
        let other = Data(#"{"kind":"begin","schema":"rennbahn-journal/2"}"#.utf8) + Data("\n".utf8)
        let foreign = #expect(throws: Journal.Foreign.self) { try Journal(reading: other) }
        #expect(foreign?.description == #"is of schema "rennbahn-journal/2"; this version reads "rennbahn-journal/1""#)
        for text in ["", "\n", "{}\n", "no\n", #"{"kind":"row","number":1}"# + "\n"] {
            let foreign = #expect(throws: Journal.Foreign.self) { try Journal(reading: Data(text.utf8)) }
            #expect(foreign?.description == "is not a journal: its first line does not say what was run")
        }
    }

    @Test func `Random octets never trap`() throws {
        var random = SeededGenerator(seed: 15)
        let start = try whole(reason: "lost")
        for _ in 0..<3000 {
            var bytes = start
            for _ in 0...random.below(4) { bytes[random.below(bytes.count)] = UInt8(random.below(256)) }
            _ = try? Journal(reading: bytes)
            _ = try? Journal(reading: Data(random.bytes(random.below(40))))
        }
    }

    @Test func `A figure that JSON cannot hold is an error`() {
        #expect(throws: EncodingError.self) { try JournalLine.row(Double.nan, number: 1) }
    }
}
