import Foundation
import RennbahnReactor
import RennbahnRouterNode
import RennbahnTransport
import Testing
import WAMPClient

extension LiveTests {
    @Suite struct Ending {
        @Test func `Nobody listening is told as such`() async throws {
            let listener = try Sockets.listen(.loopback(port: 0))
            let port = try Sockets.boundAddress(of: listener).port
            Sockets.close(listener)
            let error = await failure {
                _ = try await WAMPSession.connect(.init(url: "ws://127.0.0.1:\(port)", realm: "realm1"))
            }
            #expect(error?.code == .connectionRefused)
        }

        @Test func `A realm that does not exist is told as such`() async throws {
            try await withRouter { router in
                var configuration = router.configuration()
                configuration.realm = "realm2"
                let error = await failure { _ = try await WAMPSession.connect(configuration) }
                #expect(error?.code == .aborted)
                #expect(error?.uri == "wamp.error.no_such_realm")
            }
        }

        @Test func `A serializer that the router does not speak fails the handshake`() async throws {
            let router = try ScriptedRouter { _ in [] }
            var configuration = router.configuration()
            configuration.serializers = [.msgpack]
            let error = await failure { _ = try await WAMPSession.connect(configuration) }
            #expect(error?.code == .handshakeFailed)
        }

        @Test func `A router that does not say WELCOME is not waited for longer than the bound`() async throws {
            let router = try ScriptedRouter { _ in [] }
            let configuration = router.configuration(openTimeout: .milliseconds(50))
            let error = await failure { _ = try await WAMPSession.connect(configuration) }
            #expect(error?.code == .timedOut)
            #expect(await router.end() == .closed(code: 1000))
        }

        @Test func `A canceled connect ends its connection`() async throws {
            let router = try ScriptedRouter { _ in [] }
            let connect = Task { await failure { _ = try await WAMPSession.connect(router.configuration()) } }
            _ = await router.received(upTo: "[1,")
            connect.cancel()
            #expect(await connect.value?.code == .canceled)
            #expect(await router.end() == .closed(code: 1000))
        }

