package import RennbahnMeasurement

/// What is known now of a run that goes on, for those who watch it.
package struct LiveState: Sendable {
    /// A phase, and how long it is to be; `nil`: as long as it takes.
    package struct Phase: Equatable, Sendable {
        package let name: String
        package let seconds: Double?

        package init(_ name: String, seconds: Double? = nil) {
            self.name = name
            self.seconds = seconds
        }
    }

    /// What is run.
    package var title = ""
    package var phases: [Phase] = []
    /// Index of the phase that the run is in; `nil`: of none yet.
    package var phase: Int?
    /// Of that phase; `nil` where nobody knows.
    package var secondsLeft: Double?
    package var elapsedSeconds = 0.0
    /// Connections: asked for, ready, lost.
    package var requested = 0
    package var ready = 0
    package var lost = 0
    /// What went wrong, and how often.
    package var failures: [String: Int] = [:]
    /// Of an open loop: operations a second, as configured.
    package var rate: Double?
    /// By how much the rate is that now.
    package var rateFactor = 1.0
    package var isPaused = false
    /// What may be pressed, and what it does.
    package var keys: [String] = []

    /// The second that was last, or what took its place.
    package private(set) var last: RunInterval?
    /// Messages and seconds of the window so far.
    private var measured: (messages: UInt64, seconds: Double) = (0, 0)
    /// Of the last seconds: messages a second, and 99th percentiles of response times in nanoseconds, where there were any.
    package private(set) var rates: [Double] = []
    package private(set) var tails: [Double?] = []

    /// Seconds that are remembered one by one.
    package static let memory = 60

    package init() {}

    /// Takes in what happened since the last.
    package mutating func note(_ interval: RunInterval) {
        last = interval
        if interval.phase == "measuring" {
            measured.messages &+= interval.messages
            measured.seconds += interval.seconds
        }
        rates = Array((rates + [interval.messagesPerSecond]).suffix(LiveState.memory))
        let tail = interval.latency.map { Double($0.summary.p99) }
        tails = Array((tails + [tail]).suffix(LiveState.memory))
    }

    /// Messages a second in the window so far; `nil` before it.
    var windowRate: Double? { measured.seconds > 0 ? Double(measured.messages) / measured.seconds : nil }
}
