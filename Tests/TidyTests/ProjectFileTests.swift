import Testing

/// What a newcomer, a packager and CI rely on.
struct ProjectFileTests {
    @Test(arguments: [
        "README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE", "Makefile", "Package.swift",
        ".swift-format", ".editorconfig", ".gitignore", ".ci/run", "scripts/deps", "results",
    ])
    func `The project's files are there`(path: String) {
        #expect(Repository.exists(path))
    }

    @Test func `The README names the two commands`() throws {
        let readme = try Repository.text("README.md")
        #expect(readme.contains("make bench"))
        #expect(readme.contains("make test"))
    }

    @Test func `Git leaves out what is built`() throws {
        let lines = try Repository.text(".gitignore").split(separator: "\n")
        #expect(lines.contains(".build*/"))
        #expect(lines.contains("Package.resolved"))
    }

    @Test func `The licence is Apache 2.0`() throws {
        let license = try Repository.text("LICENSE")
        #expect(license.contains("Apache License"))
        #expect(license.contains("Version 2.0, January 2004"))
        #expect(license.contains("END OF TERMS AND CONDITIONS"))
    }

    @Test func `The changelog has a place for what is not released`() throws {
        #expect(try Repository.text("CHANGELOG.md").contains("## [Unreleased]"))
    }

    @Test func `Every target of make is documented and phony, and every script parses under lint`() throws {
        let makefile = try Repository.text("Makefile")
        let phony = Set(
            makefile.split(separator: "\n").first { $0.hasPrefix(".PHONY:") }?.split(separator: " ").dropFirst().map(
                String.init)
                ?? [])
        let documented = Set(makefile.matches(of: #/(?m)^([a-z0-9-]+):.*##\ /#).map { String($0.output.1) })
        let targets = Set(makefile.matches(of: #/(?m)^([a-z0-9-]+):/#).map { String($0.output.1) })
        #expect(targets == documented)
        #expect(targets == phony)
        for target in [
            "help", "deps", "build", "bench", "floors", "goals", "peers", "test", "lint", "format", "interop",
            "interop-crossbar", "benchmarks", "clean",
        ] {
            #expect(targets.contains(target), "make \(target)")
        }
        for script in Repository.files(below: "scripts") + [".ci/run"] {
            #expect(makefile.contains(script), "\(script) is not in SHELL_SCRIPTS")
        }
    }

    /// Folders of one machine have no place in a file that others read.
    @Test func `No file names a folder of one machine`() throws {
        // In halves, or this file would find itself.
        let machineFolders = ["/wo" + "rk/", "/ro" + "ot/", "/ho" + "me/", "/t" + "mp/"]
        let folders = ["Sources", "Plugins", "Tests", "Benchmarks", "scripts", "docs", "results", ".github"].flatMap {
            Repository.files(below: $0)
        }
        let single = [
            "README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "Makefile", "Package.swift", ".ci/run",
            "action.yml",
        ]
        for path in folders + single where Repository.exists(path) {
            for place in try Repository.places(in: path, containing: machineFolders) {
                Issue.record("\(place)")
            }
        }
    }
}
