/// The names of what a run measures, as conditions use them: one vocabulary for all commands. `docs/conditions.md` has the table.
package enum Figure: String, CaseIterable, Sendable {
    case response
    case service
    case lag
    case pubsubResponse = "pubsub.response"
    case pubsubService = "pubsub.service"
    case pubsubLast = "pubsub.last"
    case rpcResponse = "rpc.response"
    case rpcService = "rpc.service"
    case connectResponse = "connect.response"
    case echoResponse = "echo.response"
    case echoService = "echo.service"
    case messages
    case operations
    case events
    case calls
    case sessions
    case echoes
    case bytesIn = "bytes.in"
    case bytesOut = "bytes.out"
    case loss
    case duplicates
    case disorder
    case corruption
    case unexpected
    case errors
    case lostConnections = "connections.lost"
    case routerCPU = "cpu.router"
    case generatorCPU = "cpu.generator"
    case routerWait = "wait.router"
    case generatorWait = "wait.generator"
    case routerCost = "cost.router"
    case generatorCost = "cost.generator"
    case routerMemory = "memory.router"
    case generatorMemory = "memory.generator"
    case connectionMemory = "memory.connection"
    case messageBytes = "bytes.message"

    /// What may be asked of a figure.
    package enum Kind: Sendable, Equatable {
        /// Many times: a percentile, min, max, mean, or how many.
        case distribution
        /// How many, or how many a second; of octets where it says so.
        case counter(of: QuantityUnit.Dimension)
        /// How many; with %, of all that could have been.
        case fault
        /// One value.
        case value(QuantityUnit.Dimension)
    }

    package var kind: Kind {
        switch self {
        case .response, .service, .lag, .pubsubResponse, .pubsubService, .pubsubLast, .rpcResponse, .rpcService,
            .connectResponse, .echoResponse, .echoService:
            .distribution
        case .messages, .operations, .events, .calls, .sessions, .echoes: .counter(of: .number)
        case .bytesIn, .bytesOut: .counter(of: .size)
        case .loss, .duplicates, .disorder, .corruption, .unexpected, .errors, .lostConnections: .fault
        case .routerCPU, .generatorCPU, .routerWait, .generatorWait: .value(.share)
        case .routerCost, .generatorCost: .value(.time)
        case .routerMemory, .generatorMemory, .connectionMemory, .messageBytes: .value(.size)
        }
    }

    /// For the documentation.
    package var meaning: String {
        switch self {
        case .response: "intended send to receipt, whatever the scenario"
        case .service: "hand-over to the socket until receipt; of open loops"
        case .lag: "intended send to the hand-over to the socket; of open loops"
        case .pubsubResponse: "of publications: intended send to each subscriber's EVENT"
        case .pubsubService: "of publications: hand-over to the socket until each subscriber's EVENT; of open loops"
        case .pubsubLast: "of publications: intended send to the last subscriber's EVENT"
        case .rpcResponse: "of calls: intended send to RESULT"
        case .rpcService: "of calls: hand-over to the socket until RESULT; of open loops"
        case .connectResponse: "of sessions: from the start of the connection until it is open"
        case .echoResponse: "of echoes: intended send to receipt"
        case .echoService: "of echoes: hand-over to the socket until receipt; of open loops"
        case .messages: "units of work completed in the window, whatever the scenario"
        case .operations: "operations sent in the window"
        case .events: "EVENTs delivered in the window"
        case .calls: "calls answered in the window"
        case .sessions: "sessions opened in the window"
        case .echoes: "echoes received in the window"
        case .bytesIn: "octets to the router in the window"
        case .bytesOut: "octets from the router in the window"
        case .loss: "messages that never arrived"
        case .duplicates: "messages that arrived once more"
        case .disorder: "messages that arrived after a later one of the same sender"
        case .corruption: "messages that arrived damaged"
        case .unexpected: "messages that were not meant for who got them, and errors in place of results"
        case .errors: "all of these, and sessions that could not be opened"
        case .lostConnections: "connections that ended before they were asked to; % is of the clients"
        case .routerCPU: "busy share of the router's cores; needs the router's process"
        case .generatorCPU: "busy share of the generator's cores"
        case .routerWait: "share of the window that the router waited for a processor; needs its process"
        case .generatorWait: "share of the window that the generator waited for a processor"
        case .routerCost: "CPU time of the router per message; needs its process"
        case .generatorCost: "CPU time of the generator per message"
        case .routerMemory: "resident memory of the router at the end; needs its process"
        case .generatorMemory: "resident memory of the generator at the end"
        case .connectionMemory: "growth of the router's resident memory per connection; needs its process"
        case .messageBytes: "octets on the wire per message, both ways"
        }
    }

    /// The name with the fewest changes to `word`, if they are few for its length.
    static func nearest(to word: String) -> Figure? {
        let ranked = allCases.map { ($0, distance(word, $0.rawValue)) }
        guard let best = ranked.min(by: { $0.1 < $1.1 }), best.1 <= max(1, word.unicodeScalars.count / 3) else {
            return nil
        }
        return best.0
    }

    /// Insertions, deletions and replacements of octets that make one word the other.
    private static func distance(_ word: String, _ other: String) -> Int {
        let others = Array(other.utf8)
        var row = Array(0...others.count)
        for (line, octet) in word.utf8.enumerated() {
            var diagonal = row[0]
            row[0] = line + 1
            for (column, candidate) in others.enumerated() {
                let changed = diagonal + (octet == candidate ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(changed, row[column] + 1, diagonal + 1)
            }
        }
        return row[others.count]
    }
}
