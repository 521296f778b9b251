import Foundation
import RennbahnBytes
import RennbahnComponents
import RennbahnConfiguration
import RennbahnReactor
import RennbahnRouterNode
import Testing
import WAMPClient

extension ContainerTests {
    @Test func `Every event of a publisher reaches every subscriber, and the run ends with the last`() async throws {
        let node = try router()
        defer { node.end() }
        let port = node.address.port
        let container = try container(
            """
            [\(component("subscriber", port, "{topic: com.a, count: 20, instances: 3}")),
             \(component("publisher", port, "{topic: com.a, rate: 200, payload_size: 100, acknowledge: true}"))]
            """)
        let ends = await container.run(agent: "tests")
        #expect(ends[0] == [.completed, .completed, .completed])
        #expect(ends[1] == [.stopped])
        #expect(container.components[0].figures.map(\.received) == [20, 20, 20])
        #expect(container.components[1].figures[0].published >= 20)
    }

    @Test func `A publisher with a count publishes so many and is done`() async throws {
        let node = try router()
        defer { node.end() }
        let container = try container("[\(component("publisher", node.address.port, "{rate: 0, count: 50}"))]")
        #expect(await container.run(agent: "tests") == [[.completed]])
        #expect(container.components[0].figures[0].published == 50)
    }

    @Test func `The services answer calls until the container is stopped`() async throws {
        let node = try router()
        defer { node.end() }
        let port = node.address.port
        let container = try container("[\(component("adder", port)), \(component("echo", port, "{procedure: com.e}"))]")
        let run = Task { await container.run(agent: "tests") }
        let session = try await WAMPSession.connect(.init(url: "ws://127.0.0.1:\(port)/", realm: "realm1"))
        // Registered is more than joined: a call finds out.
        func call(_ procedure: String, _ arguments: [WAMPData]) async throws -> WAMPPayload {
            while true {
                let result = await Result.of { () async throws(WAMPError) in
                    try await session.call(procedure, arguments: arguments)
                }
                guard case .failure(let error) = result, error.uri == "wamp.error.no_such_procedure" else {
                    return try result.get()
                }
                await Task.yield()
            }
        }
        #expect(try await call("com.example.add", [1, 2, 3]).arguments == [6])
        #expect(try await call("com.example.add", [1, 0.5]).arguments == [1.5])
        #expect(try await call("com.e", ["x", nil]).arguments == ["x", nil])
        await #expect { try await call("com.example.add", ["x"]) } throws: { error in
            (error as? WAMPError)?.uri == "wamp.error.invalid_argument"
        }
        run.cancel()
        #expect(await run.value == [[.stopped], [.stopped]])
        await session.close()
    }

    @Test func `A component comes back after the router was restarted`() async throws {
        let first = try router()
        let port = first.address.port
        let container = try container(
            "[\(component("adder", port, transport: ", reconnect: {initial_delay: 10, max_delay: 50}"))]")
        let figures = container.components[0].figures[0]
        let run = Task { await container.run(agent: "tests") }
        await until { figures.isJoined }
        first.end()
        await until { !figures.isJoined }
        let second = try router(port: port)
        defer { second.end() }
        await until { figures.isJoined }
        #expect(figures.sessions == 2)
        run.cancel()
        #expect(await run.value == [[.stopped]])
    }

    @Test func `Without reconnecting nobody listening is a failure, with retries it is one after the last`()
        async throws
    {
        let listener = try Sockets.listen(.loopback(port: 0))
        let port = try Sockets.boundAddress(of: listener).port
        Sockets.close(listener)
        for transport in ["", ", reconnect: {max_retries: 2, initial_delay: 1, jitter: 0}"] {
            let container = try container("[\(component("adder", port, transport: transport))]")
            guard case .failed(let why) = await container.run(agent: "tests")[0][0] else {
                Issue.record("no failure")
                return
            }
            #expect(why.contains("no connection: connect failed: "))
        }
    }

    @Test(arguments: [429, 500, 502, 503, 504])
    func `A component comes back where a front end said that nobody is there`(status: Int) async throws {
        let front = try Sockets.listen(.loopback(port: 0))
        let port = try Sockets.boundAddress(of: front).port
        let container = try container(
            "[\(component("adder", port, transport: ", reconnect: {initial_delay: 1, max_delay: 5}"))]")
        let figures = container.components[0].figures[0]
        let run = Task { await container.run(agent: "tests") }
        // Longer than the bound, which holds.
        for _ in 0..<3 { await answer(front, "HTTP/1.1 \(status) Busy\r\nRetry-After: 3600\r\n\r\n") }
        Sockets.close(front)
        let node = try router(port: port)
        defer { node.end() }
        await until { figures.isJoined }
        #expect(figures.sessions == 1)
        run.cancel()
        #expect(await run.value == [[.stopped]])
    }

    @Test func `A status that stays is no reason to come back`() async throws {
        let front = try Sockets.listen(.loopback(port: 0))
        defer { Sockets.close(front) }
        let port = try Sockets.boundAddress(of: front).port
        let container = try container("[\(component("adder", port, transport: ", reconnect: {initial_delay: 1}"))]")
        let run = Task { await container.run(agent: "tests") }
        await answer(front, "HTTP/1.1 404 Not Found\r\n\r\n")
        guard case .failed(let why) = await run.value[0][0] else {
            Issue.record("no failure")
            return
        }
        #expect(why.contains("status 404: Not Found"))
    }

    /// Answers the next connection so, once its request has come.
    private func answer(_ listener: Descriptor, _ text: String) async {
        var accepted: Descriptor?
        await until {
            if case .accepted(let descriptor) = Sockets.accept(listener) { accepted = descriptor }
            return accepted != nil
        }
        guard let peer = accepted else { return }
        var request = ByteBuffer()
        while !request.span.text().hasSuffix("\r\n\r\n") {
            _ = Sockets.read(peer, into: &request, minimumFree: 4096)
            await Task.yield()
        }
        let bytes = Array(text.utf8)
        _ = Sockets.send(peer, bytes.span)
        Sockets.close(peer)
    }

    @Test func `A realm that does not exist is no reason to come back`() async throws {
        let node = try router(realms: ["realm2"])
        defer { node.end() }
        let container = try container("[\(component("adder", node.address.port, transport: ", reconnect: {}"))]")
        guard case .failed(let why) = await container.run(agent: "tests")[0][0] else {
            Issue.record("no failure")
            return
        }
        #expect(why.contains("wamp.error.no_such_realm"))
    }

    @Test(arguments: ["rawsocket", "universal"], ["json", "msgpack"])
    func `Components speak over RawSocket, and come back after the router was restarted`(
        type: String, serializer: String
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "rennbahn-\(UUID())").path()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let server = try TreeReader.read(
            """
            version: 2
            workers:
            - type: router
              realms: [{name: realm1, roles: [{name: anonymous, allow-by-default: true}]}]
              transports: [{type: \(type), endpoint: {type: unix, path: r.sock}\(type == "universal" ? ", rawsocket: {}" : "")}]
            """)
        func router() throws -> Node {
            try Node(
                NodeConfiguration(server, NodeConfiguration.Surroundings(folder: folder, version: "0") { _ in nil }))
        }
        let transport = """
            {type: rawsocket, serializer: \(serializer), endpoint: {type: unix, path: r.sock},
             options: {max_message_size: 65536}, reconnect: {initial_delay: 5, max_delay: 20}}
            """
        let tree = try TreeReader.read(
            """
            version: 2
            workers:
            - type: container
              components:
              - {type: class, classname: subscriber, realm: realm1, extra: {count: 40, topic: com.a}, transport: \(transport)}
              - {type: class, classname: publisher, realm: realm1, extra: {rate: 500, topic: com.a, payload_size: 3000}, transport: \(transport)}
            """)
        #expect(Checker.check(tree) == [])
        let container = try #require(containers(tree, folder: folder).first)
        let figures = container.components.map { $0.figures[0] }
        let first = try router()
        let run = Task { await container.run(agent: "tests") }
        await until { figures[0].received > 0 }
        first.end()
        await until { !figures[0].isJoined && !figures[1].isJoined }
        let second = try router()
        defer { second.end() }
        #expect(await run.value == [[.completed], [.stopped]])
        #expect(figures[0].received == 40 && figures[1].sessions == 2)
    }

    @Test func `Components speak over a UNIX socket with the configured serializer and compression`() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "rennbahn-\(UUID())").path()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let server = try TreeReader.read(
            """
            version: 2
            workers:
            - type: router
              realms: [{name: realm1, roles: [{name: anonymous, allow-by-default: true}]}]
              transports: [{type: websocket, serializers: [json], endpoint: {type: unix, path: r.sock},
                options: {compression: {deflate: {}}}}]
            """)
        let node = try Node(
            NodeConfiguration(server, NodeConfiguration.Surroundings(folder: folder, version: "0") { _ in nil }))
        defer { node.end() }
        let tree = try TreeReader.read(
            """
            version: 2
            workers:
            - type: container
              components:
              - type: class
                classname: publisher
                realm: realm1
                extra: {count: 5, rate: 0, acknowledge: true}
                transport: {type: websocket, url: "ws://localhost/ws", serializers: [json],
                  endpoint: {type: unix, path: "$NAME.sock"},
                  options: {compression: {deflate: {max_window_bits: 10, threshold: 8}}, auto_fragment_size: 16}}
            """)
        #expect(Checker.check(tree) == [])
        let container = try #require(containers(tree, folder: folder, environment: ["NAME": "r"]).first)
        #expect(await container.run(agent: "tests") == [[.completed]])
        #expect(throws: Problems.self) { try containers(tree, folder: folder) }
    }
}

