import Testing

@testable import RennbahnLoadGenerator

struct PeerSpecificationTests {
    @Test func `A peer that runs has a name, a URL and, on this machine, a process`() throws {
        let target = try LoadTarget(parsing: "ws://127.0.0.1:8000/ws")
        #expect(
            try PeerSpecification(parsing: "nexus=ws://127.0.0.1:8000/ws@4711")
                == .running(name: "nexus", target: target, pid: 4711))
        #expect(
            try PeerSpecification(parsing: "nexus=ws://127.0.0.1:8000/ws")
                == .running(name: "nexus", target: target, pid: nil))
    }

    @Test func `A URL may hold an equals sign, and only the first one ends the name`() throws {
        let target = try LoadTarget(parsing: "ws://h:1/?key=value")
        #expect(
            try PeerSpecification(parsing: "a.b-C_3=ws://h:1/?key=value@2")
                == .running(name: "a.b-C_3", target: target, pid: 2))
    }

    @Test func `Crossbar needs no URL`() throws {
        #expect(try PeerSpecification(parsing: "crossbar") == .startable(name: "crossbar"))
    }

    @Test(arguments: [
        "", "nexus", "Crossbar", "=ws://h:1/", "rennbahn=ws://h:1/", "a b=ws://h:1/", "ä=ws://h:1/", "a=",
        "a=http://h/", "a=wss://h/", "a=ws://h:1/@", "a=ws://h:1/@0", "a=ws://h:1/@-3", "a=ws://h:1/@x",
        "a=ws://h:99999/",
        "a=ws://h:1/@99999999999",
    ])
    func `What names no peer is refused`(text: String) {
        #expect(throws: PeerSpecification.Malformed.self) { try PeerSpecification(parsing: text) }
    }

    @Test func `Several peers are told apart by their names`() throws {
        let peers = try PeerSpecification.list(parsing: "crossbar,nexus=ws://h:1/,bondy=ws://h:2/@3")
        #expect(peers.map(\.name) == ["crossbar", "nexus", "bondy"])
        #expect(throws: PeerSpecification.Malformed.self) {
            try PeerSpecification.list(parsing: "crossbar,crossbar=ws://h:1/")
        }
        #expect(throws: PeerSpecification.Malformed.self) { try PeerSpecification.list(parsing: "crossbar,") }
    }

    @Test func `A script's ready line tells where the peer is, who serves and which release it is`() throws {
        let line = try #require(PeerReadyLine("crossbar ready on ws://127.0.0.1:8080/ws pid=4711 version=26.1.1"))
        #expect(line.target.url == "ws://127.0.0.1:8080/ws" && line.pid == 4711 && line.version == "26.1.1")
        #expect(PeerReadyLine("x ready on ws://h:1/ pid=7")?.version == nil)
        #expect(PeerReadyLine("x ready on ws://h:1/ pid=7")?.pid == 7)
    }

    @Test(arguments: [
        "", "ready", "x ready on", "x ready on ws://h:1/", "x ready on ws://h:1/ pid=", "x ready on ws://h:1/ pid=0",
        "x ready on http://h:1/ pid=7", "x ready at ws://h:1/ pid=7", "making a virtual environment pid=7",
    ])
    func `Any other line is none`(text: String) {
        #expect(PeerReadyLine(text) == nil)
    }
}
