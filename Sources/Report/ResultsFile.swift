package import Foundation
package import RennbahnMeasurement

/// Results on disk: one JSON file a run.
package enum ResultsFile {
    /// Why results could not be written or read: one line, with the path.
    package struct Failure: Error, Equatable, Sendable, CustomStringConvertible {
        package let path: String
        package let reason: String

        package var description: String { "\(path): \(reason)" }
    }

    /// `2026-03-01T120000Z-1a2b3c4-bench.json`: sorts by time, and holds no character that some file system refuses.
    package static func name(for environment: RunEnvironment, command: String) -> String {
        let allowed = environment.date.filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
        return "\(allowed)-\(environment.shortCommit)-\(command).json"
    }

    /// Writes results to a path, whose folder is made if need be, and waits until they are on the disk.
    static func put(_ document: some Encodable, at path: String) throws(Failure) {
        try replace(path, with: try encode(document, path: path))
    }

    /// The same in another form.
    package static func put(text: String, at path: String) throws(Failure) {
        try replace(path, with: Data(text.utf8))
    }

    private static func replace(_ path: String, with data: Data) throws(Failure) {
        try checkTarget(path)
        try createFolder(of: path)
        do throws(OutputFile.Refusal) {
            try OutputFile.put(data, at: path)
        } catch {
            throw Failure(path: path, reason: "cannot write the results: \(error)")
        }
    }

    /// Results replace a file, and nothing else: a device or a folder of that name is not theirs.
    package static func checkTarget(_ path: String) throws(Failure) {
        guard let type = type(of: path), type != .typeRegular else { return }
        throw Failure(path: path, reason: type == .typeDirectory ? "is a folder" : "is not a regular file")
    }

    /// Whether a path names a folder that is there.
    package static func isFolder(_ path: String) -> Bool { type(of: path) == .typeDirectory }

    /// Of what is at a path, or where its symbolic links lead; `nil`: nothing.
    private static func type(of path: String) -> FileAttributeType? {
        let place = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        return (try? FileManager.default.attributesOfItem(atPath: place))?[.type] as? FileAttributeType
    }

    static func createFolder(of path: String) throws(Failure) {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw Failure(path: folder.path, reason: "cannot create the directory: " + reason(of: error))
        }
    }

    /// Pretty-printed with sorted keys, so that two files can be compared line by line.
    package static func encode(_ document: some Encodable, path: String) throws(Failure) -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        do {
            return try encoder.encode(document) + Data("\n".utf8)
        } catch {
            throw Failure(path: path, reason: "the results hold a figure that JSON cannot: \(words(for: error))")
        }
    }

    /// Reads results of any schema that ever was written by the name of ``ResultsDocument``.
    package static func read(_ path: String) throws(Failure) -> ResultsDocument {
        try decode(try bytes(of: path), path: path)
    }

    static func bytes(of path: String) throws(Failure) -> Data {
        do {
            return try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            throw Failure(path: path, reason: "cannot read the results: " + reason(of: error))
        }
    }

    package static func decode(_ data: Data, path: String) throws(Failure) -> ResultsDocument {
        struct Head: Decodable {
            let schema: String
        }
        do {
            let schema = try JSONDecoder().decode(Head.self, from: data).schema
            guard ResultsDocument.readableSchemas.contains(schema) else {
                let known = ResultsDocument.readableSchemas.map { "\"\($0)\"" }.joined(separator: " and ")
                throw Failure(path: path, reason: "is of schema \"\(schema)\"; this version reads \(known)")
            }
            return try JSONDecoder().decode(ResultsDocument.self, from: data)
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(path: path, reason: "is not a results file: " + words(for: error))
        }
    }

    /// What is wrong with a document, without the names that Swift has for that.
    static func words(for error: any Error) -> String {
        guard let error = error as? DecodingError else { return reason(of: error) }

        func place(_ path: [any CodingKey]) -> String {
            let steps = path.map { $0.intValue.map(String.init) ?? $0.stringValue }
            return steps.isEmpty ? "" : " at " + steps.joined(separator: ".")
        }
        switch error {
        case .keyNotFound(let key, let context): return "\"\(key.stringValue)\" is missing" + place(context.codingPath)
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
            return context.debugDescription + place(context.codingPath)
        @unknown default: return error.localizedDescription
        }
    }

    /// The system's own words where there are any ("No space left on device"), which say more than Foundation's.
    private static func reason(of error: any Error) -> String {
        if let system = error as? POSIXError { return unsafe String(cString: strerror(system.code.rawValue)) }
        let described = error as NSError
        if described.domain == NSPOSIXErrorDomain { return unsafe String(cString: strerror(Int32(described.code))) }
        guard let cause = described.userInfo[NSUnderlyingErrorKey] as? any Error else {
            return described.localizedDescription
        }
        return reason(of: cause)
    }
}
