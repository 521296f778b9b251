/// What connections have sent that are not read for a while, and what was read of it already, by the slot of the connection.
struct PausedInput {
    /// Less of a connection is not counted: it is no more than what any may have of a message that is not whole.
    static let leastCounted = 4 * 1024

    private var counts: [Int: Int] = [:]
    /// Octets of all connections.
    private(set) var octets = 0

    /// The connection with the most; the first of those with as much.
    var largest: Int? { counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key }

    mutating func note(_ slot: Int, _ count: Int) {
        octets += count - (counts.updateValue(count, forKey: slot) ?? 0)
    }

    /// The connection is read again, or gone.
    mutating func forget(_ slot: Int) {
        guard !counts.isEmpty, let count = counts.removeValue(forKey: slot) else { return }
        octets -= count
    }
}