        @Test func `Closing says GOODBYE, and whatever waits is told`() async throws {
            let router = try ScriptedRouter { message in
                if ScriptedRouter.isHello(message) { return ["[2,1,{}]"] }
                if message.hasPrefix("[32,") { return ["[33,1,7]"] }
                return message.hasPrefix("[6,") ? [#"[6,{},"wamp.close.goodbye_and_out"]"#] : []
            }
            let session = try await WAMPSession.connect(router.configuration())
            let subscription = try await session.subscribe("a.topic")
            let call = Task { await failure { _ = try await session.call("com.example.never") } }
            let end = Task { await session.waitForEnd() }
            _ = await router.received(upTo: "[48,")
            await session.close()
            await session.close()
            #expect(await router.received(upTo: "[6,").last == #"[6,{},"wamp.close.close_realm"]"#)
            #expect(await router.end() == .closed(code: 1000))
            #expect(await call.value?.code == .closed)
            #expect(await end.value.code == .closed)
            #expect(try await subscription.first { _ in true } == nil)
            #expect(await failure { try await session.publish("a.b") }?.code == .closed)
            #expect(await failure { try await subscription.unsubscribe() }?.code == .closed)
        }

        @Test func `A router that does not answer GOODBYE does not hold up closing`() async throws {
            let router = try ScriptedRouter { ScriptedRouter.isHello($0) ? ["[2,1,{}]"] : [] }
            let session = try await WAMPSession.connect(router.configuration())
            await session.close()
            #expect(await router.end() == .closed(code: 1000))
        }

        @Test func `The router's shutdown is told with its reason`() async throws {
            try await withRouter { router in
                let session = try await router.connect()
                let subscription = try await session.subscribe("com.example.topic")
                try await session.register("com.example.long") { _ in
                    while !Task.isCancelled { await Task.yield() }
                    return WAMPPayload()
                }
                let call = Task { await failure { _ = try await session.call("com.example.long") } }
                router.node.stop()
                let end = await session.waitForEnd()
                #expect(end.code == .closed)
                #expect(end.uri == "wamp.close.system_shutdown")
                #expect(await failure { _ = try await subscription.first { _ in true } } == end)
                #expect([end, .application("wamp.error.no_such_procedure")].contains(await call.value))
                #expect(await failure { try await session.publish("a.b") } == end)
            }
        }

        @Test func `Everything pending fails when the connection is lost`() async throws {
            try await withRouter { router in
                let session = try await router.connect()
                let (started, begin) = AsyncStream.makeStream(of: Void.self)
                try await session.register("com.example.long") { _ in
                    begin.yield()
                    while !Task.isCancelled { await Task.yield() }
                    return WAMPPayload()
                }
                let calls = (0..<20).map { _ in
                    Task { await failure { _ = try await session.call("com.example.long") } }
                }
                var starts = started.makeAsyncIterator()
                for _ in calls { await starts.next() }
                let subscription = try await session.subscribe("com.example.topic")
                router.node.abandon()
                for call in calls { #expect(await call.value?.code == .connectionLost) }
                #expect(
                    await failure { _ = try await subscription.first { _ in true } }?.code == .connectionLost)
                #expect(await failure { _ = try await session.call("a.b") }?.code == .connectionLost)
                await session.close()
            }
        }

        @Test func `A violation of the router is answered with ABORT and 1002`() async throws {
            let router = try ScriptedRouter { message in
                if ScriptedRouter.isHello(message) { return ["[2,1,{}]"] }
                return message.hasPrefix("[48,") ? ["[50,1000,{}]"] : []
            }
            let session = try await WAMPSession.connect(router.configuration())
            let error = await failure { _ = try await session.call("a.b") }
            #expect(error?.code == .protocolViolation)
            #expect(await session.waitForEnd() == error)
            let said = await router.received(upTo: "[3,").last
            #expect(said?.hasSuffix(#""wamp.error.protocol_violation"]"#) == true)
            #expect(await router.end() == .closed(code: 1002))
        }

        @Test func `A dropped session ends its connection`() async throws {
            let router = try ScriptedRouter { message in
                if ScriptedRouter.isHello(message) { return ["[2,1,{}]"] }
                return message.hasPrefix("[6,") ? [#"[6,{},"wamp.close.goodbye_and_out"]"#] : []
            }
            _ = try await WAMPSession.connect(router.configuration())
            #expect(await router.end() == .closed(code: 1000))
        }

        // In a process of its own, where nobody else opens and closes descriptors.
        @Test func `No descriptor and no thread outlives its session`() async {
            await #expect(processExitsWith: .success) {
                func open() throws -> Int { try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count }
                func hasThread() throws -> Bool {
                    try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").contains { thread in
                        let name = try? String(contentsOfFile: "/proc/self/task/\(thread)/comm", encoding: .utf8)
                        return name == "wamp-client\n"
                    }
                }
                try await withRouter { router in
                    let start = MonotonicClock.now()
                    var before = 0
                    // The first round loads what stays for good.
                    for round in 0...4 {
                        var session: WAMPSession? = try await router.connect()
                        let subscription = try await session?.subscribe("com.example.topic")
                        try await session?.register("com.example.p\(round)") { _ in WAMPPayload() }
                        _ = try await session?.call("com.example.p\(round)")
                        try await subscription?.unsubscribe()
                        if round % 2 == 0 { await session?.close() }
                        session = nil
                        var bad = router.configuration()
                        bad.realm = "realm2"
                        _ = await failure { _ = try await WAMPSession.connect(bad) }
                        if round == 0 {
                            while try hasThread(), MonotonicClock.now() < start + 20_000_000_000 {
                                await Task.yield()
                            }
                            before = try open()
                        }
                    }
                    let deadline = MonotonicClock.now() + 20_000_000_000
                    while try hasThread() || open() > before {
                        try #require(MonotonicClock.now() < deadline)
                        await Task.yield()
                    }
                }
            }
        }
    }
}
