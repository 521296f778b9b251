import RennbahnBytes
package import RennbahnReactor
import RennbahnWeb
import RennbahnWebSocket

// Requests for web services, where a transport has some: they come in the place of the request that opens a WebSocket
// connection, which is then one of several on its connection, or the last.

/// Is told of requests for web services, for the key `access_log`. Called on the threads of the loops.
package protocol WebLog: Sendable {
    /// - Parameters:
    ///   - path: of the request's target, without its query.
    ///   - count: octets of the answer behind its head.
    func answered(_ peer: SocketAddress?, method: String, path: String, status: Int, count: Int)
}

extension LinkLoop {
    /// Answers a request that is for a web service, or for nothing that is here; false where it is for WebSocket, whose
    /// service it then has found.
    func answerRequest(_ slot: Int, _ head: HTTPHead) throws(UpgradeRefusal) -> Bool {
        let profile = accepts[Int(links.value[slot].profile)]
        guard let site = profile.web else {
            if case .here = profile.webSocket { return false }
            try findService(slot, HTTPRequestLine(head.startLine).target)
            return false
        }
        let request = try WebRequest(head)
        if case .byPath(let services, let rest) = profile.webSocket {
            let place = RequestPath.place(in: request.target)
            let isForWebSocket = services[place] != nil || (rest != nil && site.services[place] == nil)
            if isForWebSocket {
                try findService(slot, request.target)
                return false
            }
        }
        switch site.outcome(of: request, peer: peer(slot).map { "\($0)" } ?? "somebody") {
        case nil: answer(slot, request, WebSite.nowhere)
        case .answer(let response): answer(slot, request, response)
        case .look(let directory, let lookup, let step): look(slot, request, directory, lookup, step)
        }
        return true
    }

    private func peer(_ slot: Int) -> SocketAddress? { try? kernel.peerAddress(of: links.value[slot].descriptor) }

    private func look(
        _ slot: Int, _ request: WebRequest, _ directory: String, _ lookup: StaticLookup, _ first: StaticLookup.Step
    ) {
        var (lookup, step) = (lookup, first)
        var file: ServedFile?
        while true {
            switch step {
            case .answer(let response): return answer(slot, request, response, file)
            case .list(let path):
                let names = ServedFile.names(at: path, in: directory, atMost: FolderListing.most)
                step = lookup.listed(names?.map { FolderListing.Entry(name: $0.name, isFolder: $0.isFolder) })
            case .open(let path):
                let found: StaticLookup.Found
                switch ServedFile.open(path, in: directory) {
                case .file(let opened):
                    file = opened
                    found = .file(FileFacts(count: opened.count, modified: opened.modified))
                case .folder: found = .folder
                case .nothing: found = .nothing
                case .noRoom: found = .noRoom
                }
                step = lookup.found(found)
            }
        }
    }

    private func answer(_ slot: Int, _ request: WebRequest, _ response: WebResponse, _ file: ServedFile? = nil) {
        guard let site = accepted(slot)?.web else { preconditionFailure("an answer of no site") }
        var exchange = exchanges[slot] ?? WebExchanges.Exchange()
        // A loop that does not listen any more is going to end.
        exchange.keepsAlive = request.keepsAlive && !listeners.isEmpty
        var head = ByteBuffer(capacity: 512)
        response.appendHead(
            WebResponse.Surroundings(
                date: WallClock.now() / 1_000_000_000, server: site.server,
                strictTransportSecurity: site.strictTransportSecurity, isLast: !exchange.keepsAlive),
            to: &head)
        tracer(slot)?.handshake(.sent, id(slot), head.span)
        pool.value.append(head.span, to: &links.value[slot].output)
        let hasBody = request.method != .head
        if hasBody {
            switch response.body {
            case .none: break
            case .octets(let octets):
                if !octets.isEmpty { pool.value.append(octets.span, to: &links.value[slot].output) }
            case .file(let range): (exchange.file, exchange.rest) = (file, range)
            }
        }
        exchanges[slot] = exchange
        if let log = accepted(slot)?.webLog {
            log.answered(
                peer(slot), method: request.methodName, path: String(request.target.prefix { $0 != "?" }),
                status: response.status.rawValue,
                count: hasBody ? response.body.count : 0)
        }
        // What came behind the request waits until it is answered.
        finishReading(slot)
        noteOpened(slot)
        carryOut(links.value[slot].life.answerBegun(), slot)
        notePausedInput(slot)
    }

    /// Queues the next part of a file.
    func continueAnswer(_ slot: Int) {
        guard let exchange = exchanges[slot], let file = exchange.file, links.value[slot].output.count == 0 else {
            return
        }
        let wanted = min(limits.filePart, exchange.rest.count)
        input.value.removeAll(keepingCapacity: true)
        let got = (try? file.read(at: exchange.rest.lowerBound, atMost: wanted, into: &input.value)) ?? 0
        guard got > 0 else {
            // It became shorter, or cannot be read: what was announced cannot be kept, which only the end can tell.
            end(slot, .dropped)
            return
        }
        pool.value.append(inputBytes, to: &links.value[slot].output)
        exchanges[slot]?.rest = (exchange.rest.lowerBound + got)..<exchange.rest.upperBound
        markDirty(slot)
    }

    /// All that was queued of an answer is sent.
    func answerWritten(_ slot: Int) {
        guard let exchange = exchanges[slot] else { preconditionFailure("an answer of no exchange") }
        guard exchange.rest.isEmpty else {
            // In a turn of its own, so that a large file holds nobody up.
            scheduleWork(slot)
            return
        }
        exchanges[slot]?.file = nil
        pausedInput.value.forget(slot)
        carryOut(links.value[slot].life.answerSent(keepsAlive: exchange.keepsAlive), slot)
        if exchange.keepsAlive, !links.value[slot].kept.isEmpty { scheduleWork(slot) }
    }
}
