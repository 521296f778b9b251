import Synchronization
import Testing
import WAMPClient

extension LiveTests {
    @Suite struct Calling {
        @Test(arguments: [WAMPClientConfiguration.Serializer.json, .msgpack])
        func `A call reaches its handler and brings its result`(
            _ serializer: WAMPClientConfiguration.Serializer
        ) async throws {
            try await withRouter { router in
                let callee = try await WAMPSession.connect(router.configuration(.json))
                let caller = try await WAMPSession.connect(router.configuration(serializer))
                try await callee.register("com.example.echo") { invocation in
                    WAMPPayload(
                        arguments: invocation.arguments + [.string(invocation.procedure)],
                        keywords: invocation.keywords)
                }
                let result = try await caller.call(
                    "com.example.echo", arguments: [1, .binary([0xff])], keywords: ["a": [nil]])
                #expect(result.arguments == [1, .binary([0xff]), "com.example.echo"])
                #expect(result.keywords == ["a": [nil]])
                await callee.close()
                await caller.close()
            }
        }

        @Test func `Many calls at the same time all get their own result`() async throws {
            try await withRouter(shards: 2) { router in
                let callee = try await router.connect()
                try await callee.register("com.example.square") { invocation in
                    let number = invocation.arguments.first?.intValue ?? 0
                    await Task.yield()
                    return WAMPPayload(arguments: [WAMPData(number * number)])
                }
                let callers = [try await router.connect(), try await router.connect()]
                let sum = try await withThrowingTaskGroup(of: Int.self) { group in
                    for number in 0..<1000 {
                        group.addTask {
                            let result = try await callers[number % 2].call(
                                "com.example.square", arguments: [WAMPData(number)])
                            #expect(result.arguments == [WAMPData(number * number)])
                            return 1
                        }
                    }
                    return try await group.reduce(0, +)
                }
                #expect(sum == 1000)
                for session in callers + [callee] { await session.close() }
            }
        }

        struct Odd: Error {}

        @Test func `What a handler throws is the caller's error`() async throws {
            try await withRouter { router in
                let session = try await router.connect()
                try await session.register("com.example.known") { _ in
                    throw WAMPError.application("com.example.error", arguments: [1], keywords: ["a": 2])
                }
                try await session.register("com.example.unknown") { _ in throw Odd() }
                try await session.register("com.example.canceled") { _ in throw CancellationError() }
                #expect(
                    await failure { _ = try await session.call("com.example.known") }
                        == .application("com.example.error", arguments: [1], keywords: ["a": 2]))
                #expect(
                    await failure { _ = try await session.call("com.example.unknown") }
                        == .application("wamp.error.runtime_error", arguments: ["Odd()"]))
                #expect(
                    await failure { _ = try await session.call("com.example.canceled") }?.uri == "wamp.error.canceled")
                await session.close()
            }
        }

        @Test func `The router's refusals are told with their URI`() async throws {
            try await withRouter { router in
                let session = try await router.connect()
                #expect(
                    await failure { _ = try await session.call("com.example.nobody") }
                        == .application("wamp.error.no_such_procedure"))
                let registration = try await session.register("com.example.mine") { _ in WAMPPayload() }
                #expect(
                    await failure { try await session.register("com.example.mine") { _ in WAMPPayload() } }?.uri
                        == "wamp.error.procedure_already_exists")
                try await registration.unregister()
                try await registration.unregister()
                #expect(
                    await failure { _ = try await session.call("com.example.mine") }?.uri
                        == "wamp.error.no_such_procedure")
                #expect(await failure { _ = try await session.call("no uri") }?.code == .invalidURI)
                #expect(await failure { _ = try await session.subscribe("a", bufferedEvents: 0) }?.code == .usage)
                #expect(await failure { _ = try await session.call("a", timeout: .zero) }?.code == .usage)
                await session.close()
            }
        }

        @Test func `A canceled task gives up its call at once`() async throws {
            let router = try ScriptedRouter { ScriptedRouter.isHello($0) ? ["[2,1,{}]"] : [] }
            let session = try await WAMPSession.connect(router.configuration())
            let call = Task { await failure { _ = try await session.call("com.example.never") } }
            _ = await router.received(upTo: "[48,")
            call.cancel()
            #expect(await call.value?.code == .canceled)
            #expect(await router.received(upTo: "[49,").last == #"[49,1,{"mode":"killnowait"}]"#)
            await session.close()
        }

        @Test func `A call that takes too long is given up`() async throws {
            let router = try ScriptedRouter { ScriptedRouter.isHello($0) ? ["[2,1,{}]"] : [] }
            let session = try await WAMPSession.connect(router.configuration())
            let error = await failure { _ = try await session.call("com.example.never", timeout: .milliseconds(20)) }
            #expect(error?.code == .timedOut)
            #expect(await router.received(upTo: "[49,").last == #"[49,1,{"mode":"killnowait"}]"#)
            await session.close()
        }

        @Test func `A task that is canceled already sends nothing`() async throws {
            try await withRouter { router in
                let session = try await router.connect()
                let errors = await Task {
                    withUnsafeCurrentTask { $0?.cancel() }
                    return [
                        await failure { _ = try await session.call("com.example.a") },
                        await failure { try await session.publish("com.example.a") },
                        await failure { _ = try await session.subscribe("com.example.a") },
                        await session.waitForEnd(),
                    ]
                }.value
                #expect(errors.allSatisfy { $0?.code == .canceled })
                await session.close()
            }
        }

        @Test func `INTERRUPT cancels the handler's task`() async throws {
            let router = try ScriptedRouter { message in
                if ScriptedRouter.isHello(message) { return ["[2,1,{}]"] }
                return message.hasPrefix("[64,") ? ["[65,1,8]", "[68,1,8,{}]", "[69,1,{}]"] : []
            }
            let session = try await WAMPSession.connect(router.configuration())
            try await session.register("a.procedure") { _ in
                while !Task.isCancelled { await Task.yield() }
                throw CancellationError()
            }
            #expect(
                await router.received(upTo: "[8,").last == #"[8,68,1,{},"wamp.error.canceled",["canceled"]]"#)
            await session.close()
        }

        @Test func `Handlers of a session that ends are canceled`() async throws {
            try await withRouter { router in
                let callee = try await router.connect()
                let caller = try await router.connect()
                let (started, begin) = AsyncStream.makeStream(of: Void.self)
                let (stopped, end) = AsyncStream.makeStream(of: Void.self)
                try await callee.register("com.example.long") { _ in
                    begin.yield()
                    while !Task.isCancelled { await Task.yield() }
                    end.yield()
                    return WAMPPayload()
                }
                let call = Task { await failure { _ = try await caller.call("com.example.long") } }
                _ = await started.first { true }
                await callee.close()
                _ = await stopped.first { true }
                #expect(await call.value?.code == .application)
                await caller.close()
            }
        }
    }
}
