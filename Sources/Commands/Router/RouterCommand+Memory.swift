import Logging
import RennbahnMeasurement
import RennbahnReactor
import RennbahnReport
import RennbahnRouterNode

extension RouterCommand {
    /// Says what memory clients can make the router take, and whether that is more than there is.
    func tellWorstCase(of configuration: NodeConfiguration, descriptors: Int) {
        let worst = WorstCase(configuration, descriptors: descriptors, sockets: SocketMemory.ofSystem)
        configuration.logger.info("\(worst.text)")
        if let warning = worst.warning(available: SystemMemory.available) { configuration.logger.warning("\(warning)") }
    }
}

extension WorstCase {
    private static func bytes(_ octets: Int) -> String { HumanNumber.bytes(Double(octets)) }

    var text: String {
        let parts = parts.map { "\($0.name) \(WorstCase.bytes($0.octets))" }.joined(separator: ", ")
        return "limits allow \(WorstCase.bytes(octets)) of memory for \(connections.of("connection")): \(parts)"
    }

    /// `nil`: there is enough, as far as it is known.
    func warning(available: Int?) -> String? {
        guard let available, octets > available else { return nil }
        return """
            limits allow \(WorstCase.bytes(octets)) of memory, and there is \(WorstCase.bytes(available)): \
            allow fewer connections, or lower --memory
            """
    }
}
