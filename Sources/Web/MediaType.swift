/// What a file is, told by the end of its name.
package enum MediaType {
    /// For what is not known: a browser offers to save it.
    package static let unknown = "application/octet-stream"

    /// - Parameter further: types by extension with its dot, such as `".jgz"`, which go before those that are built in.
    package static func of(_ name: String, further: [String: String] = [:]) -> String {
        guard let dot = name.lastIndex(of: ".") else { return unknown }
        let end = String(name[dot...])
        return further[end] ?? known[end.lowercased()] ?? unknown
    }

    private static let known: [String: String] = [
        ".avif": "image/avif", ".bin": unknown, ".bmp": "image/bmp", ".css": "text/css; charset=utf-8",
        ".csv": "text/csv; charset=utf-8", ".gif": "image/gif", ".gz": "application/gzip",
        ".htm": "text/html; charset=utf-8", ".html": "text/html; charset=utf-8", ".ico": "image/x-icon",
        ".jgz": "text/javascript", ".jpeg": "image/jpeg", ".jpg": "image/jpeg",
        ".js": "text/javascript; charset=utf-8", ".json": "application/json", ".map": "application/json",
        ".md": "text/markdown; charset=utf-8", ".mjs": "text/javascript; charset=utf-8", ".mp3": "audio/mpeg",
        ".mp4": "video/mp4", ".ogg": "audio/ogg", ".otf": "font/otf", ".pdf": "application/pdf", ".png": "image/png",
        ".svg": "image/svg+xml", ".tar": "application/x-tar", ".ttf": "font/ttf", ".txt": "text/plain; charset=utf-8",
        ".wasm": "application/wasm", ".wav": "audio/wav", ".webm": "video/webm",
        ".webmanifest": "application/manifest+json", ".webp": "image/webp", ".woff": "font/woff",
        ".woff2": "font/woff2", ".xhtml": "application/xhtml+xml", ".xml": "application/xml",
        ".yaml": "application/yaml", ".yml": "application/yaml", ".zip": "application/zip",
    ]
}
