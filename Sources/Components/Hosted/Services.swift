import WAMPClient

/// `echo`: returns what it is called with.
struct EchoComponent: HostedComponent {
    let procedure: String
    var isService: Bool { true }

    func run(in session: WAMPSession, _ figures: ComponentFigures) async throws(WAMPError) {
        let registration = try await session.register(procedure) { invocation in
            figures.noteAnswered()
            return WAMPPayload(arguments: invocation.arguments, keywords: invocation.keywords)
        }
        let end = await session.waitForEnd()
        _ = registration
        throw end
    }
}

/// `adder`: returns the sum of its arguments.
struct AdderComponent: HostedComponent {
    let procedure: String
    var isService: Bool { true }

    func run(in session: WAMPSession, _ figures: ComponentFigures) async throws(WAMPError) {
        let registration = try await session.register(procedure) { invocation in
            figures.noteAnswered()
            return WAMPPayload(arguments: [try AdderComponent.sum(invocation.arguments)])
        }
        let end = await session.waitForEnd()
        _ = registration
        throw end
    }

    /// An integer as long as all are integers and the sum is in their range.
    static func sum(_ arguments: [WAMPData]) throws(WAMPError) -> WAMPData {
        var whole: Int? = 0
        var total = 0.0
        for argument in arguments {
            guard let number = argument.doubleValue ?? argument.intValue.map(Double.init) else {
                throw .application("wamp.error.invalid_argument", arguments: ["not a number"])
            }
            total += number
            guard let sum = whole, let next = argument.intValue else {
                whole = nil
                continue
            }
            let (exact, overflows) = sum.addingReportingOverflow(next)
            whole = overflows ? nil : exact
        }
        return whole.map { WAMPData($0) } ?? WAMPData(total)
    }
}
