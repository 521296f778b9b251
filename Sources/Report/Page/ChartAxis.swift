import Foundation

/// A scale of a chart: what values it spans, and what is written beside it.
struct ChartAxis {
    struct Tick {
        /// 0 at the beginning of the scale, 1 at its end.
        let place: Double
        let label: String
    }

    private enum Scale {
        case linear
        case logarithmic
    }

    private let lowest: Double
    private let highest: Double
    private let scale: Scale
    private(set) var ticks: [Tick] = []

    private init(_ lowest: Double, _ highest: Double, _ scale: Scale) {
        self.lowest = lowest
        self.highest = highest
        self.scale = scale
    }

    /// Where a value lies, within 0…1; `nil`: it is no number.
    func place(of value: Double) -> Double? {
        guard value.isFinite else { return nil }
        let share =
            switch scale {
            case .linear: (value / highest - lowest / highest) / (1 - lowest / highest)
            case .logarithmic: (log10(max(value, lowest)) - log10(lowest)) / (log10(highest) - log10(lowest))
            }
        return share.isFinite ? max(0, min(1, share)) : nil
    }

    /// From 0 to what is there, with at most five steps.
    ///
    /// - Parameter isBinary: steps are round in KiB, MiB and so on.
    static func linear(_ values: [Double], isBinary: Bool = false, label: (Double) -> String) -> ChartAxis {
        let most = values.filter(\.isFinite).max() ?? 0
        // Below it a step would be no number that can be told from 0.
        let highest = most > 1e-300 ? min(most, 1e300) : 1
        var axis = ChartAxis(0, highest, .linear)
        let unit = isBinary && highest > 1 ? pow(1024, floor(log2(highest) / 10)) : 1
        let power = pow(10, floor(log10(highest / unit / 5))) * unit
        let step = [1.0, 2, 5, 10].map { $0 * power }.first { $0 * 5.001 >= highest } ?? highest
        for index in 0...5 where Double(index) * step <= highest * 1.0001 {
            let value = Double(index) * step
            axis.ticks.append(Tick(place: min(1, value / highest), label: label(value)))
        }
        return axis
    }

    /// Whole decades around times in nanoseconds.
    static func nanoseconds(_ values: [Double]) -> ChartAxis {
        let known = values.filter { $0.isFinite && $0 > 0 }
        // What is shorter than the histogram's resolution is a time all the same.
        let first = floor(log10(max(known.min() ?? 1000, 100)))
        let last = max(ceil(log10(min(known.max() ?? 1000, 1e20))), first + 1)
        var axis = ChartAxis(pow(10, first), pow(10, last), .logarithmic)
        for decade in Int(first)...Int(last) {
            let place = (Double(decade) - first) / (last - first)
            axis.ticks.append(Tick(place: place, label: HumanNumber.duration(nanoseconds: pow(10, Double(decade)))))
        }
        return axis
    }

    /// Percentiles by what is left above them, 1/(1-p): each nine takes as much room as the one before.
    ///
    /// - Parameter nines: 1 to 7: to the 90th, to the 99.99999th.
    static func percentiles(nines: Int) -> ChartAxis {
        var axis = ChartAxis(1, pow(10, Double(nines)), .logarithmic)
        let labels = ["0 %", "90 %", "99 %", "99.9 %", "99.99 %", "99.999 %", "99.9999 %", "99.99999 %"]
        for index in 0...nines where index < labels.count {
            axis.ticks.append(Tick(place: Double(index) / Double(nines), label: labels[index]))
        }
        return axis
    }
}
