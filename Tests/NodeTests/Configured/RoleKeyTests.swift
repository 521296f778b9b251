import RennbahnConfiguration
import Testing

@testable import RennbahnRouterNode

/// What a configuration's roles say besides their names.
struct RoleKeyTests {
    private func configuration(_ realms: String) throws -> NodeConfiguration {
        let tree = try TreeReader.read(
            """
            version: 2
            workers:
              - type: router
                realms: [\(realms)]
                transports: [{type: websocket, endpoint: {type: tcp, port: 1}}]
            """)
        #expect(Checker.check(tree) == [])
        return try NodeConfiguration(tree, NodeConfiguration.Surroundings(folder: "", version: "1") { _ in nil })
    }

    @Test func `Roles whose sessions wait for nobody are those of their realm`() throws {
        let all = "{name: anonymous, allow-by-default: true"
        let realms = [
            "{name: realm1, roles: [\(all)}, {name: b, allow-by-default: true, may_hold: false}]}",
            "{name: realm2, roles: [\(all), may_hold: false}, {name: b, allow-by-default: true, may_hold: true}]}",
            "{name: realm3, roles: [\(all)}]}",
        ]
        let configuration = try configuration(realms.joined(separator: ", "))
        #expect(configuration.rolesWithoutHolds == ["realm1": ["b"], "realm2": ["anonymous"], "realm3": []])
    }
}
