import Foundation
import RennbahnLoadGenerator
import RennbahnReactor
import RennbahnWAMP
import RennbahnWebSocket
import RennbahnWorkload

/// What the words of `--payload` mean: a size, a kind of documents, or files and folders of the user's own.
enum PayloadOption {
    static let help =
        "Size of a payload; a bare number is bytes, at least 32: its stamp. Or what it carries behind its stamp: "
        + DocumentKind.allCases.map(\.name).joined(separator: ", ")
        + " (docs/payloads.md); or files of JSON (.json: a document, or a list of several; .jsonl: one in each line), or a folder "
        + "of such."

    /// - Parameter words: at least one.
    static func content(_ words: [String], _ filler: Filler?, seed: UInt64) throws(DocumentFault) -> PayloadContent {
        let word = words.count == 1 ? words[0] : nil
        if let word, let bytes = try size(word) { return .filler(bytes: bytes, filler ?? .text) }
        if filler != nil { throw DocumentFault(file: nil, "--filler is for payloads of a size, not for documents") }
        if let word, let kind = DocumentKind(rawValue: word) { return .documents(.shipped(kind, seed: seed)) }
        return .documents(try documents(words))
    }

    /// `nil`: it is none. What begins as one does may still be the name of a file, as `2031.json` is.
    private static func size(_ word: String) throws(DocumentFault) -> Int? {
        do {
            return try Quantity.bytes(word)
        } catch {
            guard DecimalNumber(word) != nil, !FileManager.default.fileExists(atPath: word) else { return nil }
            throw DocumentFault(file: word, "\(error)")
        }
    }

    private static func documents(_ paths: [String]) throws(DocumentFault) -> DocumentSet {
        var files: [(name: String, octets: [UInt8])] = []
        var room = DocumentSet.maximumFileOctets
        for path in paths {
            for file in try expanded(path) {
                guard FileManager.default.fileExists(atPath: file) else { throw missing(file, among: paths) }
                let octets = try octets(of: file, atMost: room)
                room -= octets.count
                files.append((file, octets))
            }
        }
        return try DocumentSet(name: name(of: paths), files: files)
    }

    /// A file is itself, a folder is its files of JSON.
    private static func expanded(_ path: String) throws(DocumentFault) -> [String] {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else { return [path] }
        let files = names.filter { $0.hasSuffix(".json") || $0.hasSuffix(".jsonl") }.sorted()
        guard !files.isEmpty else { throw DocumentFault(file: path, "no file in it ends with .json or .jsonl") }
        return files.map { path.hasSuffix("/") ? path + $0 : "\(path)/\($0)" }
    }

    private static func missing(_ word: String, among words: [String]) -> DocumentFault {
        guard words.count == 1 else {
            return DocumentFault(file: word, "is no file or folder; a size or a kind of documents stands alone")
        }
        let kinds = DocumentKind.allCases.map(\.name).joined(separator: ", ")
        return DocumentFault(
            file: word.isEmpty ? "''" : word, "is neither a size, nor a file or folder, nor one of \(kinds)")
    }

    /// Not read whole before its size is known: the name may be that of a device.
    private static func octets(of path: String, atMost limit: Int) throws(DocumentFault) -> [UInt8] {
        let data: Data
        do {
            let file = try FileHandle(forReadingFrom: URL(filePath: path))
            defer { try? file.close() }
            data = try file.read(upToCount: limit + 1) ?? Data()
        } catch {
            throw DocumentFault(file: path, "cannot be read: \(reason(error))")
        }
        guard data.count <= limit else {
            let most = DocumentSet.maximumFileOctets >> 20
            throw DocumentFault(file: path, "more than \(most) MiB of documents, with the files before it")
        }
        return Array(data)
    }

    /// In the system's words, which say more than those of Foundation.
    static func reason(_ error: any Error) -> String {
        guard let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError,
            cause.domain == NSPOSIXErrorDomain
        else { return error.localizedDescription }
        return SystemError.text(Int32(cause.code))
    }

    /// Without the folders of the machine.
    private static func name(of paths: [String]) -> String {
        let first = URL(filePath: paths.first ?? "").standardizedFileURL.lastPathComponent
        return paths.count > 1 ? "\(first) and \(paths.count - 1) more" : first
    }

}

extension DocumentSet {
    /// What is to be said of documents that ``repeatsWithinWindow(_:)``.
    static let repetition =
        "documents repeat within the compressor's window: deflate looks better than it would for your traffic"

    /// Whether they are the user's own, and so few that a compressor that keeps its context has seen each before.
    func repeatsWithinWindow(_ serializer: Serializer) -> Bool {
        kind == nil && octets(serializer) < DocumentSet.windowOctets
    }
}

extension LoadConfiguration {
    /// What whoever reads the figures must know of the work, in a sentence each.
    var notes: [String] {
        guard case .documents(let documents) = workload.payload, documents.repeatsWithinWindow(serializer), let deflate,
            deflate.noContextTakeover != true || !deflate.requestNoContextTakeover
        else { return workload.notes }
        return workload.notes + [DocumentSet.repetition]
    }
}
