/// Which side ran out of CPU in the measured window, and so whose limit the throughput is.
package enum Saturation: String, Codable, Sendable, CaseIterable {
    case router
    case generator
    case both
    case neither

    /// A side counts as saturated when it kept its cores busy for this share of the window.
    package static let saturatedShare = 0.95
    /// Above this share the generator's own delays begin to colour latencies: the run is flagged, and an open-loop run
    /// is invalid.
    package static let generatorFlaggedShare = 0.80

    /// - Parameters:
    ///   - routerShare: busy share of the router's cores, 0…1.
    ///   - generatorShare: the same of the generator.
    package init(routerShare: Double, generatorShare: Double) {
        let router = routerShare >= Saturation.saturatedShare
        let generator = generatorShare >= Saturation.saturatedShare
        switch (router, generator) {
        case (true, true): self = .both
        case (true, false): self = .router
        case (false, true): self = .generator
        case (false, false): self = .neither
        }
    }

    /// Whether throughput is only a lower bound on what the router can do: the generator had no more to give.
    package var isLowerBoundOnRouter: Bool {
        switch self {
        case .generator: true
        case .router, .both, .neither: false
        }
    }

    package static func isFlagged(generatorShare: Double) -> Bool {
        generatorShare > generatorFlaggedShare
    }
}
