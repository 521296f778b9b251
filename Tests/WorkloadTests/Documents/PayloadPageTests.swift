import Foundation
import RennbahnBytes
import RennbahnWAMP
import Testing

@testable import RennbahnWorkload

/// With RENNBAHN_WRITE_PAYLOADS set, which `make payloads` does, the page is written instead of compared.
struct PayloadPageTests {
    private let writes = ProcessInfo.processInfo.environment["RENNBAHN_WRITE_PAYLOADS"] != nil

    @Test func `The table of kinds in the documentation is that of the code`() throws {
        let repository = (0..<4).reduce(URL(filePath: #filePath)) { folder, _ in folder.deletingLastPathComponent() }
        let file = repository.appending(path: "docs/payloads.md")
        let page = try String(contentsOf: file, encoding: .utf8)
        let mark = "by `make payloads`. -->\n"
        let end = try #require(page.firstRange(of: mark)).upperBound
        let renewed = page[..<end] + "\n" + table + "\n"
        if writes { try String(renewed).write(to: file, atomically: true, encoding: .utf8) }
        #expect(try String(contentsOf: file, encoding: .utf8) == renewed, "run make payloads")
    }

    private var table: String {
        let head = [
            "| Kind | Size | Content | Shape | Redundant | Octets in JSON | in MsgPack | |",
            "| --- | --- | --- | --- | --- | --- | --- | --- |",
        ]
        return (head + DocumentKind.allCases.map(row)).joined(separator: "\n")
    }

    private func row(_ kind: DocumentKind) -> String {
        let documents = DocumentSet.shipped(kind, seed: 1)
        var cells = ["`\(kind.name)`"]
        if let classes = kind.classes {
            cells += [
                classes.size.rawValue, classes.content.rawValue, classes.isNested ? "nested" : "flat",
                classes.isRedundant ? "yes" : "no",
            ]
        } else {
            cells += ["–", "–", "–", "–"]
        }
        cells += Serializer.allCases.map { "\(Int(documents.meanOctets($0).rounded()))" }
        cells.append(kind.sentence + (documents.variants.first.map { " `\(example($0))`" } ?? ""))
        return "| \(cells.joined(separator: " | ")) |"
    }

    /// The beginning of a document in JSON.
    private func example(_ document: WAMPValue) -> String {
        var buffer = ByteBuffer()
        document.encode(.json, into: &buffer)
        let text = String(decoding: buffer.span.copied(), as: UTF8.self)
        return text.count > 120 ? text.prefix(120) + "…" : text
    }
}
