/// What becomes of those who send to a connection that takes less than it is sent.
package enum SlowReceivers: String, CaseIterable, Sendable {
    /// They wait for it for a moment. If that does not help they go on without it, and it is ended when it does harm: when it
    /// takes nothing, when too much waits for it, when what waits for it is old.
    case disconnect
    /// They wait for it as long as it takes anything at all: nothing is lost, and one that reads slowly makes all wait.
    case hold
}
