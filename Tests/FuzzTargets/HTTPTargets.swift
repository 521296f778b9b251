import RennbahnBytes
import RennbahnCookies
import RennbahnWeb
import RennbahnWebSocket

extension FuzzTarget {
    /// Where the octets are cut that arrive; the octets, with a request's head in front.
    static let httpRequest = FuzzTarget("http-request", longest: 4096, kinds: ["head", "request", "offer"]) { input in
        var input = InputReader(input)
        let step = 1 + Int(input.octet())
        let bytes = Array(input.rest)
        let skipped = HTTPHeadSearch.emptyLines(before: bytes.span)
        try hold(
            skipped <= min(bytes.count, 2 * HTTPHeadSearch.mostEmptyLines) && skipped % 2 == 0,
            "\(skipped) octets are a few line ends")
        guard let end = try headEnd(Array(bytes[skipped...]), step: step) else { return [] }
        let head = Array(bytes[skipped..<skipped + end])
        let kinds = try checkHead(head) ? ["head"] : []
        let request: UpgradeRequest
        do throws(UpgradeRefusal) {
            request = try UpgradeRequest.parse(head.span)
        } catch {
            var output = ByteBuffer()
            error.append(to: &output)
            try hold(try answeredHead(output.span.copied()).status == error.status, "\(error) is its status")
            return kinds
        }
        return try checkRequest(request) ? kinds + ["request", "offer"] : kinds + ["request"]
    }

    /// Octets of the head, found whole and in pieces.
    private static func headEnd(_ bytes: [UInt8], step: Int) throws -> Int? {
        let limit = 3000
        let mark: [UInt8] = [0x0d, 0x0a, 0x0d, 0x0a]
        let expected = (0..<max(0, min(bytes.count, limit) - 3)).first { bytes[$0..<$0 + 4].elementsEqual(mark) }
        for places in [[]] + cuts(of: bytes.count, step: step) {
            var search = HTTPHeadSearch(limit: limit)
            var found: Int?
            var isTooLarge = false
            for place in places + [bytes.count] where found == nil && !isTooLarge {
                do throws(HTTPHeadSearch.TooLarge) {
                    found = try search.end(in: bytes.span.extracting(0..<place))
                } catch {
                    isTooLarge = true
                }
            }
            try hold(found == expected.map { $0 + 4 }, "cut at \(places), the head has \(found ?? 0) octets")
            try hold(isTooLarge == (expected == nil && bytes.count >= limit), "a head above the limit is refused")
        }
        return expected.map { $0 + 4 }
    }

    /// Lines that were taken are written, and read again as they were.
    ///
    /// - Returns: whether they were taken.
    private static func checkHead(_ bytes: [UInt8]) throws -> Bool {
        guard let head = try? HTTPHead(bytes.span) else { return false }
        let lines = [head.startLine] + head.fields.map { "\($0.name): \($0.value)" }
        let again = try HTTPHead(Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8).span)
        try hold(again.startLine == head.startLine && again.fields == head.fields, "\(lines) are the lines of a head")
        let values = CookieHeader.values(of: "cbtid", in: head.values("cookie"))
        try hold(
            values.count <= CookieHeader.mostValues && values.allSatisfy { (1...64).contains($0.utf8.count) },
            "\(values) may be values of a cookie")
        return true
    }

    /// A request that was taken is written anew, and says the same; so does the answer to what it offers.
    ///
    /// - Returns: whether an offer of compression was taken.
    private static func checkRequest(_ request: UpgradeRequest) throws -> Bool {
        var isCompressed = false
        for policy in [DeflatePolicy(), DeflatePolicy(maxWindowBits: 10, requestMaxWindowBits: 11)] {
            guard let answer = policy.accept(DeflateOffer.offers(in: request.extensions)) else { continue }
            isCompressed = true
            let elements = ExtensionOffer.parse([answer.header]) ?? []
            try hold(elements.count == 1, "\(answer.header) is one extension")
            _ = try DeflateOffer(elements[0])
        }
        guard request.version == .rfc6455 else { return isCompressed }
        var output = ByteBuffer()
        UpgradeRequest.append(
            path: request.path, host: request.host, key: request.key, origin: request.origin,
            protocols: request.protocols, to: &output)
        let again = try UpgradeRequest.parse(output.span)
        try hold(
            again.path == request.path && again.host == request.host && again.key == request.key
                && again.origin == request.origin && again.protocols == request.protocols,
            "\(again) is \(request)")
        _ = request.hostPort
        return isCompressed
    }

    /// The status of an answer that we have written, and the value of its `Content-Length`.
    static func answeredHead(_ bytes: [UInt8]) throws -> (status: Int, length: Int?) {
        var search = HTTPHeadSearch(limit: 1 << 20)
        guard let end = try search.end(in: bytes.span) else { throw BrokenProperty("an answer has no end") }
        let head = try HTTPHead(bytes.span.extracting(0..<end))
        let words = head.startLine.split(separator: " ")
        guard words.count > 1, words[0] == "HTTP/1.1", let status = Int(words[1]) else {
            throw BrokenProperty("\(head.startLine) is no status line")
        }
        return (status, try head.single("content-length").flatMap { Int($0) })
    }

    /// What a server answers to a client's handshake.
    static let httpResponse = FuzzTarget("http-response", longest: 4096, kinds: ["response", "retry"]) { bytes in
        let accept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
        let protocols = ["wamp.2.msgpack", "wamp.2.json"]
        let response: UpgradeResponse
        do throws(UpgradeFailure) {
            response = try UpgradeResponse.parse(
                bytes.span, accept: accept, protocols: protocols, deflate: DeflatePolicy())
        } catch {
            guard case .status(let status, reason: _, retryAfter: let text?, advice: _) = error else { return [] }
            try hold((0...999).contains(status) && status != 101, "\(status) is another status")
            guard let seconds = RetryAfter.seconds(text, now: 1_700_000_000) else { return [] }
            try hold(seconds <= 365 * 86_400, "nobody waits for more than a year")
            return ["retry"]
        }
        try hold(response.subprotocol.map { protocols.contains($0) } ?? true, "\(response) was offered")
        if let deflate = response.deflate {
            let bits = [deflate.windowBits(of: .server), deflate.windowBits(of: .client)]
            try hold(bits.allSatisfy { (8...15).contains($0) } && bits[1] > 8, "\(deflate) is possible")
        }
        var output = ByteBuffer()
        UpgradeResponse.append(accept: accept, subprotocol: response.subprotocol, to: &output)
        let again = try UpgradeResponse.parse(output.span, accept: accept, protocols: protocols, deflate: nil)
        try hold(again.subprotocol == response.subprotocol && again.deflate == nil, "\(again) is \(response)")
        return ["response"]
    }
}
