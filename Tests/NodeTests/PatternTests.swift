import RennbahnBytes
import RennbahnReactor
import RennbahnTransport
import RennbahnWAMP
import RennbahnWebSocket
import Testing

/// Subscriptions and registrations by pattern, through whole nodes.
@Suite(.serialized)
struct PatternTests {
    @Test("every kind of client gets each event once for each subscription, with the topic", arguments: [1, 2, 3])
    func events(shards: Int) throws {
        let arena = try Arena(shards: shards)
        var clients: [Client] = []
        for crowd in try arena.mixedCrowds() { clients += try arena.join(crowd, 4) }
        let publishers = clients.enumerated().filter { $0.offset % 4 == 0 }.map(\.element)
        let subscribers = clients.enumerated().filter { $0.offset % 4 != 0 }.map(\.element)
        try arena.subscribe(subscribers, "com.example.lap")
        try arena.subscribe(subscribers, "com.example.", match: "prefix")
        try arena.subscribe(subscribers, "com..lap", match: "wildcard")
        let count = 40
        for number in 0..<count {
            for (index, publisher) in publishers.enumerated() {
                publisher.publish(
                    "com.example.\(number % 2 == 0 ? "lap" : "pit")",
                    [.integer(Int64(index)), .integer(Int64(number))])
            }
            if number % 10 == 0 { arena.turn() }
        }
        let expected = publishers.count * (count / 2 * 3 + count / 2)
        try arena.until { subscribers.allSatisfy { $0.inbox.count == expected } }
        for subscriber in subscribers { check(subscriber.inbox, publishers: publishers.count, count: count) }
    }

    /// Each publisher's events in order, three of the even ones with one publication id, and the topic where it belongs.
    private func check(_ inbox: [WAMPValue], publishers: Int, count: Int) {
        for publisher in 0..<publishers {
            let events = inbox.filter { $0[4]?[0] == .integer(Int64(publisher)) }
            let numbers = events.compactMap { $0[4]?[1]?.integerValue }
            #expect(numbers == (0..<Int64(count)).flatMap { Array(repeating: $0, count: $0 % 2 == 0 ? 3 : 1) })
            for event in events {
                let isLap = (event[4]?[1]?.integerValue ?? 0) % 2 == 0
                guard let topic = event[3]?["topic"] else {
                    #expect(isLap, "only the exact subscription's events tell no topic")
                    continue
                }
                #expect(topic == (isLap ? "com.example.lap" : "com.example.pit"))
            }
            for number in stride(from: 0, to: Int64(count), by: 2) {
                let same = events.filter { $0[4]?[1]?.integerValue == number }
                #expect(Set(same.map { $0[2]?.integerValue }).count == 1)
                #expect(Set(same.map { $0[1]?.integerValue }).count == 3)
                #expect(same.filter { $0[3]?["topic"] == nil }.count == 1)
            }
        }
    }

    @Test("a call goes to the best pattern, which is told the procedure", arguments: [1, 2, 3])
    func calls(shards: Int) throws {
        let arena = try Arena(shards: shards)
        var clients: [Client] = []
        for crowd in try arena.mixedCrowds() { clients += try arena.join(crowd, 2) }
        for (client, (uri, match)) in zip(clients, [("com.a", "exact"), ("com.", "prefix"), ("..x", "wildcard")]) {
            try arena.register(client, uri, match: match)
            client.onMessage = { message in
                guard message[0] == 68 else { return false }
                client.send([70, message[1] ?? .null, [:], [.string(match), message[3]?["procedure"] ?? .null]])
                return true
            }
        }
        for caller in clients.suffix(4) {
            #expect(try arena.call(caller, "com.a")[3] == ["exact", nil])
            #expect(try arena.call(caller, "com.\"ü\"")[3] == ["prefix", "com.\"ü\""])
            #expect(try arena.call(caller, "com.b.x")[3] == ["prefix", "com.b.x"])
            #expect(try arena.call(caller, "org.b.x")[3] == ["wildcard", "org.b.x"])
            #expect(try arena.call(caller, "org.b.y")[4] == "wamp.error.no_such_procedure")
        }
    }
}
