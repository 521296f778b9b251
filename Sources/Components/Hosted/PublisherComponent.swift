import WAMPClient

/// `publisher`: events with one text, so many in a second, until there were enough.
struct PublisherComponent: HostedComponent {
    var topic: String
    /// Events in a second; 0: as many as the router takes.
    var rate: Int
    /// Characters of the text.
    var payloadSize: Int
    /// 0: no end.
    var count: UInt64
    var acknowledges: Bool

    var isService: Bool { count == 0 }

    func run(in session: WAMPSession, _ figures: ComponentFigures) async throws(WAMPError) {
        let payload = WAMPData(String(repeating: "x", count: payloadSize))
        let clock = ContinuousClock()
        let start = clock.now
        var sent = 0
        while count == 0 || figures.published < count {
            if rate > 0 {
                // From the start, so that late wake-ups do not add up.
                do {
                    try await clock.sleep(until: start + .seconds(Double(sent) / Double(rate)), tolerance: nil)
                } catch {
                    throw WAMPError.stopped
                }
            }
            try await session.publish(topic, arguments: [payload], acknowledge: acknowledges)
            figures.notePublished()
            sent += 1
        }
    }
}

/// `subscriber`: counts events, until there were enough.
struct SubscriberComponent: HostedComponent {
    var topic: String
    /// 0: no end.
    var count: UInt64

    var isService: Bool { count == 0 }

    func run(in session: WAMPSession, _ figures: ComponentFigures) async throws(WAMPError) {
        if count > 0, figures.received >= count { return }
        let subscription = try await session.subscribe(topic, bufferedEvents: 65_536)
        var events = subscription.makeAsyncIterator()
        while try await events.next() != nil {
            figures.noteReceived()
            if count > 0, figures.received >= count { return }
        }
        throw await session.waitForEnd()
    }
}
