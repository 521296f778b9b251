/// `shutdown` of a container: what ends it before its time is over.
package enum ShutdownPolicy: String, Sendable, CaseIterable {
    case manual = "shutdown-manual"
    case onLastStopped = "shutdown-on-last-component-stopped"
    case onAnyFailed = "shutdown-on-any-component-failed"
    case onAnyStopped = "shutdown-on-any-component-stopped"
}

/// When a container has come to its end: a service has none of its own, so what has decides.
package struct ContainerLife: Sendable {
    private let shutdown: ShutdownPolicy
    private let hasWorkers: Bool
    private var workersLeft: Int
    private var left: Int

    /// - Parameters:
    ///   - workers: instances that come to an end by themselves.
    ///   - services: instances that run until they are stopped.
    package init(_ shutdown: ShutdownPolicy, workers: Int, services: Int) {
        self.shutdown = shutdown
        hasWorkers = workers > 0
        workersLeft = workers
        left = workers + services
    }

    /// An instance has ended.
    ///
    /// - Returns: whether the others are to be stopped.
    package mutating func ended(_ outcome: ComponentLife.Outcome, isService: Bool) -> Bool {
        left -= 1
        if !isService { workersLeft -= 1 }
        if left == 0 || hasWorkers && workersLeft == 0 { return true }
        switch (shutdown, outcome) {
        case (.onAnyStopped, _), (.onAnyFailed, .failed): return true
        case (.manual, _), (.onLastStopped, _), (.onAnyFailed, .completed), (.onAnyFailed, .stopped): return false
        }
    }
}
