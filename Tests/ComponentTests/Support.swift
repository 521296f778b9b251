import Foundation
import Logging
import RennbahnComponents
import RennbahnConfiguration
import RennbahnReactor
import RennbahnRouterNode
import RennbahnTransport
import Testing

/// Tests over real connections: one after the other, each bounded.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct ContainerTests {}

/// A router of this process.
func router(port: UInt16 = 0, realms: [String] = ["realm1"]) throws -> Node {
    try Node(NodeConfiguration(service: .router(realms: realms), listen: .loopback(port: port), shards: 1))
}

extension Node {
    func end() {
        abandon()
        wait()
    }
}

/// One container with the components that are written in YAML.
func container(_ components: String, options: String = "{}") throws -> Container {
    let tree = try TreeReader.read(
        "version: 2\nworkers:\n- type: container\n  options: \(options)\n  components: \(components)\n")
    #expect(Checker.check(tree) == [])
    return try #require(containers(tree).first)
}

func containers(_ tree: Tree, folder: String = "", environment: [String: String] = [:]) throws -> [Container] {
    try Container.all(
        in: tree, NodeConfiguration.Surroundings(folder: folder, version: "0") { environment[$0] },
        logger: Logger(label: "test"))
}

/// A component in YAML.
func component(_ name: String, _ port: UInt16, _ extra: String = "{}", transport: String = "") -> String {
    """
    {type: class, classname: \(name), realm: realm1, extra: \(extra), transport: {type: websocket, \
    url: "ws://localhost:\(port)/ws", endpoint: {type: tcp, host: localhost, port: \(port)}\(transport)}}
    """
}

/// Waits for what another thread brings about.
func until(_ condition: () -> Bool) async {
    while !condition() { await Task.yield() }
}
