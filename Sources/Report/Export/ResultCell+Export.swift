import RennbahnMeasurement

/// A distribution of a cell, as the forms name it.
struct NamedLatency {
    /// `response`, `service`, `lag`, `last-subscriber`.
    let name: String
    let figure: LatencyFigure
    /// What the figure was made from.
    let recorder: LatencyRecorder
}

extension ResultCell {
    /// `pubsub 1→100 32 B, 16 in flight, json`; another router's name stands before it.
    var title: String {
        var parts = [parameters.workInFull]
        if let rate = parameters.rate { parts.append("\(HumanNumber.rate(rate)) offered") }
        parts.append(parameters.formatName)
        let text = parts.joined(separator: ", ")
        return parameters.isOwn ? text : "\(parameters.router ?? "") \(text)"
    }

    /// Those of which there are samples.
    func latencies() throws(ExportRefusal) -> [NamedLatency] {
        let latency = measurements.latency
        let all: [(String, LatencyFigure?)] = [
            ("response", latency.response), ("service", latency.service), ("lag", latency.lag),
            ("last-subscriber", latency.lastSubscriber),
        ]
        var named: [NamedLatency] = []
        for (name, figure) in all {
            guard let figure else { continue }
            let recorder = try ResultCell.recorder(of: figure)
            if recorder.count > 0 { named.append(NamedLatency(name: name, figure: figure, recorder: recorder)) }
        }
        return named
    }

    static func recorder(of figure: LatencyFigure) throws(ExportRefusal) -> LatencyRecorder {
        do throws(HistogramRecordError) {
            return try figure.histogram.recorder()
        } catch {
            throw ExportRefusal(error.reason)
        }
    }
}
