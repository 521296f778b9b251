import RennbahnTransport
package import RennbahnWAMP
package import RennbahnWebSocket

/// A kind of message: what a client publishes, again and again.
package struct StageInput: Sendable, Equatable {
    /// Octets of a message that a router takes at most.
    static let maxMessageSize = Limits().maxMessageSize

    package var serializer: Serializer
    /// What both ends want of compression; `nil`: none.
    package var deflate: DeflatePolicy?
    /// What stands behind the topic of each PUBLISH (Args, or Args and ArgsKw), one after the other and then from the
    /// beginning; empty: no arguments. With context takeover a message is compressed against those before it, so that they
    /// have to differ as those of a real publisher do.
    package var payloads: [[UInt8]]

    package init(serializer: Serializer, deflate: DeflatePolicy?, payloads: [[UInt8]]) {
        self.serializer = serializer
        self.deflate = deflate
        self.payloads = payloads
    }

    /// How many of the payloads, the first ones, are enough to count with: what fills a window, and where no message refers to
    /// those before it no more than 128.
    package func enoughPayloads() throws(StageFailure) -> Int {
        var left = ClientStream.window
        let most = try Agreement(deflate)?.hasTakeover == true ? Int.max : 128
        return payloads.prefix(most).prefix { payload in
            defer { left -= payload.count + ClientStream.leastEnvelope }
            return left > 0
        }.count
    }
}

/// Why a kind of message was not measured.
package enum StageFailure: Error, Equatable, Sendable, CustomStringConvertible {
    case noPayloads
    /// What is given as the arguments of a message, counted from 0, cannot stand in a PUBLISH.
    case wrongArguments(Int, Serializer)
    /// A message, counted from 0, is larger than a router takes.
    case tooLarge(Int)
    /// Two ends with this policy would not compress.
    case noAgreement
    /// A stage did not do what a router relies on.
    case wrongOutcome(Stage)
    case clockStandsStill

    package var description: String {
        switch self {
        case .noPayloads: "there is no message to measure"
        case .wrongArguments(let index, let serializer):
            "the arguments of message \(index + 1) are no list in \(serializer.name), with or without a dictionary behind it"
        case .tooLarge(let index): "message \(index + 1) is larger than a router takes"
        case .noAgreement: "two ends with these parameters of deflate would not compress"
        case .wrongOutcome(let stage): "the stage \(stage.rawValue) did not do what it must"
        case .clockStandsStill: "the clock stands still"
        }
    }
}
