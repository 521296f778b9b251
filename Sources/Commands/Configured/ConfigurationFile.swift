import Foundation
import RennbahnConfiguration
import RennbahnMeasurement
import RennbahnRouterNode

/// A configuration file on its way to a tree without problems.
struct ConfigurationFile {
    let path: String
    let tree: Tree?
    /// Empty: the tree is good.
    let problems: [Problem]

    /// Reads and checks the file.
    init(_ path: String) throws {
        self.path = path
        guard ConfigurationFile.isStream(path) || [".yaml", ".yml", ".json"].contains(where: path.hasSuffix) else {
            throw Failure.usage("--config \(path): the name of a configuration file ends with .yaml, .yml or .json")
        }
        let text = try ConfigurationFile.text(of: path, atMost: TreeReader.Bounds().size, option: "--config")
        do throws(Problems) {
            let tree = try TreeReader.read(text)
            self.tree = tree
            problems = Checker.check(tree)
        } catch {
            tree = nil
            problems = error.all
        }
    }

    /// Whether a path is that of standard input (`/dev/stdin`) or of a pipe of the shell's (`<(…)` is `/dev/fd/63`), of which
    /// neither the end nor the folder says anything.
    private static func isStream(_ path: String) -> Bool { path.hasPrefix("/dev/") }

    /// Where relative paths in the file at a path start; empty: in the working folder.
    static func folder(of path: String) -> String {
        guard !isStream(path), let end = path.lastIndex(of: "/") else { return "" }
        return end == path.startIndex ? "/" : String(path[..<end])
    }

    /// What a file holds that an option names.
    ///
    /// - Parameter size: octets that its reader takes; of a larger file one more than that is returned.
    static func text(of path: String, atMost size: Int, option: String) throws -> String {
        let data: Data
        do {
            data = try self.data(of: path, atMost: size + 1)
        } catch {
            throw Failure.usage("\(option) \(path): \(error.localizedDescription)")
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw Failure.usage("\(option) \(path): the file is not UTF-8")
        }
        return text
    }

    /// Not read whole before its size is known: the name may be that of a device.
    static func data(of path: String, atMost count: Int) throws -> Data {
        let file = try FileHandle(forReadingFrom: URL(filePath: path))
        defer { try? file.close() }
        return try file.read(upToCount: count) ?? Data()
    }

    /// What paths and environment variables in the file mean.
    ///
    /// - Parameter report: takes what is to be told while the file's node runs, from any thread.
    func surroundings(_ report: @escaping @Sendable (String) -> Void) -> NodeConfiguration.Surroundings {
        var surroundings = NodeConfiguration.Surroundings(
            folder: ConfigurationFile.folder(of: path), version: Version.text,
            report: report,
            environment: { ProcessInfo.processInfo.environment[$0] })
        surroundings.started = UInt64(Date().timeIntervalSince1970)
        surroundings.processID = ProcessInfo.processInfo.processIdentifier
        if let identity = ConfigurationFile.machineID { surroundings.secret = identity }
        return surroundings
    }

    /// Of this machine, which is not told to others (machine-id(5)); `nil` where it has none, as in many containers.
    private static var machineID: [UInt8]? {
        guard let data = FileManager.default.contents(atPath: "/etc/machine-id"), data.count >= 32 else { return nil }
        return Array(data)
    }

    /// The tree, or every problem on standard error and a failure.
    func checked() throws -> Tree {
        guard let tree, problems.isEmpty else { throw failure(problems) }
        return tree
    }

    /// Tells problems on standard error; what is left to throw.
    func failure(_ problems: [Problem]) -> Failure {
        for problem in problems { Console.error(problem.line(file: path)) }
        return Failure.usage("\(path): \(problems.count.of("problem"))")
    }

    /// What the file runs, in one line.
    static func summary(_ tree: Tree) -> String {
        func workers(_ kind: WorkerKind) -> [Tree] { tree[Keys.Node.workers].filter { $0[Keys.Worker.kind] == kind } }
        let realms = workers(.router).flatMap { $0[Keys.Router.realms] }.map { $0[Keys.Realm.name] }
        let transports = workers(.router).flatMap { $0[Keys.Router.transports] }
        let components = workers(.container).flatMap { $0[Keys.Container.components] }
        if !components.isEmpty {
            return components.count.of("component")
        }
        return "\(realms.count == 1 ? "realm" : "realms") \(realms.joined(separator: ", ")), "
            + transports.count.of("transport")
    }
}