extension Result where Success == WAMPPayload, Failure == WAMPError {
    fileprivate static func of(_ body: () async throws(WAMPError) -> WAMPPayload) async -> Self {
        do throws(WAMPError) {
            return .success(try await body())
        } catch {
            return .failure(error)
        }
    }
}

@Suite struct RegistryTests {
    @Test func `The components are those of the configuration's table`() throws {
        let key = try #require(Schema.section("component")["classname"])
        guard case .choice(let choices) = key.shape else {
            Issue.record("classname is no choice")
            return
        }
        #expect(choices.map(\.name).sorted() == ComponentRegistry.names)
    }

    @Test func `An unknown classname, an unknown key of extra and wss without TLS are told`() throws {
        func problems(_ component: String) throws -> [String] {
            let tree = try TreeReader.read("version: 2\nworkers:\n- type: container\n  components: [\(component)]\n")
            return Checker.check(tree).map { "\($0.path): \($0.message)" }
        }
        #expect(
            try problems(component("publishr", 80)) == [
                "workers[0].components[0].classname: found \"publishr\"; allowed: one of \"adder\", \"echo\", "
                    + "\"publisher\", \"subscriber\"; did you mean \"publisher\"?"
            ])
        #expect(
            try problems(component("publisher", 80, "{rat: 5}")) == [
                "workers[0].components[0].extra.rat: unknown key; did you mean \"rate\"?"
            ])
        let secure = component("adder", 80).replacing("ws://", with: "wss://")
        #expect(
            try problems(secure) == [
                "workers[0].components[0].transport.url: found \"wss://localhost:80/ws\" without endpoint.tls; "
                    + "wss:// needs it"
            ])
    }
}
