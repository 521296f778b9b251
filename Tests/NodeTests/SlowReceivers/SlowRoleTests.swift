import RennbahnNodeSimulation
import RennbahnRouterNode
import RennbahnTransport
import Testing

/// Sessions whose role has `slow_receivers`, beside others of the same transport.
@Suite("Roles that say what becomes of those who send to their sessions")
struct SlowRoleTests {
    /// One role of each kind.
    private static let both: [String: SlowReceivers] = ["patient": .hold, "hasty": .disconnect]
    private static let registration = #"[64,1,{},"com.example.topic"]"#
    /// More than all buffers hold between a sender that is not read and a receiver that does not read.
    private static let count = 100
    private static let filling = String(repeating: "#", count: 60_000)

    private func subscription(_ topic: String = "com.example.topic") -> String { #"[32,1,{},"\#(topic)"]"# }

    /// Publishes, or calls, 6 MB that are numbered, as fast as they are taken, for so long at most; whether all were taken.
    private func send(
        _ stage: SlowReceiverStage, from sender: BarePeer, to uri: String = "com.example.topic", calls: Bool = false,
        milliseconds: Int
    ) -> Bool {
        for number in 1...Self.count {
            sender.say(#"[\#(calls ? 48 : 16),\#(number),{},"\#(uri)",[\#(number),"\#(Self.filling)"]]"#)
        }
        return pump(stage, sender, milliseconds: milliseconds)
    }

    /// Sends what waits for room; whether all of it was taken in that time.
    @discardableResult
    private func pump(_ stage: SlowReceiverStage, _ sender: BarePeer, milliseconds: Int) -> Bool {
        for _ in 0..<milliseconds where sender.backlog > 0 {
            sender.pump()
            stage.tick()
        }
        return sender.backlog == 0
    }

    /// The numbers of the EVENTs, or INVOCATIONs, that have come.
    private func numbers(_ peer: BarePeer) -> [Int] {
        peer.read().compactMap { message -> Int? in
            guard message.hasPrefix("[36,") || message.hasPrefix("[68,") else { return nil }
            return message.split(separator: "[").last.flatMap { Int($0.prefix { $0.isNumber }) }
        }
    }

    /// Reads until all numbers have come, with those that came before, while the sender sends what it has left.
    private func readAll(
        _ stage: SlowReceiverStage, _ peer: BarePeer, from sender: BarePeer, after before: [Int] = []
    ) -> [Int] {
        var all = before + numbers(peer)
        for _ in 0..<1000 where all.count(where: { $0 > 0 }) < Self.count {
            sender.pump()
            stage.tick()
            all += numbers(peer)
        }
        return all
    }

    @Test("one that holds makes its senders wait, and gets all, where others are detached", arguments: [1, 2])
    func hold(shards: Int) throws {
        let stage = try SlowReceiverStage(shards: shards, slowReceivers: .disconnect, roles: Self.both)
        let other = try stage.join(subscription("com.example.other"))
        let patient = try stage.join(as: "patient", subscription())
        let publishers = try (0..<2).map { _ in try stage.join(shard: shards - 1) }
        #expect(send(stage, from: publishers[0], to: "com.example.other", milliseconds: 2000))
        #expect(stage.figure(\.detached) == 1)
        #expect(!send(stage, from: publishers[1], milliseconds: 5000))
        #expect(stage.figure(\.detached) == 1, "nobody goes on without it")
        #expect(readAll(stage, patient, from: publishers[1]) == Array(1...Self.count))
        #expect(!patient.hasEnded && !numbers(other).isEmpty && !other.hasEnded)
    }

    @Test("one that does not hold is not waited for, where others are", arguments: [1, 2])
    func disconnect(shards: Int) throws {
        let stage = try SlowReceiverStage(shards: shards, slowReceivers: .hold, roles: Self.both)
        let other = try stage.join(subscription("com.example.other"))
        let hasty = try stage.join(as: "hasty", subscription())
        let publishers = try (0..<2).map { _ in try stage.join(shard: shards - 1) }
        #expect(send(stage, from: publishers[0], milliseconds: 2000))
        #expect(stage.figure(\.detached) == 1)
        #expect(!send(stage, from: publishers[1], to: "com.example.other", milliseconds: 5000))
        #expect(stage.figure(\.detached) == 1)
        #expect(readAll(stage, other, from: publishers[1]) == Array(1...Self.count))
        #expect(!other.hasEnded && !numbers(hasty).isEmpty && !hasty.hasEnded)
    }

    @Test("of sessions that follow each other over a connection each has its own", arguments: SlowReceivers.allCases)
    func succession(ofTransport: SlowReceivers) throws {
        let stage = try SlowReceiverStage(slowReceivers: ofTransport, roles: Self.both)
        let peer = try stage.join()
        let roles: [(name: String?, isWaitedFor: Bool)] = [
            ("patient", true), (nil, ofTransport == .hold), ("hasty", false), (nil, ofTransport == .hold),
            ("hasty", false), ("patient", true),
        ]
        for (name, isWaitedFor) in roles {
            try stage.leave(peer)
            try stage.begin(over: peer, as: name, [subscription()])
            let publisher = try stage.join()
            let isDone = send(stage, from: publisher, milliseconds: 1000)
            #expect(isDone != isWaitedFor, "\(name ?? "anonymous")")
            // What is left goes to nobody.
            try stage.leave(peer)
            pump(stage, publisher, milliseconds: 1000)
            publisher.close()
            try stage.begin(over: peer, as: nil, [])
        }
    }

    @Test("whoever waits for a session that leaves waits a moment more, as the transport says")
    func leaving() throws {
        let stage = try SlowReceiverStage(slowReceivers: .disconnect, roles: Self.both)
        let patient = try stage.join(as: "patient", subscription())
        let publisher = try stage.join()
        #expect(!send(stage, from: publisher, milliseconds: 1000))
        // So that it is behind, and below the high mark: the answer to GOODBYE is none that begins a wait.
        #expect(!numbers(patient).isEmpty)
        for _ in 0..<5 { stage.tick() }
        #expect(stage.group.loop(0).queuedBytes < 1 << 20 && stage.figure(\.detached) == 0)
        patient.say(SlowReceiverStage.goodbye)
        #expect(pump(stage, publisher, milliseconds: 1000))
        #expect(stage.figure(\.detached) == 1)
    }

    @Test("whoever waits a moment for a connection waits as long as it takes when a session joins that holds")
    func joining() throws {
        let stage = try SlowReceiverStage(slowReceivers: .disconnect, roles: Self.both)
        let peer = try stage.join(subscription())
        let publisher = try stage.join()
        #expect(!send(stage, from: publisher, milliseconds: 100))
        let before = numbers(peer)
        for _ in 0..<5 { stage.tick() }
        #expect(stage.group.loop(0).queuedBytes < 1 << 20 && stage.figure(\.detached) == 0)
        for word in [SlowReceiverStage.goodbye] + SlowReceiverStage.login(as: "patient") + [subscription()] {
            peer.say(word)
        }
        #expect(!pump(stage, publisher, milliseconds: 1000))
        #expect(stage.figure(\.detached) == 0)
        #expect(readAll(stage, peer, from: publisher, after: before) == Array(1...Self.count))
    }

    @Test("a session that holds is called, although the one before it over the connection was detached")
    func detachment() throws {
        let stage = try SlowReceiverStage(slowReceivers: .disconnect, roles: Self.both)
        let peer = try stage.join(subscription())
        let publisher = try stage.join()
        #expect(send(stage, from: publisher, milliseconds: 2000))
        #expect(stage.figure(\.detached) == 1)
        try stage.leave(peer)
        try stage.begin(over: peer, as: "patient", [Self.registration])
        let caller = try stage.join()
        let other = try stage.join()
        #expect(!send(stage, from: caller, calls: true, milliseconds: 1000))
        // It comes when more waits for the callee than the high mark.
        other.say(#"[48,1,{},"com.example.topic",[0]]"#)
        for _ in 0..<5 { stage.tick() }
        #expect(caller.read() == [] && other.read() == [], "no call is answered as unavailable")
        let came = readAll(stage, peer, from: caller)
        #expect(came.filter { $0 > 0 } == Array(1...Self.count))
        #expect(stage.figure(\.detached) == 1)
    }
}
