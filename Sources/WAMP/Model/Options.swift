// The options that the router acts on, as plain data. Unknown keys are ignored, as the specification demands; a known
// key with a value of the wrong type is a protocol violation.

/// `PUBLISH.Options`.
package struct PublishOptions: Sendable, Equatable {
    /// `acknowledge`: answer with PUBLISHED or ERROR.
    package var acknowledge = false
    /// `exclude_me`: false lets the publisher receive its own event.
    package var excludeMe = true
    /// `exclude`, `eligible` or one of their forms with `_authid` and `_authrole` is there, perhaps as an empty list: the
    /// publisher means some of the subscribers only, or may believe so.
    package var restrictsReceivers = false

    package init(acknowledge: Bool = false, excludeMe: Bool = true, restrictsReceivers: Bool = false) {
        self.acknowledge = acknowledge
        self.excludeMe = excludeMe
        self.restrictsReceivers = restrictsReceivers
    }
}

/// How a subscription or registration matches URIs: the `match` option.
package enum MatchPolicy: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case exact = 0
    case prefix = 1
    case wildcard = 2
}

/// What becomes of a subscription's EVENTs while its subscriber is behind: the `x_slow` option of SUBSCRIBE.
package enum SlowPolicy: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    /// Without the option: they are queued, and who publishes may have to wait.
    case queue = 0
    /// They are left out.
    case drop = 1
    /// They are left out but for the newest, which is sent as soon as the subscriber has caught up.
    case latest = 2
}

/// `SUBSCRIBE.Options`.
package struct MatchOptions: Sendable, Equatable {
    package var match = MatchPolicy.exact
    /// `x_slow`; `nil`: its value is none of those that it may have.
    package var slow: SlowPolicy? = .queue

    package init(match: MatchPolicy = .exact, slow: SlowPolicy? = .queue) {
        self.match = match
        self.slow = slow
    }
}

/// Which callee of a shared registration gets a call: the `invoke` option of REGISTER.
package enum InvocationPolicy: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case single = 0
    case roundRobin = 1
    case random = 2
    case first = 3
    case last = 4
}

/// `REGISTER.Options`.
package struct RegisterOptions: Sendable, Equatable {
    package var match = MatchPolicy.exact
    package var invoke = InvocationPolicy.single

    package init(match: MatchPolicy = .exact, invoke: InvocationPolicy = .single) {
        self.match = match
        self.invoke = invoke
    }
}

/// The `mode` option of CANCEL.
package enum CancelMode: UInt8, Sendable {
    case skip = 0
    case kill = 1
    case killNoWait = 2
}
