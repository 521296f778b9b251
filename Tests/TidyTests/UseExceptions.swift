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
    "init(integerLiteral:)": "literals",
    "init(nilLiteral:)": "literals",
    "init(stringLiteral:)": "literals",
    "validate()": "ArgumentParser, after the options are read",
    "Rennbahn": "the program's main type",
    "lax": "made from the text of a configuration file, as its raw value",
]

/// What only tests or benchmarks use, with the reason why it stands in `Sources` all the same.
let usedElsewhere: [String: String] = [
    "Configuration.Checker.check(_:_:path:)": "tests check each row of the table by itself",
    "Configuration.SchemaDocument": "`make configuration` writes it, and a test compares it",
    "Configuration.TableDocument": "`make configuration` writes it, and a test compares it",
    "Configuration.TableDocument.renewing(_:)": "`make configuration` writes it, and a test compares it",
    "Gate.ExactRecord.init(platform:date:reason:cells:)": "a program reads records; tests make them",
    "Reactor.Sockets.hasNoDelay(_:)": "tests ask the kernel what was set",
    "WebSocket.CloseCode.policyViolation": "tests close with it",
    "WebSocket.MessageReader.ownedMemory": "tests bound the memory that a peer can make a reader take",
    "WebSocketDeflate.Deflater.parkedCount": "tests bound the memory of parked connections",
    "WebSocketDeflate.Inflater.parkedCount": "tests bound the memory of parked connections",
]

/// Unused, and to be removed.
let deadForNow: Set<String> = [
    "Router.RoutingCore.sessionCount",
    "RouterNode.NodeConfiguration.init(service:listen:serializers:shards:processors:deflate:limits:)",
    "Transport.LinkLoop.liveCodecs",
    "Transport.LinkLoop.messageMemory",
    "Transport.LinkLoop.profileIndex(of:)",
    "WAMP.MessageWriter.eventHead(_:subscription:publication:payload:into:)",
    "WAMP.MessageWriter.invocationHead(_:request:registration:payload:into:)",
    "WAMP.MessageWriter.resultHead(_:request:payload:into:)",
    "WAMP.MsgPackFormat.float32",
    "WAMP.MsgPackText.append(binaryHead:to:)",
    "WAMP.MsgPackText.append(dictionaryHead:to:)",
    "WAMP.MsgPackText.append(listHead:to:)",
    "WAMP.OptionKey.longestName",
    "WAMP.WAMPValue.binaryValue",
    "WAMP.WAMPValue.boolValue",
    "WebSocket.CloseHandshake.transportEnded()",
    "WebSocket.FrameHeader.appendServerHeader(opcode:compressed:payloadCount:to:)",
    "WebSocket.FrameWriter",
    "rennbahn.Status.regression",
]
