import Foundation
import RennbahnTestKit
import RennbahnWAMP
import Testing

/// The single-message vectors of the WAMP specification, which lie beside the repository where they are available.
@Suite("Vectors of the specification") struct VectorTests {
    struct File {
        var name: String
        var code: Int
        var samples: [WAMPValue]
    }

    static func files() throws -> [File] {
        let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let folder = package.deletingLastPathComponent()
            .appendingPathComponent("shared/vectors/wamp-proto/testsuite/singlemessage")
        guard let walk = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil) else { return [] }
        var files: [File] = []
        for case let url as URL in walk where url.pathExtension == "json" {
            let content = try decode(Array(try Data(contentsOf: url)), .json)
            files.append(
                File(
                    name: url.lastPathComponent, code: Int(try #require(content["wamp_message_code"]?.integerValue)),
                    samples: try #require(content["samples"]?.listValue)))
        }
        if files.isEmpty { print("skipped: no ../shared/vectors beside the repository") }
        return files
    }

    /// What the scanner of the right direction says.
    static func violation(_ bytes: [UInt8], _ serializer: Serializer, code: Int) -> WAMPViolation? {
        let sender = MessageCode(rawValue: code)?.sender ?? .client
        let isRequestError = code == MessageCode.error.rawValue
        return sender == .router || isRequestError
            ? routerViolation(bytes, serializer) : clientViolation(bytes, serializer)
    }

    @Test("Every serialization sample is read, and its variants agree")
    func serialization() throws {
        var count = 0
        for file in try VectorTests.files() {
            for sample in file.samples {
                guard let serializers = sample["serializers"] else { continue }
                var values: [WAMPValue] = []
                for serializer in Serializer.allCases {
                    for variant in serializers[serializer.name]?.listValue ?? [] {
                        let bytes = hex(try #require(variant["bytes_hex"]?.stringValue))
                        let expected: WAMPViolation? = file.code == 337 ? .unknownType : nil
                        #expect(
                            VectorTests.violation(bytes, serializer, code: file.code) == expected,
                            "\(file.name) \(serializer)")
                        values.append(try decode(bytes, serializer))
                        count += 1
                    }
                }
                #expect(values.allSatisfy { $0 == values[0] }, "\(file.name)")
                try encoding(of: values[0], serializers, file.name)
            }
        }
        print("\(count) encodings of the vectors read")
    }

    /// What we write must equal a variant, for each serializer.
    private func encoding(of value: WAMPValue, _ serializers: WAMPValue, _ name: String) throws {
        for serializer in Serializer.allCases {
            let variants = serializers[serializer.name]?.listValue ?? []
            let bytes = encode(value, serializer)
            // Some samples have their JSON with spaces only.
            let found = variants.contains { variant in
                let expected = hex(variant["bytes_hex"]?.stringValue ?? "")
                return expected == bytes
                    || serializer == .json
                        && text(expected).replacing(" ", with: "") == text(bytes).replacing(" ", with: "")
            }
            #expect(found, "\(name) \(serializer)")
        }
    }

    @Test("Validation samples are taken or refused as they say", arguments: Serializer.allCases)
    func validation(serializer: Serializer) throws {
        var refused = 0
        var taken = 0
        for file in try VectorTests.files() {
            for sample in file.samples {
                guard let wire = sample["wmsg"] else { continue }
                let bytes = encode(wire, serializer)
                let isValid = sample["expected_error"] == nil
                let violation = VectorTests.violation(bytes, serializer, code: file.code)
                #expect((violation == nil) == isValid, "\(sample["description"]?.stringValue ?? file.name)")
                if isValid { taken += 1 } else { refused += 1 }
            }
        }
        print("\(taken) valid and \(refused) invalid samples over \(serializer.name)")
    }
}
