import Foundation
import RennbahnLoadGenerator
import RennbahnMeasurement
import RennbahnReactor
import Testing

@testable import RennbahnCommands

@Suite(.timeLimit(.minutes(5)))
struct StartingTests {
    /// A folder with programs that are shell scripts; it goes with the value.
    private final class Programs {
        let folder = FileManager.default.temporaryDirectory.appending(path: "rennbahn-\(UUID().uuidString)")

        init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false) }
        deinit { try? FileManager.default.removeItem(at: folder) }

        /// A process of its own writes the file: a child that another test starts meanwhile would inherit a descriptor of ours,
        /// and what is open for writing cannot be run.
        func add(_ name: String, _ script: String) throws -> String {
            let place = folder.appending(path: name).path
            let writer = Process()
            writer.executableURL = URL(filePath: "/bin/sh")
            let text = "#!/bin/sh\ntrap 'kill $!; exit 0' TERM\n\(script)\n"
            writer.arguments = ["-c", "printf %s \"$1\" >\"$2\" && chmod 755 \"$2\"", "sh", text, place]
            try writer.run()
            writer.waitUntilExit()
            try #require(writer.terminationStatus == 0)
            return place
        }
    }

    private let wait = "tail -f /dev/null & wait"

    @Test func `A router is told where to listen, on what to run and whom to end with, and says where it is`() throws {
        let programs = try Programs()
        let words = programs.folder.appending(path: "words").path
        let program = try programs.add(
            "router", "echo \"$*\" >\(words)\necho 'x ready on ws://127.0.0.1:77/ shards=2 ports=77,78'\n\(wait)")
        var options = RunningServers.RouterOptions(compression: "deflate", shards: 2, burnPercent: 5)
        options.portPerShard = true
        let server = try RunningServers().router(program, options)
        #expect(server.target.url == "ws://127.0.0.1:77/")
        #expect(server.receiverTarget.url == "ws://127.0.0.1:78/")
        #expect(server.isFresh)
        #expect(
            try String(contentsOfFile: words, encoding: .utf8)
                == "router --shards 2 --compression deflate --max-connections-per-address off "
                + "--max-handshakes-per-address off --port-per-shard --burn-percent 5.0 "
                + "--exit-with-parent \(ProcessInfo.processInfo.processIdentifier) --listen 127.0.0.1:0\n")
        try server.stop()
        #expect(try #require(server.pid).isGone)
    }

    @Test func `A router with several transports reads what they are from its standard input`() throws {
        let programs = try Programs()
        let place = programs.folder.path
        let ready = "x ready on ws://127.0.0.1:77/ shards=1 also=ws://127.0.0.1:78/"
        let program = try programs.add(
            "router", "echo \"$*\" >\(place)/words\ncat >\(place)/input\necho '\(ready)'\n\(wait)")
        var options = RunningServers.RouterOptions()
        options.realms = ["com.first", "com.second"]
        let server = try RunningServers().router(program, options, compressions: [.none, .deflate])
        #expect(server.targets.map(\.url) == ["ws://127.0.0.1:77/", "ws://127.0.0.1:78/"])
        #expect(
            try String(contentsOfFile: place + "/words", encoding: .utf8)
                == "router --shards 1 --config /dev/stdin "
                + "--exit-with-parent \(ProcessInfo.processInfo.processIdentifier)\n")
        let input = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: place + "/input")))
        let worker = ((input as? [String: Any])?["workers"] as? [[String: Any]])?.first
        #expect((worker?["realms"] as? [[String: Any]])?.compactMap { $0["name"] as? String } == options.realms)
        #expect((worker?["transports"] as? [Any])?.count == 2)
        try server.stop()
    }

    private func router(saying lastWords: String) throws -> MeasuredServer {
        let programs = try Programs()
        let program = try programs.add(
            "router",
            """
            end() { kill $!; \(lastWords) exit 0; }
            trap end TERM
            echo 'x ready on ws://127.0.0.1:77/ shards=1'
            \(wait)
            """)
        return try RunningServers().router(program, RunningServers.RouterOptions())
    }

    @Test func `A router that left receivers behind tells so when it has ended, and its figures are void`() throws {
        let server = try router(saying: "echo 'a word'; echo 'rennbahn router ended detached=2 dropped=1';")
        #expect(server.ending == nil)
        try server.stop()
        #expect(server.ending == RouterEndLine(detached: 2, dropped: 1))
        #expect(
            server.ending?.flaw
                == "receivers did not keep up with the router: 2 times it went on without one, and 1 connection was dropped"
        )
    }

    @Test(arguments: ["", "echo 'goodbye';", "echo 'rennbahn router ended detached=many dropped=1';"])
    func `One that does not tell, as older ones, is not known to be at fault`(lastWords: String) throws {
        let server = try router(saying: lastWords)
        try server.stop()
        #expect(server.ending == nil)
    }

    @Test func `Our own tells, router and echo alike, also where nobody was left behind`() throws {
        try #require(FileManager.default.isExecutableFile(atPath: builtProgram), "\(builtProgram) is not built")
        for isEcho in [false, true] {
            var options = RunningServers.RouterOptions()
            options.isEcho = isEcho
            let server = try RunningServers().router(builtProgram, options)
            try server.stop()
            #expect(server.ending == RouterEndLine(detached: 0, dropped: 0))
            #expect(server.ending?.flaw == nil)
        }
    }

    @Test func `The line of the end is read as it is written, and no other is`() {
        let ending = RouterEndLine(detached: 12, dropped: 0)
        #expect(ending.text(of: "echo") == "rennbahn echo ended detached=12 dropped=0")
        #expect(RouterEndLine(ending.text(of: "router")) == ending)
        #expect(ending.flaw != nil && RouterEndLine(detached: 0, dropped: 1).flaw != nil)
        for line in [
            "", "ended", "rennbahn router ended", "rennbahn router ended detached=1", "rennbahn router ended dropped=1",
            "rennbahn router ready detached=1 dropped=1", "other router ended detached=1 dropped=1",
            "rennbahn router ended detached=-1 dropped=1",
        ] {
            #expect(RouterEndLine(line) == nil, "\(line)")
        }
    }

    @Test func `A router that says something else did not start`() throws {
        let programs = try Programs()
        let program = try programs.add("router", "echo hello\n\(wait)")
        #expect(throws: Failure.internalError("the server at \(program) did not start")) {
            _ = try RunningServers().router(program, RunningServers.RouterOptions())
        }
    }

    @Test func `A command that ends before it listens is told with its words`() throws {
        let failure = #expect(throws: Failure.self) {
            _ = try RunningServers().command(["/bin/sh", "-c", "exit {port}"], processors: [])
        }
        #expect(failure?.line.firstMatch(of: /^\/bin\/sh -c exit \d+ ended$/) != nil)
        #expect(failure?.status == .internalError)
    }

    @Test func `A peer is started by its script, and one that runs already is left alone`() throws {
        let programs = try Programs()
        _ = try programs.add(
            "peer-crossbar", "echo \"crossbar ready on ws://127.0.0.1:80/ws pid=$$ version=1.2\"\n\(wait)")
        let servers = RunningServers()
        func peer(_ specification: PeerSpecification, _ scripts: String) throws -> MeasuredServer {
            try servers.peer(specification, scripts: scripts, processors: [], isInterrupted: { false })
        }
        let started = try peer(.startable(name: "crossbar"), programs.folder.path)
        #expect(started.name == "crossbar" && started.version == "1.2" && started.target.path == "/ws")
        try started.stop()
        #expect(try #require(started.pid).isGone)
        let running = try peer(try PeerSpecification(parsing: "other=ws://127.0.0.1:9/@1"), "nowhere")
        #expect(running.pid == 1 && !running.isFresh && running.name == "other")
        try running.stop()
        #expect(
            throws: Failure.usage("--peers crossbar: there is no nowhere/peer-crossbar; run it where the package is")
        ) {
            _ = try peer(.startable(name: "crossbar"), "nowhere")
        }
    }

    @Test func `The ready line tells the first address and that of the last shard`() throws {
        let line = try #require(
            RouterReadyLine("rennbahn router ready on ws://127.0.0.1:80/ realms=a shards=2 ports=80,81"))
        #expect(line.address == .loopback(port: 80))
        #expect(line.lastAddress == .loopback(port: 81))
        let secure = try #require(RouterReadyLine("rennbahn floor ready on wss://[::1]:80/ program=echo"))
        #expect("\(secure.address)" == "[::1]:80")
        #expect(secure.lastAddress == secure.address)
        for line in [
            "", "ready on", "x ready at ws://127.0.0.1:80/", "x ready on 127.0.0.1:80", "x ready on ws://here/",
        ] {
            #expect(RouterReadyLine(line) == nil)
        }
    }
}

extension Int32 {
    /// Whether no process has this number, not even one to be reaped.
    fileprivate var isGone: Bool { kill(self, 0) == -1 }
}
