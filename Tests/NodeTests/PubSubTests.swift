import Logging
import RennbahnBytes
import RennbahnReactor
import RennbahnRouterNode
import RennbahnTransport
import RennbahnWAMP
import RennbahnWebSocket
import Testing

/// Publications through whole nodes, of one shard and of several.
@Suite(.serialized)
struct PubSubTests {
    /// Also with shards that poll for a while, short and long, before they sleep.
    @Test(
        "every subscriber gets every event, each publisher's in order",
        arguments: [(1, 0), (2, 0), (3, 0), (1, 50_000), (2, 1_000_000_000), (3, 1)] as [(Int, UInt64)])
    func order(shards: Int, busyPoll: UInt64) throws {
        var limits = Limits()
        limits.busyPoll = busyPoll
        let arena = try Arena(shards: shards, limits: limits)
        var all: [Client] = []
        for crowd in try arena.mixedCrowds() { all += try arena.join(crowd, 8) }
        let publishers = all.enumerated().filter { $0.offset % 4 == 0 }.map(\.element)
        let subscribers = all.enumerated().filter { $0.offset % 4 != 0 }.map(\.element)
        try arena.subscribe(subscribers, "com.example.lap")
        let count = 60
        for number in 0..<count {
            for (index, publisher) in publishers.enumerated() {
                publisher.publish("com.example.lap", [.integer(Int64(index)), .integer(Int64(number))])
            }
            if number % 10 == 0 { arena.turn() }
        }
        try arena.until { subscribers.allSatisfy { $0.inbox.count == publishers.count * count } }
        for subscriber in subscribers {
            for index in publishers.indices {
                let numbers = subscriber.inbox.compactMap { event -> Int64? in
                    guard event[4]?[0] == .integer(Int64(index)) else { return nil }
                    return event[4]?[1]?.integerValue
                }
                #expect(numbers == (0..<Int64(count)).map { $0 })
            }
        }
        #expect(publishers.allSatisfy { $0.inbox.isEmpty && $0.end == nil })
    }

    @Test("an acknowledged publication that nobody heard is acknowledged; the publisher hears itself when it asks to")
    func acknowledge() throws {
        let arena = try Arena(shards: 2)
        let client = try arena.join(try arena.crowd(.json))[0]
        client.send([16, 1, ["acknowledge": true], "com.example.a"])
        try arena.until { client.heard(.published).count == 1 }
        try arena.subscribe([client], "com.example.a")
        client.send([16, 3, ["acknowledge": true, "exclude_me": false], "com.example.a", [7]])
        try arena.until { client.heard(.published).count == 2 && client.heard(.event).count == 1 }
        #expect(client.heard(.event)[0][4] == [7])
        #expect(client.heard(.event)[0][2] == client.heard(.published)[1][2])
    }

    @Test("a publication for some of the subscribers only reaches none, is refused, counted and logged")
    func restricted() throws {
        let lines = LogLines()
        let arena = try Arena(shards: 2, logger: lines.logger(level: .warning))
        let clients = try arena.join(try arena.crowd(.json), 2) + arena.join(try arena.crowd(.msgpack), 2)
        try arena.subscribe(clients, "com.example.private")
        let forms: [(String, WAMPValue)] = [
            ("eligible", [1]), ("exclude", [1]), ("eligible_authid", ["a"]), ("eligible_authrole", ["a"]),
            ("exclude_authid", ["a"]), ("exclude_authrole", ["a"]), ("eligible", []),
        ]
        for (request, form) in forms.enumerated() {
            for acknowledge in [false, true] {
                let options: WAMPValue = .dictionary([
                    form.0: form.1, "acknowledge": .bool(acknowledge), "exclude_me": false,
                ])
                let number = WAMPValue.integer(Int64(2 * request + (acknowledge ? 2 : 1)))
                clients[0].send([16, number, options, "com.example.private", ["secret"]])
            }
        }
        clients[0].send([16, 100, ["acknowledge": true, "exclude_me": false], "com.example.private", ["open"]])
        try arena.until { clients.allSatisfy { $0.heard(.event).count == 1 } }
        #expect(clients.allSatisfy { $0.heard(.event)[0][4] == ["open"] })
        let errors = clients[0].inbox.filter { $0[0] == 8 }
        #expect(errors.map { $0[2] } == forms.indices.map { .integer(Int64(2 * $0 + 2)) })
        #expect(errors.allSatisfy { $0[4] == "wamp.error.option_not_allowed" })
        arena.node.abandon()
        arena.node.wait()
        #expect(arena.node.figures.reduce(0) { $0 + $1.refusedPublications } == UInt64(2 * forms.count))
        #expect(lines.all.filter { $0.contains("exclude and eligible") }.count == 4, "1, 2, 4 and 8")
    }

