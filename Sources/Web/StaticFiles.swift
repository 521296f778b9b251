import RennbahnWebSocket

/// A folder of files: the web service `static`.
package struct StaticFiles: Sendable, Equatable {
    /// The folder, as the system finds it.
    package var directory: String
    /// `enable_directory_listing`.
    package var listsFolders = false
    /// `mime_types`: by extension with its dot.
    package var mediaTypes: [String: String] = [:]
    /// `cache_timeout`, in seconds; 0: whoever keeps a copy asks before it is used again.
    package var cacheTimeout = 12 * 60 * 60
    /// `allow_cross_origin`: pages of other origins may read what is here.
    package var allowsCrossOrigin = true
    /// `default_file`: what is answered where there is nothing, such as the page of an application that reads the path
    /// itself.
    package var fallback: String?

    package static let index = "index.html"

    package init(directory: String) {
        self.directory = directory
    }

    /// Whether a path may lead to a file. Names that begin with a dot are nobody's business, but for what RFC 8615 has for
    /// everybody: a folder of a configuration holds keys as well.
    static func isPublic(_ components: some Collection<String>) -> Bool {
        components.enumerated().allSatisfy { !$1.hasPrefix(".") || ($0 == 0 && $1 == ".well-known") }
    }
}

/// What is known of a file before it is read.
package struct FileFacts: Sendable, Equatable {
    /// Octets.
    package var count: Int
    /// Nanoseconds since 1970-01-01 UTC.
    package var modified: UInt64

    package init(count: Int, modified: UInt64) {
        self.count = count
        self.modified = modified
    }

    /// Another one whenever the file is another one.
    var entityTag: String { "\"\(String(count, radix: 16))-\(String(modified, radix: 16))\"" }
    var modifiedSeconds: UInt64 { modified / 1_000_000_000 }
}

extension StaticFiles {
    /// The answer with a file, or with the part of it that is asked for, or that it is as the client has it (RFC 9110,
    /// sections 13 and 14).
    func response(_ request: WebRequest, name: String, _ facts: FileFacts) -> WebResponse {
        var response = body(request, facts)
        switch response.status {
        case .rangeNotSatisfiable: response.add("Content-Range", "bytes */\(facts.count)")
        case .partialContent:
            if case .file(let range) = response.body {
                response.add("Content-Range", "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(facts.count)")
            }
            response.add("Content-Type", MediaType.of(name, further: mediaTypes))
        case .ok: response.add("Content-Type", MediaType.of(name, further: mediaTypes))
        case .notModified, .movedPermanently, .found, .notFound, .methodNotAllowed, .serviceUnavailable: break
        }
        response.add("ETag", facts.entityTag)
        response.add("Last-Modified", HTTPDate.text(facts.modifiedSeconds))
        response.add("Cache-Control", cacheTimeout > 0 ? "max-age=\(cacheTimeout), public" : "no-cache")
        response.add("Accept-Ranges", "bytes")
        if allowsCrossOrigin { response.add("Access-Control-Allow-Origin", "*") }
        return response
    }

    private func body(_ request: WebRequest, _ facts: FileFacts) -> WebResponse {
        if isCurrent(request, facts) { return WebResponse(.notModified, .none) }
        let whole = WebResponse(.ok, .file(0..<facts.count))
        let ranges = request.head.values("range")
        guard request.method == .get, ranges.count == 1, isSameAsBefore(request, facts) else { return whole }
        switch ByteRange(ranges[0], of: facts.count) {
        case .whole: return whole
        case .part(let range): return WebResponse(.partialContent, .file(range))
        case .unsatisfiable: return WebResponse(.rangeNotSatisfiable, .octets([]))
        }
    }

    /// Whether the client's copy is good.
    private func isCurrent(_ request: WebRequest, _ facts: FileFacts) -> Bool {
        let tags = request.head.values("if-none-match")
        if !tags.isEmpty {
            return tags.flatMap { $0.split(separator: ",") }.contains { tag in
                let tag = tag.trimmingSpace
                return tag == "*" || tag == facts.entityTag || tag == "W/" + facts.entityTag
            }
        }
        let times = request.head.values("if-modified-since")
        guard times.count == 1, let time = HTTPDate.seconds(times[0]) else { return false }
        return facts.modifiedSeconds <= time
    }

    /// Whether a part fits what the client has of the file, where it says what that is.
    private func isSameAsBefore(_ request: WebRequest, _ facts: FileFacts) -> Bool {
        let conditions = request.head.values("if-range")
        guard let condition = conditions.first else { return true }
        return conditions.count == 1
            && (condition == facts.entityTag || HTTPDate.seconds(condition) == facts.modifiedSeconds)
    }
}

extension Substring {
    fileprivate var trimmingSpace: Substring {
        var text = self
        while let first = text.first, first == " " || first == "\t" { text = text.dropFirst() }
        while let last = text.last, last == " " || last == "\t" { text = text.dropLast() }
        return text
    }
}
