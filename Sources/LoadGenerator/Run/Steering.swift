/// What whoever watches a run may do to it. The run's results say that it was done.
package enum Steering: Equatable, Sendable {
    /// Nothing new is sent; what is on its way arrives. The clock goes on.
    case pause
    case resume
    /// Of an open loop: by how much more, or less, is sent from now on.
    case rate(factor: Double)
    /// The warm-up is over, or the window.
    case endPhase
}
