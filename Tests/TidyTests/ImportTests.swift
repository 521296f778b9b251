import Testing

/// The folder of one of our own modules; the name of another's module as it is.
private func folder(ofModule name: String) -> String {
    if name.hasPrefix("CRennbahn") { return "C" + name.dropFirst("CRennbahn".count) }
    return name.hasPrefix("Rennbahn") ? String(name.dropFirst("Rennbahn".count)) : name
}

/// The modules that a file imports, with the line of each.
private func imports(of file: SourceFile) -> [(module: String, line: Int)] {
    // Attributes, an access modifier, `import`, perhaps the kind of one declaration, and the module's name.
    let statement =
        /^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|fileprivate|private)\s+)?import\s+(?:(?:struct|class|enum|protocol|typealias|func|let|var|actor|macro)\s+)?(\w+)/
    return file.code.enumerated().compactMap { index, line in
        line.firstMatch(of: statement).map { (String($0.1), index + 1) }
    }
}

struct ImportTests {
    @Test func `Every form of import is seen`() {
        let text = """
            import A
            package import B
            @_implementationOnly import C
            @preconcurrency public import D
            internal import struct E.F
            // import G
            let text = "import H"
            @_spi(Testing) import I
            """
        #expect(
            imports(of: SourceFile(path: "Sources/X/Y.swift", text: text)).map(\.module) == [
                "A", "B", "C", "D", "E", "I",
            ])
    }

    @Test func `Every target has a row in the table of imports, and every row a target`() throws {
        #expect(try Set(Repository.targets()) == Set(importTable.keys).union(headerTargets))
    }

    @Test func `Imports point down as the table says`() throws {
        for file in try Repository.swiftFiles(below: "Sources") {
            let allowed = importTable[file.target] ?? []
            for (name, line) in imports(of: file) where name != "Swift" {
                let module = folder(ofModule: name)
                #expect(allowed.contains(module), "\(file.target) may not import \(module): \(file.path):\(line)")
            }
        }
    }

    @Test func `Names of modules are this project's own`() throws {
        let own = Set(importTable.keys).union(headerTargets).subtracting(["rennbahn", "WAMPClient"])
        for file in try Repository.swiftFiles(below: "Sources") + Repository.swiftFiles(below: "Tests")
        where !file.path.hasPrefix("Tests/Neighbours/") {
            for (name, line) in imports(of: file) {
                #expect(!own.contains(name), "\(name) is a folder, its module Rennbahn\(name): \(file.path):\(line)")
            }
        }
    }

    @Test func `The table itself points down`() {
        var visited: Set<String> = []
        func descend(_ target: String, _ path: [String]) {
            #expect(!path.contains(target), "a cycle: \(path.joined(separator: " → ")) → \(target)")
            guard !path.contains(target), visited.insert(target).inserted else { return }
            for next in importTable[target]?.sorted() ?? [] { descend(next, path + [target]) }
        }
        importTable.keys.sorted().forEach { descend($0, []) }
        for target in pureTargets {
            let upper = importTable.keys.filter { !pureTargets.contains($0) }
            #expect(importTable[target]?.isDisjoint(with: upper) == true, "\(target) is pure and imports from above")
        }
    }

    @Test func `Foundation stays out of what is measured`() {
        for target in pureTargets.subtracting(["Measurement"]).union(["Reactor", "Transport"]) {
            #expect(importTable[target]?.isDisjoint(with: ["Foundation", "FoundationEssentials", "Dispatch"]) == true)
        }
    }

    @Test func `The manifest gives a target no more than the table`() throws {
        let manifest = try Repository.text("Package.swift")
        for (target, allowed) in importTable {
            guard
                let declaration = manifest.firstMatch(
                    of: try Regex("library\\(\\s*\"\(target)\",\\s*\\[([^\\]]*)\\]", as: (Substring, Substring).self))
            else { continue }
            for dependency in declaration.output.1.matches(of: /"(\w+)"/) {
                #expect(allowed.contains(String(dependency.output.1)), "\(target) depends on \(dependency.output.1)")
            }
        }
    }
}
