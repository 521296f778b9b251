import RennbahnConfiguration
import RennbahnRouterNode
import Testing

/// No key is read and forgotten: each that the table calls supported changes what is run.
struct ConfiguredKeyTests {
    /// A value other than the default for each key of a section whose value is not a section itself.
    private static let samples: [String: [String: String]] = [
        "workerOptions": ["cpu_affinity": "[0]"],
        "realm": [
            "name": "other", "roles": "[{name: anonymous, allow-by-default: true}, {name: b, allow-by-default: true}]",
        ],
        "realmOptions": ["uri_check": "strict"],
        "websocket": [
            "type": "websocket", "serializers": "[msgpack]", "debug": "true", "max_connections": "7",
            "max_connections_per_address": "7", "max_handshakes_per_address": "0",
            "max_failed_logins_per_address": "7", "trusted_proxies": "['10.0.0.0/8', '::1']",
            "slow_receivers": "hold", "message_rate": "100", "octet_rate": "1000",
            "url": "'ws://a/b'",
        ],
        "web": [
            "type": "web", "paths": "{a: {type: json, value: 1}}", "max_connections": "7",
            "max_connections_per_address": "7", "max_handshakes_per_address": "0",
            "max_failed_logins_per_address": "7", "trusted_proxies": "['10.0.0.0/8', '::1']",
        ],
        "webPart": ["type": "web", "paths": "{a: {type: json, value: 1}}"],
        "webOptions": ["access_log": "true", "hsts": "true", "hsts_max_age": "5", "client_timeout": "5"],
        "webSocketService": [
            "type": "websocket", "serializers": "[msgpack]", "debug": "true", "url": "'ws://a/b'",
            "slow_receivers": "hold", "message_rate": "100", "octet_rate": "1000",
        ],
        "webStatic": ["type": "static", "directory": "/"],
        "webStaticOptions": [
            "enable_directory_listing": "true", "mime_types": "{.a: text/b}", "cache_timeout": "5",
            "allow_cross_origin": "false", "default_file": "a.html",
        ],
        "webJSON": ["type": "json", "value": "[1]"],
        "webJSONOptions": ["prettify": "true", "allow_cross_origin": "false", "discourage_caching": "true"],
        "webRedirect": ["type": "redirect", "url": "/other"],
        "listenTCP": [
            "type": "tcp", "port": "2", "portrange": "[3, 4]", "version": "6", "interface": "127.0.0.1",
            "backlog": "51", "shared": "true", "user_timeout": "1",
        ],
        "listenUNIX": ["type": "unix", "path": "b", "backlog": "51", "permissions": "'600'"],
        "listenTLS": [
            "key": "b", "certificate": "b", "chain_certificates": "[a]", "ca_certificates": "[a]", "dhparam": "a",
            "ciphers": "HIGH",
        ],
        "options": [
            "validate_utf8": "false", "enable_hybi10": "false", "enable_rfc6455": "false",
            "allowed_origins": "['http://a']", "allow_null_origin": "false", "external_port": "1",
            "open_handshake_timeout": "1000", "close_handshake_timeout": "1000", "enable_webstatus": "false",
            "mask_server_frames": "true", "require_masked_client_frames": "false", "apply_mask": "false",
            "max_frame_size": "1", "max_message_size": "1", "auto_fragment_size": "1", "fail_by_drop": "true",
            "echo_close_codereason": "true", "tcp_nodelay": "false", "auto_ping_interval": "2000",
            "auto_ping_timeout": "1000", "auto_ping_size": "13", "auto_ping_restart_on_any_traffic": "false",
            "require_websocket_subprotocol": "false", "show_server_version": "true",
        ],
        "deflate": [
            "request_no_context_takeover": "true", "request_max_window_bits": "9", "no_context_takeover": "true",
            "max_window_bits": "9", "memory_level": "1", "level": "1", "threshold": "1",
        ],
    ]

    /// Keys that choose among sections or that only one value is good for: what they say is the rest of the section.
    private static let unchanging: Set<String> = [
        "websocket.type", "listenTCP.type", "listenUNIX.type", "web.type", "webPart.type",
        "webSocketService.type", "webStatic.type", "webJSON.type", "webRedirect.type",
    ]

    /// What a key says that otherwise is as it must be, or does not say: `nil`, without the key.
    private typealias Change = (key: String, value: String?)

