/// What somebody who does harm does in a simulation.
package enum Attack: String, CaseIterable, Sendable {
    case deafSubscriber = "subscriber that reads nothing"
    case slowSubscriber = "subscriber that reads so many octets"
    case deafCaller = "caller that reads no results"
    case silentCallee = "callee that never answers"
    case stranger = "stranger that says no HELLO"
    case bomb = "compressed bomb before login"
    case unfinished = "large message that is not finished"
    case dribbler = "one octet at a time"
    case resetter = "reset in the middle"
    case halfOpen = "gone without a word"
    case subscriptions = "flood of SUBSCRIBE and UNSUBSCRIBE"
    case registrations = "flood of REGISTER and UNREGISTER"
    case wrongMessages = "wrong messages"
    case failedLogins = "failed logins"
}
