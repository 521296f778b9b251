import Foundation
import PackagePlugin

/// Writes the one file of the target Build that says which commit it is built from.
///
/// The files that this depends on are named, since a build runs again what files have changed for, and nothing else: a manifest that
/// asks for the commit is remembered, and so are the commands that a plugin asks for before a build.
@main
struct Origin: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        let root = context.package.directoryURL
        let script = root.appending(path: "scripts/origin")
        let output = context.pluginWorkDirectoryURL.appending(path: "Origin.swift")
        let inputs = [script] + manifest(root) + sources(context.package) + plugins(root) + stateOfGit(root)
        return [
            .buildCommand(
                displayName: "Asking git for the commit", executable: script, arguments: [root.path, output.path],
                inputFiles: inputs, outputFiles: [output])
        ]
    }

    /// What is built, and of which versions of other packages, where those are kept.
    private func manifest(_ root: URL) -> [URL] {
        ["Package.swift", "Package.resolved"].map { root.appending(path: $0) }.filter(isThere)
    }

    private func plugins(_ root: URL) -> [URL] {
        let folder = root.appending(path: "Plugins")
        let paths = (try? FileManager.default.subpathsOfDirectory(atPath: folder.path)) ?? []
        return paths.sorted().filter { $0.hasSuffix(".swift") }.map { folder.appending(path: $0) }
    }

    /// Whatever differs from the commit is one of them; they are not what another plugin wrote.
    private func sources(_ package: Package) -> [URL] {
        let folder = package.directoryURL.appending(path: "Sources").path + "/"
        return package.targets.compactMap { $0 as? any SourceModuleTarget }.flatMap { target in
            target.sourceFiles.map(\.url).filter { $0.path.hasPrefix(folder) }
        }
    }

    /// The files that change with the commit: of the work tree, which may be one of several.
    private func stateOfGit(_ root: URL) -> [URL] {
        var folder = root.appending(path: ".git")
        let link = "gitdir: "
        if let text = try? String(contentsOf: folder, encoding: .utf8), text.hasPrefix(link) {
            let place = text.dropFirst(link.count).trimmingCharacters(in: .whitespacesAndNewlines)
            folder = URL(filePath: place, relativeTo: root).absoluteURL
        }
        return ["HEAD", "index", "logs/HEAD"].map { folder.appending(path: $0) }.filter(isThere)
    }

    private func isThere(_ file: URL) -> Bool { FileManager.default.fileExists(atPath: file.path) }
}
