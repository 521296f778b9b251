// The options that the router acts on, as plain data. Unknown keys are ignored, as the specification demands; a known
// key with a value of the wrong type is a protocol violation.

/// `PUBLISH.Options`.
package struct PublishOptions: Sendable, Equatable {
    /// `acknowledge`: answer with PUBLISHED or ERROR.
    package var acknowledge = false
    /// `exclude_me`: false lets the publisher receive its own event.
    package var excludeMe = true

    package init(acknowledge: Bool = false, excludeMe: Bool = true) {
        self.acknowledge = acknowledge
        self.excludeMe = excludeMe
    }
}

/// How a subscription or registration matches URIs: the `match` option.
package enum MatchPolicy: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case exact = 0
    case prefix = 1
    case wildcard = 2
}

/// `SUBSCRIBE.Options` and `REGISTER.Options`.
package struct MatchOptions: Sendable, Equatable {
    package var match = MatchPolicy.exact

    package init(match: MatchPolicy = .exact) {
        self.match = match
    }
}

/// The `mode` option of CANCEL.
package enum CancelMode: UInt8, Sendable {
    case skip = 0
    case kill = 1
    case killNoWait = 2
}