    @Test("escapes in a JSON URI do not make another topic")
    func escapedURI() throws {
        let arena = try Arena(shards: 2)
        let json = try arena.join(try arena.crowd(.json), 2)
        let msgpack = try arena.join(try arena.crowd(.msgpack))[0]
        json[0].sendText(#"[32,1,{},"com.\u0061bc"]"#)
        try arena.until { json[0].heard(.subscribed).count == 1 }
        try arena.subscribe([msgpack], "com.abc")
        json[1].sendText(#"[16,1,{},"com.abc",[1]]"#)
        json[1].sendText(#"[16,2,{},"\u0063om\u002eabc",[2]]"#)
        try arena.until { json[0].heard(.event).count == 2 && msgpack.heard(.event).count == 2 }
        #expect(json[0].heard(.event).map { $0[4] } == [[1], [2]])
        #expect(msgpack.heard(.event).map { $0[4] } == [[1], [2]])
    }

    @Test("large payloads reach many subscribers of all kinds whole", arguments: [1, 2], [4095, 4096, 70_000])
    func largePayload(shards: Int, size: Int) throws {
        let arena = try Arena(shards: shards)
        var all: [Client] = []
        for crowd in try arena.mixedCrowds() { all += try arena.join(crowd, 13) }
        try arena.subscribe(Array(all.dropFirst(2)), "com.example.large")
        let text = WAMPValue.string(String(repeating: "rennbahn–", count: size / 10))
        let publishers = [all[0], all[14]]
        for number in 0..<6 { publishers[number % 2].publish("com.example.large", [.integer(Int64(number)), text]) }
        let receivers = all.dropFirst(2)
        try arena.until { receivers.allSatisfy { $0.inbox.count == ($0 === publishers[1] ? 3 : 6) } }
        for receiver in receivers {
            for event in receiver.inbox { #expect(event[4]?[1] == text) }
            let numbers = receiver.inbox.compactMap { $0[4]?[0]?.integerValue }
            #expect(numbers.filter { $0 % 2 == 0 } == [0, 2, 4])
        }
    }

    @Test("a payload without a form in JSON reaches the MsgPack subscribers only", arguments: [1, 2])
    func extensionType(shards: Int) throws {
        let arena = try Arena(shards: shards)
        let json = try arena.join(try arena.crowd(.json), 6)
        let msgpack = try arena.join(try arena.crowd(.msgpack), 7)
        try arena.subscribe(json + msgpack.dropFirst(), "com.ext")
        let topic = [0xa7] + Array("com.ext".utf8)
        // [16, 1, {}, "com.ext", [fixext1(5, 0x2a)]]
        msgpack[0].sendBytes([0x95, 16, 1, 0x80] + topic + [0x91, 0xd4, 5, 0x2a])
        var seen = 0
        for client in msgpack {
            client.onBytes = { bytes in
                if bytes.extracting(last: 3).copied() == [0xd4, 5, 0x2a] { seen += 1 }
                return bytes.count > 3 && bytes[1] == 36 && bytes[bytes.count - 3] == 0xd4
            }
        }
        msgpack[0].sendBytes([0x95, 16, 2, 0x80] + topic + [0x91, 7])
        try arena.until {
            json.allSatisfy { $0.inbox.count == 1 } && msgpack.dropFirst().allSatisfy { $0.inbox.count == 1 }
        }
        #expect(seen == 6)
        #expect(json.allSatisfy { $0.inbox[0][4] == [7] && $0.end == nil })
    }

    @Test("nothing is lost or out of order when the rings between shards are tiny", arguments: [2, 3])
    func tinyRings(shards: Int) throws {
        var limits = Limits()
        limits.ringCapacity = 256
        let arena = try Arena(shards: shards, limits: limits)
        let clients = try arena.join(try arena.crowd(.json), 24)
        try arena.subscribe(Array(clients.dropFirst(6)), "com.example.ring")
        let filler = WAMPValue.string(String(repeating: "x", count: 150))
        for number in 0..<300 {
            for publisher in 0..<6 {
                clients[publisher].publish(
                    "com.example.ring", [.integer(Int64(publisher)), .integer(Int64(number)), filler])
            }
        }
        try arena.until { clients.dropFirst(6).allSatisfy { $0.inbox.count == 1800 } }
        for subscriber in clients.dropFirst(6) {
            for publisher in 0..<6 {
                let numbers = subscriber.inbox.filter { $0[4]?[0] == .integer(Int64(publisher)) }
                    .compactMap { $0[4]?[1]?.integerValue }
                #expect(numbers == (0..<300).map { $0 })
            }
        }
    }
}
