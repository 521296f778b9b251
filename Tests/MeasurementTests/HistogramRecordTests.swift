import Foundation
import Histogram
import RennbahnTestKit
import Testing

@testable import RennbahnMeasurement

@Suite("Stored histograms")
struct HistogramRecordTests {
    /// Lowest 1, highest 3,600,000,000, three digits; 1 once, 1,000 twice, 1,000,000 once.
    private static let vector: [UInt8] =
        [0x1c, 0x84, 0x93, 0x13, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 1]
        + [0, 0, 0, 0, 0xd6, 0x93, 0xa4, 0, 0x3f, 0xf0, 0, 0, 0, 0, 0, 0]
        + [0x00, 0x02, 0xcb, 0x0f, 0x04, 0xef, 0x9e, 0x01, 0x02]

    private func histogram(_ values: [UInt64], highest: UInt64 = 3_600_000_000) -> Histogram<UInt64> {
        var histogram = Histogram<UInt64>(highestTrackableValue: highest, numberOfSignificantValueDigits: .three)
        for value in values { histogram.record(value) }
        return histogram
    }

    @Test("the V2 payload is byte for byte that of other implementations")
    func encodesVector() {
        #expect(HistogramV2.encode(histogram([1, 1000, 1000, 1_000_000])) == Self.vector)
    }

    @Test("the V2 payload of other implementations is read")
    func decodesVector() throws {
        let decoded = try HistogramV2.decode(Self.vector)
        #expect(decoded.totalCount == 4)
        #expect(decoded.countForValue(1) == 1)
        #expect(decoded.countForValue(1000) == 2)
        #expect(decoded.countForValue(1_000_000) == 1)
        #expect(decoded.highestTrackableValue == 3_600_000_000)
    }

    @Test("every sample survives the way to JSON and back")
    func roundTrip() throws {
        var generator = SeededGenerator(seed: 42)
        for count in [0, 1, 2, 500] {
            var recorder = LatencyRecorder()
            for _ in 0..<count { recorder.record(nanoseconds: generator.next() >> UInt64.random(in: 24...60)) }
            let record = HistogramRecord(recorder)
            let data = try JSONEncoder().encode(record)
            let back = try JSONDecoder().decode(HistogramRecord.self, from: data).recorder()
            #expect(back.count == UInt64(count))
            #expect(back.overRange == recorder.overRange)
            #expect(HistogramRecord(back) == record)
            let (before, after) = (recorder.summary(), back.summary())
            #expect(after.mean == before.mean)
            // The largest sample is known to the slot only, the percentiles that equal it included.
            #expect(after.max >= before.max && after.max <= before.max + max(before.max / 1000, 128))
        }
    }

    @Test("the record is Base64 of the payload under a name that tells the encoding")
    func json() throws {
        let record = HistogramRecord(LatencyRecorder())
        let object = try JSONSerialization.jsonObject(with: JSONEncoder().encode(record)) as? [String: Any]
        #expect(object?["encoding"] as? String == "hdr-v2")
        #expect(object?["unit"] as? String == "ns")
        #expect((object?["payload"] as? String)?.hasPrefix("HISTEw") == true)
    }

    @Test("numbers take one to nine bytes and come back", arguments: [0, 1, -1, 63, 64, -64, -65, 1 << 55, .max, .min])
    func zigZag(value: Int64) throws {
        var bytes: [UInt8] = []
        HistogramV2.appendZigZag(value, to: &bytes)
        #expect(bytes.count <= 9)
        var position = 0
        #expect(try HistogramV2.zigZag(at: &position, of: bytes) == value)
        #expect(position == bytes.count)
    }

    @Test("a payload that is cut anywhere is refused")
    func truncated() {
        for length in 0..<Self.vector.count {
            #expect(throws: HistogramV2.Malformed.self) { try HistogramV2.decode(Array(Self.vector[..<length])) }
        }
        #expect(throws: HistogramV2.Malformed.badLayout) { try HistogramV2.decode(Self.vector + [0]) }
    }

    @Test("a payload with any damaged bytes is read or refused, and never traps")
    func damaged() {
        for seed in UInt64(1)...3000 {
            var generator = SeededGenerator(seed: seed)
            var bytes = Self.vector
            for _ in 0..<Int.random(in: 1...6, using: &generator) {
                bytes[Int.random(in: 8..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            }
            // Four and five digits only cost memory; keep the test quick.
            if bytes[15] == 4 || bytes[15] == 5 { bytes[15] = 6 }
            _ = (try? HistogramV2.decode(bytes))?.mean
        }
    }

    @Test("counts behind the last slot are refused")
    func tooManySlots() {
        var bytes: [UInt8] = []
        HistogramV2.appendZigZag(-10_000_000, to: &bytes)
        HistogramV2.appendZigZag(1, to: &bytes)
        let payload = Self.vector[..<7] + [UInt8(bytes.count)] + Self.vector[8..<40] + bytes
        #expect(throws: HistogramV2.Malformed.badLayout) { try HistogramV2.decode(Array(payload)) }
    }

    @Test("counts whose sum does not fit are refused")
    func implausible() {
        var bytes: [UInt8] = []
        for _ in 0..<3 { HistogramV2.appendZigZag(.max, to: &bytes) }
        let payload = Self.vector[..<7] + [UInt8(bytes.count)] + Self.vector[8..<40] + bytes
        #expect(throws: HistogramV2.Malformed.implausibleCounts) { try HistogramV2.decode(Array(payload)) }
    }

    @Test("another encoding or unit is refused by name")
    func otherEncoding() {
        var record = HistogramRecord(LatencyRecorder())
        record.encoding = "hdr-v9"
        #expect(throws: HistogramRecordError(reason: "histogram of encoding \"hdr-v9\" in \"ns\" is not known")) {
            try record.recorder()
        }
    }
}
