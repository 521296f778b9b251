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

    @Test func `The table allows nothing that no file needs`() throws {
        var needed: [String: Set<String>] = [:]
        for file in try Repository.swiftFiles(below: "Sources") {
            needed[file.target, default: []].formUnion(imports(of: file).map { folder(ofModule: $0.module) })
        }
        for (target, allowed) in importTable {
            let idle = allowed.subtracting(needed[target] ?? [])
            #expect(idle.isEmpty, "Tests/TidyTests/ImportTable.swift: no file of \(target) imports \(idle.sorted())")
        }
    }

    @Test func `A declaration of the manifest is read with all it depends on`() {
        let manifest = """
            let histogram = Target.Dependency.product(name: "Histogram", package: "hdrhistogram-swift")
                library("A"),
                library("B", ["A", "C"], [histogram]),
                .executableTarget(
                    name: "d", dependencies: modules(["B"]) + [histogram, logging], swiftSettings: strict),
                tests(
                    "BTests",
                    [
                        "B",
                    ]),
            """
        let found = Manifest(manifest).targets
        #expect(found.map(\.name) == ["A", "B", "d", "BTests"])
        #expect(found.map(\.folder) == ["Sources/A", "Sources/B", "Sources/d", "Tests/BTests"])
        #expect(found.map(\.dependencies) == [[], ["A", "C", "Histogram"], ["B", "Histogram"], ["B"]])
        #expect(found.map(\.line) == [2, 3, 4, 6])
    }

    @Test func `The manifest gives a target nothing that none of its files imports`() throws {
        let targets = Manifest(try Repository.text("Package.swift")).targets
        #expect(targets.count > importTable.count)
        for target in targets {
            let top = String(target.folder.prefix { $0 != "/" })
            let files = try Repository.swiftFiles(below: top).filter { $0.path.hasPrefix(target.folder + "/") }
            let needed = files.flatMap { imports(of: $0).map { folder(ofModule: $0.module) } }
            let idle = Set(target.dependencies).subtracting(needed)
            #expect(idle.isEmpty, "Package.swift:\(target.line): no file of \(target.name) imports \(idle.sorted())")
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
        for target in Manifest(try Repository.text("Package.swift")).targets {
            guard let allowed = importTable[target.name] else { continue }
            let surplus = Set(target.dependencies).subtracting(allowed)
            #expect(surplus.isEmpty, "Package.swift:\(target.line): \(target.name) depends on \(surplus.sorted())")
        }
    }
}
