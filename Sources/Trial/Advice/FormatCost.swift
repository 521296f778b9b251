#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// What a format costs over a set of documents, against JSON without compression.
package struct FormatCost: Equatable, Sendable {
    /// Octets on the wire and router CPU time per message, as ratios.
    package let bytes: Told
    package let cpu: Told
    /// What a message of the format costs by itself: octets, and µs of the router.
    package let ownBytes: Double
    package let ownCPU: Double

    /// Of each document one; `nil` where there is none.
    ///
    /// The documents are what was asked about, no sample of others: the interval holds what the measurements may be off by, not how
    /// much documents differ.
    package init?(_ sides: [SideResult]) {
        var (bytes, cpu): ([Told], [Told]) = ([], [])
        var own: (bytes: [Double], cpu: [Double]) = ([], [])
        for side in sides {
            guard let octets = side.ratios[.bytes], let time = side.ratios[.routerCPU],
                let ownOctets = side.figures[.bytes], let ownTime = side.figures[.routerCPU]
            else { continue }
            bytes.append(octets)
            cpu.append(time)
            own.bytes.append(ownOctets.value)
            own.cpu.append(ownTime.value)
        }
        guard let meanBytes = Told.mean(bytes), let meanCPU = Told.mean(cpu) else { return nil }
        self.bytes = meanBytes
        self.cpu = meanCPU
        ownBytes = exp(own.bytes.reduce(0) { $0 + log($1) } / Double(own.bytes.count))
        ownCPU = exp(own.cpu.reduce(0) { $0 + log($1) } / Double(own.cpu.count))
    }

    /// Mbit/s for each core of the router below which the format carries more messages than JSON uncompressed.
    ///
    /// Where the network is the limit, the smaller message wins; where the core is, the cheaper one. A format of fewer octets and
    /// more CPU time is ahead as long as the octets that JSON sends at the rate the format's core can keep up do not fit.
    package var breakEven: Double? {
        guard bytes.value < 1, cpu.lower > 1 else { return nil }
        return 8 * ownBytes / bytes.value / ownCPU
    }
}

extension Told {
    /// The geometric mean of figures that were measured apart.
    static func mean(_ all: [Told]) -> Told? {
        guard !all.isEmpty else { return nil }
        let count = Double(all.count)
        let middle = all.reduce(0) { $0 + log($1.value) } / count
        let squares = all.reduce(0.0) { sum, told in
            let reach = log(told.upper / told.lower) / 2
            return sum + reach * reach
        }
        let reach = squares.squareRoot() / count
        return Told(
            value: exp(middle), lower: exp(middle - reach), upper: exp(middle + reach),
            turns: all.reduce(0) { $0 + $1.turns }, starts: all.reduce(.max) { min($0, $1.starts) })
    }
}
