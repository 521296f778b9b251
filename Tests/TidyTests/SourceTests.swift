import Testing

/// Rules that hold for every Swift file of a kind.
struct SourceTests {
    @Test func `No file is longer than 400 lines`() throws {
        for folder in ["Sources", "Plugins", "Tests", "Benchmarks"] {
            for file in try Repository.swiftFiles(below: folder) {
                #expect(file.lineCount <= 400, "\(file.path) has \(file.lineCount) lines: two concepts?")
            }
        }
    }

    @Test func `A function's lines are those from its keyword to its last brace`() {
        let text = """
            func a() {
                if b { c() }
            }
            init() {}
            struct D {
                init(
                    e: Int
                ) {
                    func f() {
                    }
                }
                func g()
            }
            """
        let code = codeOnly(text).split(separator: "\n", omittingEmptySubsequences: false)
        let usage = Usage([(path: "A.swift", tokens: tokens(of: code))])
        func lines(_ limit: Int) -> [String] { usage.functions(longerThan: limit).map { "\($0.declaration.line)" } }
        #expect(lines(1) == ["1", "6", "9"])
        #expect(lines(2) == ["1", "6"])
        #expect(lines(5) == ["6"])
        #expect(lines(6) == [])
    }

    @Test func `No function is longer than 70 lines`() throws {
        for (function, path) in try Repository.usage().functions(longerThan: 70) {
            Issue.record(
                "\(path):\(function.line): \(function.signature) has \(function.lastLine - function.line + 1) lines: two steps?"
            )
        }
    }

    @Test func `Unsafe code is on the islands that are listed, and every listed one is unsafe`() throws {
        let found = try Repository.swiftFiles(below: "Sources")
            .filter { !$0.places(matching: /\bunsafe\b/).isEmpty }
            .map { String($0.path.dropFirst("Sources/".count)) }
        let (unlisted, stale) = (Set(found).subtracting(unsafeFiles), unsafeFiles.subtracting(found))
        #expect(unlisted.isEmpty, "not listed in UnsafeFiles.swift: \(unlisted.sorted())")
        #expect(stale.isEmpty, "listed in UnsafeFiles.swift, but safe or gone: \(stale.sorted())")
    }

    @Test func `Libraries print nothing`() throws {
        for file in try Repository.swiftFiles(below: "Sources") where file.target != "rennbahn" {
            #expect(file.places(matching: /\b(?:print|debugPrint|dump)\(/) == [])
        }
    }

    /// What reaches a user by way of `"\\(error)"` must not be what Swift makes of a case.
    @Test func `Every error says in words what happened`() throws {
        let code = try Repository.swiftFiles(below: "Sources").map { $0.code.joined(separator: "\n") }
        let worded = code.flatMap { text in
            text.matches(of: /\b(?:enum|struct|class|extension)\s+([\w.]+)\s*:([^{]*)\{/)
                .filter { $0.output.2.contains("CustomStringConvertible") }
                .map { $0.output.1.split(separator: ".").last.map(String.init) ?? "" }
        }
        for (file, text) in zip(try Repository.swiftFiles(below: "Sources"), code) {
            for match in text.matches(of: /\b(?:enum|struct|class|extension)\s+([\w.]+)\s*:([^{]*)\{/)
            where match.output.2.contains(/\bError\b/) {
                #expect(worded.contains(String(match.output.1)), "\(file.path): \(match.output.1) has no description")
            }
        }
    }

    /// `of(_:_:)` of Measurement knows both.
    @Test func `No message has a number before a plural that holds for some numbers only`() throws {
        let nouns = [
            "clients", "connections", "messages", "calls", "operations", "publishers", "subscribers", "topics",
            "callers",
            "callees", "sessions", "instances", "components", "transports", "problems", "events", "descriptors",
            "handshakes",
            "compressions", "cases", "fields", "pairs",
        ]
        let plural = try Regex(#"\\\([^"]*\) (?:\#(nouns.joined(separator: "|")))\b"#)
        for file in try Repository.swiftFiles(below: "Sources")
        // There are six pairs at least.
        where file.path != "Sources/Commands/Gate/GateCommand.swift" {
            for (number, line) in file.text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
            where line.contains(plural) {
                Issue.record("\(file.path):\(number + 1): singular?")
            }
        }
    }

    @Test func `Nothing is tried that cannot be caught`() throws {
        for file in try Repository.swiftFiles(below: "Sources") {
            #expect(file.places(matching: /\btry!/) == [])
        }
    }

    @Test func `Pure targets neither wait nor run concurrently`() throws {
        for file in try Repository.swiftFiles(below: "Sources")
        where pureTargets.union(["Reactor", "Transport"]).contains(file.target) {
            #expect(file.places(matching: /\basync\b|\bactor\s+[A-Z]|\bTask\s*[{.(]/) == [])
        }
    }

    @Test func `Pure targets read no clock and draw no randomness`() throws {
        for file in try Repository.swiftFiles(below: "Sources") where pureTargets.contains(file.target) {
            #expect(file.places(matching: /\b(?:ContinuousClock|SuspendingClock|SystemRandomNumberGenerator)\b/) == [])
        }
    }

    @Test func `Tests do not sleep`() throws {
        for folder in ["Tests", "Benchmarks"] {
            for file in try Repository.swiftFiles(below: folder) {
                #expect(file.places(matching: /\b(?:u|nano)?sleep\(|\b(?:Task|Thread)\.sleep\b/) == [])
            }
        }
    }

    @Test func `Nothing is left to be done later`() throws {
        // In halves, or this file would find itself.
        let marks = ["TO" + "DO", "FIX" + "ME", "X" + "XX"]
        for folder in ["Sources", "Plugins", "Tests", "Benchmarks"] {
            for path in Repository.files(below: folder) {
                for place in try Repository.places(in: path, containing: marks) {
                    Issue.record("\(place)")
                }
            }
        }
    }
}
