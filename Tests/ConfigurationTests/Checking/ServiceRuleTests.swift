import RennbahnConfiguration
import Testing

/// Rules of RawSocket, of universal transports, of cookies and of versions.
@Suite struct ServiceRuleTests {
    private func problems(_ transport: String) throws -> [String] {
        let text = """
            version: 2
            workers:
              - type: router
                realms: [{name: realm1, roles: [{name: anonymous, allow-by-default: true}]}]
                transports: [\(transport)]
            """
        return Checker.check(try TreeReader.read(text)).map { problem in
            "\(problem.path.replacing("workers[0].transports[0].", with: "")): \(problem.message)"
        }
    }

    private static let endpoint = "endpoint: {type: tcp, port: 8080}"
    private static let anonymous = "anonymous: {type: static, role: anonymous}"
    private static let origins = "options: {allowed_origins: ['http://a']}"

    @Test(arguments: [
        "{type: rawsocket, \(endpoint), serializers: [msgpack], options: {max_message_size: 512}, max_connections: 5}",
        "{type: universal, \(endpoint), rawsocket: {}}",
        "{type: universal, \(endpoint), websocket: {ws: {type: websocket}, \"/\": {}}, max_connections: 5}",
        "{type: universal, \(endpoint), rawsocket: {type: rawsocket}, websocket: {a: {cookie: {store: {type: memory}}}}}",
        "{type: web, \(endpoint), paths: {\"/\": {type: static, directory: a}, ws: {type: websocket}}, max_connections: 5}",
        "{type: web, \(endpoint), paths: {a: {type: json, value: null}, b: {type: redirect, url: ../c}, i: {type: nodeinfo}}}",
        "{type: universal, \(endpoint), web: {paths: {\"/\": {type: websocket}}, options: {hsts: true}}}",
        "{type: websocket, \(endpoint), cookie: {store: {type: file, filename: a, purge_on_startup: true}}}",
        "{type: websocket, \(endpoint), \(origins), cookie: {store: {type: memory}}, auth: {\(anonymous), cookie: {}}}",
        "{type: websocket, \(endpoint), cookie: {store: {type: memory}}, auth: {\(anonymous)}}",
        "{type: websocket, \(endpoint), options: {enable_hybi10: false}}",
        "{type: websocket, \(endpoint), options: {enable_rfc6455: false}}",
    ])
    func `what is supported is taken`(transport: String) throws {
        #expect(try problems(transport) == [])
    }

    @Test(arguments: [
        ("{type: universal, \(endpoint)}", "websocket: missing; expected rawsocket, websocket or web"),
        ("{type: universal, \(endpoint), websocket: {}}", "websocket: missing; expected rawsocket, websocket or web"),
        ("{type: universal, \(endpoint), rawsocket: {}, web: {}}", "web.paths: missing"),
        ("{type: web, \(endpoint)}", "paths: missing"),
        ("{type: web, \(endpoint), paths: {a/b: {type: nodeinfo}}}", "paths[\"a/b\"]: found the key"),
        ("{type: web, \(endpoint), paths: {a: {type: cgi}}}", "paths.a.type: \"cgi\": other programs"),
        ("{type: web, \(endpoint), paths: {a: {type: statik}}}", "paths.a.type: found \"statik\"; allowed: one of"),
        ("{type: web, \(endpoint), paths: {a: {type: static}}}", "paths.a.directory: missing"),
        ("{type: web, \(endpoint), paths: {a: {type: static, directory: b, package: c}}}", "paths.a.package: Python"),
        ("{type: web, \(endpoint), paths: {a: {type: json}}}", "paths.a.value: missing"),
        ("{type: web, \(endpoint), paths: {a: {type: redirect, url: 'a b'}}}", "paths.a.url: found \"a b\""),
        ("{type: web, \(endpoint), paths: {a: {type: websocket, \(endpoint)}}}", "paths.a.endpoint: unknown key"),
        ("{type: web, \(endpoint), paths: {}, options: {client_timeout: 0}}", "options.client_timeout: found 0"),
        ("{type: universal, \(endpoint), rawsocket: {max_connections: 5}}", "rawsocket.max_connections: unknown key"),
        ("{type: universal, \(endpoint), websocket: {a: {\(endpoint)}}}", "websocket.a.endpoint: unknown key"),
        (
            "{type: rawsocket, \(endpoint), options: {max_message_size: 511}}",
            "options.max_message_size: found 511; allowed: "
        ),
        (
            "{type: rawsocket, \(endpoint), options: {max_message_size: 16777217}}",
            "options.max_message_size: found 16777217"
        ),
        ("{type: rawsocket, \(endpoint), cookie: {store: {type: memory}}}", "cookie: unknown key"),
        ("{type: rawsocket, \(endpoint), auth: {\(anonymous), cookie: {}}}", "auth.cookie: there are no cookies here"),
        ("{type: websocket, \(endpoint), auth: {\(anonymous), cookie: {}}}", "auth.cookie: there are no cookies here"),
        (
            "{type: websocket, \(endpoint), \(origins), cookie: {store: {type: memory}}, auth: {cookie: {}}}",
            "auth.cookie: the only method"
        ),
        (
            "{type: websocket, \(endpoint), cookie: {store: {type: memory}}, auth: {\(anonymous), cookie: {}}}",
            "auth.cookie: pages of every origin could log in with it: needs options.allowed_origins"
        ),
        (
            "{type: universal, \(endpoint), websocket: {a: {cookie: {store: {type: memory}}, auth: {\(anonymous), cookie: {}}}}}",
            "websocket.a.auth.cookie: pages of every origin"
        ),
        ("{type: websocket, \(endpoint), cookie: {}}", "cookie.store: missing"),
        (
            "{type: websocket, \(endpoint), options: {enable_hybi10: false, enable_rfc6455: false}}",
            "options.enable_rfc6455: false, as enable_hybi10 is: no client could connect"
        ),
        ("{type: websocket, \(endpoint), cookie: {store: {type: file}}}", "cookie.store.filename: missing"),
        ("{type: websocket, \(endpoint), cookie: {store: {type: database, path: a}}}", "cookie.store.type: "),
        (
            "{type: websocket, \(endpoint), cookie: {length: 5, store: {type: memory}}}",
            "cookie.length: found 5; allowed: "
        ),
        ("{type: websocket, \(endpoint), cookie: {same_site: lax, store: {type: memory}}}", "cookie.same_site: found "),
    ])
    func `what is not is told where it stands`(transport: String, problem: String) throws {
        let found = try problems(transport)
        #expect(found.count == 1 && found[0].hasPrefix(problem), "\(found)")
    }
}