    /// The text of a mapping: what every such section has, but for the key under test.
    private func mapping(_ change: Change?, _ initial: [String: String]) -> String {
        var entries = initial
        if change?.key == "portrange" { entries["port"] = nil }
        if let change { entries[change.key] = change.value }
        return "{" + entries.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: ", ") + "}"
    }

    /// What is run when a key of `section` is given and otherwise only what must be.
    private func run(_ section: String, _ change: Change?) throws -> String {
        func part(_ name: String, _ initial: [String: String]) -> String {
            mapping(section == name ? change : nil, initial)
        }
        let deflate = section == "deflate" ? "{deflate: \(part("deflate", [:]))}" : "{}"
        let options = part("options", ["auto_ping_interval": "1000", "compression": deflate])
        var place = ["type": "tcp", "port": "1"]
        if section == "listenTLS" { place["tls"] = part("listenTLS", ["key": "a", "certificate": "a"]) }
        let endpoint =
            section == "listenUNIX"
            ? part("listenUNIX", ["type": "unix", "path": "a"]) : part("listenTCP", place)
        let everything = "{call: true, register: true, publish: true, subscribe: true}"
        let realm = part(
            "realm",
            [
                "name": "realm1", "options": part("realmOptions", [:]),
                "roles": "[{name: anonymous, permissions: [{uri: '*', allow: \(everything)}]}]",
            ])
        let paths = paths(part)
        let webOptions = part(
            "webOptions", section == "webOptions" ? ["hsts": "\(change?.key == "hsts_max_age")"] : [:])
        let webEndpoint = "{type: tcp, port: 50000, tls: {key: a, certificate: a}}"
        let web = part("web", ["type": "web", "endpoint": webEndpoint, "paths": paths, "options": webOptions])
        let webPart = part("webPart", ["paths": "{}"])
        let text = """
            version: 2
            workers:
              - type: router
                options: \(part("workerOptions", [:]))
                realms: [\(realm)]
                transports:
                  - \(part("websocket", ["type": "websocket", "endpoint": endpoint, "options": options]))
                  - \(web)
                  - {type: universal, endpoint: {type: tcp, port: 50001}, web: \(webPart)}
            """
        let tree = try TreeReader.read(text)
        #expect(Checker.check(tree) == [], "\(section).\(change?.key ?? "")")
        let configuration = try NodeConfiguration(
            tree, NodeConfiguration.Surroundings(folder: "", version: "1.2.3") { _ in nil })
        var written = ""
        dump(configuration.service, to: &written)
        dump(configuration.uriStrictness, to: &written)
        dump(configuration.roles, to: &written)
        dump(configuration.transports, to: &written)
        dump(configuration.processors, to: &written)
        // Dictionaries have no order, and so the numbers of objects in them have none.
        // Nor have those that stand within a line.
        let lines = written.replacing(#/ #\d+/#, with: "").split(separator: "\n").map { line in
            line.replacing(#/[\[\]()]/#, with: "").split(separator: ", ").sorted().joined(separator: ", ")
        }
        return lines.sorted().joined(separator: "\n")
    }

    /// One service of each kind.
    private func paths(_ part: (String, [String: String]) -> String) -> String {
        let files = ["type": "static", "directory": ".", "options": part("webStaticOptions", [:])]
        return """
            {s: \(part("webStatic", files)), w: \(part("webSocketService", ["type": "websocket"])),
            j: \(part("webJSON", ["type": "json", "value": "[1, 2]", "options": part("webJSONOptions", [:])])),
            r: \(part("webRedirect", ["type": "redirect", "url": "/x"])), i: {type: nodeinfo}}
            """
    }

    @Test("Every supported key changes what is run", arguments: samples.keys.sorted())
    func effect(section: String) throws {
        let initial = try run(section, nil)
        for key in Schema.section(section).keys {
            switch (key.support, key.shape) {
            case (.hint, _), (.none, _), (.only, _), (_, .section), (_, .variants): continue
            case (.full, _): break
            }
            let sample = try #require(
                ConfiguredKeyTests.samples[section]?[key.name], "no sample of \(section).\(key.name)")
            let isSame = try run(section, (key.name, sample)) == initial
            #expect(
                isSame == ConfiguredKeyTests.unchanging.contains("\(section).\(key.name)"), "\(section).\(key.name)")
        }
    }

    @Test(arguments: samples.keys.sorted()) func `A key that says its default changes nothing`(section: String) throws {
        for key in Schema.section(section).keys where key.support == .full {
            guard case .value(let initial, _) = key.initial else { continue }
            // A list of processors, for one, has a default that no file can write.
            guard Checker.check(Tree(initial, at: Place(line: 1, column: 1)), key, path: "").isEmpty else { continue }
            let (said, unsaid) = try (
                run(section, (key.name, initial.json.compact)), run(section, (key.name, nil))
            )
            #expect(said == unsaid, "\(section).\(key.name)")
        }
    }
}
