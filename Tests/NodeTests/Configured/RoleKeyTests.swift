import RennbahnConfiguration
import RennbahnTransport
import Testing

@testable import RennbahnRouterNode

/// What a configuration's roles say besides their names.
struct RoleKeyTests {
    private func tree(_ realms: String) throws -> Tree {
        try TreeReader.read(
            """
            version: 2
            workers:
              - type: router
                realms: [\(realms)]
                transports: [{type: websocket, endpoint: {type: tcp, port: 1}, slow_receivers: hold}]
            """)
    }

    private func configuration(_ realms: String) throws -> NodeConfiguration {
        let tree = try tree(realms)
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

    @Test func `A role of a realm says what becomes of those who send to its sessions, beside the transport`() throws {
        let all = "allow-by-default: true"
        let configuration = try configuration(
            """
            {name: realm1, roles: [{name: anonymous, \(all)}, {name: b, \(all), slow_receivers: disconnect}]},
            {name: realm2, roles: [{name: anonymous, \(all), slow_receivers: hold}, {name: b, \(all)}]},
            {name: realm3, roles: [{name: anonymous, \(all)}]}
            """)
        #expect(configuration.slowReceiversOfRoles == ["realm1": ["b": .disconnect], "realm2": ["anonymous": .hold]])
        #expect(configuration.transports[0].profile.slowReceivers == .hold)
    }

    @Test(arguments: ["drop", "true", "[hold]"])
    func `Anything else that a role says of them is refused, and where it stands is told`(value: String) throws {
        let role = "{name: anonymous, allow-by-default: true, slow_receivers: \(value)}"
        let problems = Checker.check(try tree("{name: realm1, roles: [\(role)]}"))
        #expect(problems.map(\.path) == ["workers[0].realms[0].roles[0].slow_receivers"])
        #expect(problems.first?.message.contains(#"one of "disconnect", "hold""#) == true)
    }
}
