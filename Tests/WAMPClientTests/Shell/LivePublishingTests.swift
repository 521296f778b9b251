import RennbahnWebSocket
import Testing
import WAMPClient

extension LiveTests {
    @Suite struct Publishing {
        @Test(
            arguments: [WAMPClientConfiguration.Serializer.json, .msgpack],
            [WAMPClientConfiguration.Serializer.json, .msgpack])
        func `Events arrive as they were published, whoever speaks what`(
            _ mine: WAMPClientConfiguration.Serializer, _ theirs: WAMPClientConfiguration.Serializer
        ) async throws {
            try await withRouter { router in
                let publisher = try await WAMPSession.connect(router.configuration(mine))
                let subscriber = try await WAMPSession.connect(router.configuration(theirs))
                #expect(publisher.serializer == mine)
                #expect(subscriber.serializer == theirs)
                #expect(publisher.id != subscriber.id)
                let subscription = try await subscriber.subscribe("com.example.topic")
                let arguments: [WAMPData] = [nil, true, -7, 1.5, "ä\"\n", [1, [2]], ["a": 1], .binary([0, 1, 255])]
                try await publisher.publish(
                    "com.example.topic", arguments: arguments, keywords: ["k": "v"], acknowledge: true)
                let event = try await subscription.first { _ in true }
                #expect(event?.topic == "com.example.topic")
                #expect(event?.arguments == arguments)
                #expect(event?.keywords == ["k": "v"])
                await publisher.close()
                await subscriber.close()
            }
        }

        @Test(arguments: [WAMPClientConfiguration.Serializer.json, .msgpack])
        func `Compressed sessions carry long and short messages`(
            _ serializer: WAMPClientConfiguration.Serializer
        ) async throws {
            try await withRouter(deflate: DeflatePolicy()) { router in
                let session = try await WAMPSession.connect(
                    router.configuration(serializer, .permessageDeflate))
                #expect(session.isCompressed)
                let subscription = try await session.subscribe("com.example.topic")
                for count in [0, 10, 100_000] {
                    let text = WAMPData(String(repeating: "text ", count: count))
                    try await session.publish("com.example.topic", arguments: [text], excludeMe: false)
                    #expect(try await subscription.first { _ in true }?.arguments == [text])
                }
                await session.close()
            }
        }

        @Test func `A router that declines compression is spoken to without`() async throws {
            try await withRouter { router in
                let session = try await WAMPSession.connect(router.configuration(.json, .permessageDeflate))
                #expect(!session.isCompressed)
                await session.close()
            }
        }

        @Test func `Events of one publisher stay in order, however many`() async throws {
            try await withRouter(shards: 2) { router in
                let publisher = try await router.connect()
                let subscriber = try await router.connect()
                let subscription = try await subscriber.subscribe("com.example.topic", bufferedEvents: 20_000)
                for number in 0..<10_000 {
                    try await publisher.publish("com.example.topic", arguments: [WAMPData(number)])
                }
                try await publisher.publish("com.example.topic", arguments: ["end"], acknowledge: true)
                var next = 0
                for try await event in subscription {
                    guard let number = event.arguments.first?.intValue else { break }
                    #expect(number == next)
                    next += 1
                }
                #expect(next == 10_000)
                await publisher.close()
                await subscriber.close()
            }
        }

        @Test func `The publisher is left out unless it wants its own event`() async throws {
            try await withRouter { router in
                let session = try await router.connect()
                let subscription = try await session.subscribe("com.example.topic")
                try await session.publish("com.example.topic", arguments: ["without"], acknowledge: true)
                try await session.publish(
                    "com.example.topic", arguments: ["with"], acknowledge: true, excludeMe: false)
                #expect(try await subscription.first { _ in true }?.arguments == ["with"])
                await session.close()
            }
        }

        @Test func `A reader that falls behind is told, and the session goes on`() async throws {
            try await withRouter { router in
                let session = try await router.connect()
                let slow = try await session.subscribe("com.example.topic", bufferedEvents: 2)
                let quick = try await session.subscribe("com.example.topic")
                for number in 0..<5 {
                    try await session.publish(
                        "com.example.topic", arguments: [WAMPData(number)], acknowledge: true, excludeMe: false)
                }
                var quickEvents = quick.makeAsyncIterator()
                for number in 0..<5 { #expect(try await quickEvents.next()?.arguments == [WAMPData(number)]) }
                var events = slow.makeAsyncIterator()
                #expect(try await events.next()?.arguments == [0])
                #expect(try await events.next()?.arguments == [1])
                let error = await failure { _ = try await events.next() }
                #expect(error?.code == .bufferOverflow)
                #expect(try await events.next() == nil)
                await session.close()
            }
        }

        @Test func `Nothing comes after unsubscribing, and subscribing again works`() async throws {
            try await withRouter { router in
                let session = try await router.connect()
                let subscription = try await session.subscribe("com.example.topic")
                try await subscription.unsubscribe()
                try await subscription.unsubscribe()
                #expect(try await subscription.first { _ in true } == nil)
                let again = try await session.subscribe("com.example.topic")
                try await session.publish(
                    "com.example.topic", arguments: [1], acknowledge: true, excludeMe: false)
                #expect(try await again.first { _ in true }?.arguments == [1])
                await session.close()
            }
        }

        @Test func `A dropped subscription is taken off the router`() async throws {
            let router = try ScriptedRouter { message in
                if ScriptedRouter.isHello(message) { return ["[2,1,{}]"] }
                return message.hasPrefix("[32,") ? ["[33,1,7]"] : []
            }
            let session = try await WAMPSession.connect(router.configuration())
            _ = try await session.subscribe("a.topic")
            #expect(await router.received(upTo: "[34,").last == "[34,2,7]")
            await session.close()
        }

        @Test func `A publisher waits for a router that takes no more`() async throws {
            let block = WAMPData.string(String(repeating: "x", count: 1_000_000))
            try await withRouter { router in
                let session = try await router.connect()
                // Far more than may be queued: every one waits until the router has taken enough.
                for _ in 0..<100 { try await session.publish("com.example.topic", arguments: [block]) }
                try await session.publish("com.example.topic", acknowledge: true)
                await session.close()
            }
        }
    }
}
