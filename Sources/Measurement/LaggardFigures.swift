/// What became of the subscribers that kept the router waiting.
package struct LaggardFigures: Codable, Equatable, Sendable {
    /// Subscribers that read slowly.
    package var slow = 0
    /// EVENTs that they got in the window, together.
    package var slowMessages: UInt64 = 0
    /// EVENTs that were published for them and that they did not have when the window was over, together.
    package var slowBehind: UInt64 = 0
    /// Subscribers that never read.
    package var stuck = 0
    /// Those of them whose connection the router had ended.
    package var stuckDropped = 0

    package init() {}

    package static func += (sum: inout LaggardFigures, other: LaggardFigures) {
        sum.slow += other.slow
        sum.slowMessages += other.slowMessages
        sum.slowBehind += other.slowBehind
        sum.stuck += other.stuck
        sum.stuckDropped += other.stuckDropped
    }
}
