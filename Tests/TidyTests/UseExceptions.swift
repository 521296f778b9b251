/// What nothing in `Sources` names, because the language or a library calls it, by its signature.
let calledByLanguage: [String: String] = [
    "callAsFunction(_:)": "a value that is called",
    "customMirror": "CustomReflectable: what a debugger and `dump` show",
    "encode(to:)": "Encodable",
    "init(from:)": "Decodable",
    "init(arrayLiteral:)": "literals",
    "init(booleanLiteral:)": "literals",
    "init(dictionaryLiteral:)": "literals",
    "init(floatLiteral:)": "literals",
    "init(nilLiteral:)": "literals",
    "init(stringLiteral:)": "literals",
    "validate()": "ArgumentParser, after the options are read",
    "Main": "the program's main type",
    "argon2id": "made from the text of a configuration file, as its raw value",
    "pbkdf2": "made from the text of a configuration file, as its raw value",
]

/// What only tests or benchmarks use, with the reason why it stands in `Sources` all the same.
let usedElsewhere: [String: String] = [
    "Configuration.SchemaDocument": "`make configuration` writes it, and a test compares it",
    "Configuration.TableDocument": "`make configuration` writes it, and a test compares it",
    "Configuration.TableDocument.renewing(_:)": "`make configuration` writes it, and a test compares it",
    "Gate.ExactRecord.init(platform:date:reason:cells:)": "a program reads records; tests make them",
    "Reactor.Kernel.init(simulatedBy:)": "a simulation stands in the kernel's place in tests and counts",
    "Reactor.Readiness.readable": "a simulated kernel tells it",
    "Reactor.Readiness.writable": "a simulated kernel tells it",
    "Reactor.Sockets.hasNoDelay(_:)": "tests ask the kernel what was set",
    "Router.RoutingCore.sessionCount": "tests look whether a session is gone",
    "RouterNode.NodeConfiguration.init(service:listen:serializers:shards:processors:deflate:limits:)":
        "tests listen at one place, and say no more",
    "Transport.LinkLoop.messageMemory": "tests bound what a hostile peer makes a loop keep",
    "WebSocket.MessageReader.ownedMemory": "tests bound the memory that a peer can make a reader take",
    "WebSocketDeflate.Deflater.parkedCount": "tests bound the memory of parked connections",
    "WebSocketDeflate.Inflater.parkedCount": "tests bound the memory of parked connections",
]
