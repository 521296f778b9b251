package import FoundationEssentials

/// A latency histogram as it is stored in results, so that runs can be merged and any percentile asked for later.
///
/// ```json
/// { "encoding": "hdr-v2", "overRange": 0, "payload": "HISTEwAA…", "unit": "ns" }
/// ```
///
/// `payload` is Base64 of the V2 payload of HdrHistogram before compression (``HistogramV2``). Compressed with zlib and
/// with the two words of the compressed form in front it is a data field of an `.hlog` file.
package struct HistogramRecord: Codable, Equatable, Sendable {
    /// The only encoding written and read.
    package static let encodingName = "hdr-v2"

    package var encoding: String
    /// Unit of the recorded values.
    package var unit: String
    /// Samples beyond the range, recorded at its top.
    package var overRange: UInt64
    package var payload: Data

    package init(_ recorder: LatencyRecorder) {
        encoding = HistogramRecord.encodingName
        unit = "ns"
        overRange = recorder.overRange
        payload = Data(HistogramV2.encode(recorder.histogram))
    }

    /// The recorder that this record was made from.
    ///
    /// Throws ``HistogramRecordError`` for another encoding or a payload that is not well-formed.
    package func recorder() throws(HistogramRecordError) -> LatencyRecorder {
        guard encoding == HistogramRecord.encodingName, unit == "ns" else {
            throw HistogramRecordError(reason: "histogram of encoding \"\(encoding)\" in \"\(unit)\" is not known")
        }
        do {
            return LatencyRecorder(histogram: try HistogramV2.decode([UInt8](payload)), overRange: overRange)
        } catch {
            throw HistogramRecordError(reason: "histogram payload is damaged (\(error))")
        }
    }
}

/// Why a stored histogram cannot be read.
package struct HistogramRecordError: Error, Equatable, CustomStringConvertible {
    package let reason: String

    package var description: String { reason }
}
