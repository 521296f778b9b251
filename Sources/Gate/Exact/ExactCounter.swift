/// What is counted exactly, per message: it does not depend on the machine's speed.
package enum ExactCounter: String, Codable, CodingKeyRepresentable, CaseIterable, Sendable {
    /// Under callgrind, with deterministic hashing.
    case instructions
    /// Heap allocations.
    case allocations
    case systemCalls = "system-calls"
    /// Bytes on the wire, both directions.
    case wireBytes = "wire-bytes"

    /// How far two counts may be apart and still be the same, as a share. Instructions repeat to a few in a million, but
    /// the layout of a program moves them; how many messages a system call carries depends a little on timing.
    package var tolerance: Double {
        switch self {
        case .instructions, .systemCalls: 0.01
        case .allocations, .wireBytes: 0
        }
    }

    package var title: String {
        switch self {
        case .instructions: "instructions per message"
        case .allocations: "allocations per message"
        case .systemCalls: "system calls per message"
        case .wireBytes: "wire bytes per message"
        }
    }
}
