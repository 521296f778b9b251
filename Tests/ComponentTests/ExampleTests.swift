import Foundation
import RennbahnComponents
import RennbahnConfiguration
import RennbahnReactor
import RennbahnRouterNode
import Testing

/// The configurations of the documentation.
private let examples: [String] = {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "docs/configuration.md")
    guard let page = try? String(contentsOf: file, encoding: .utf8),
        let section = page.split(separator: "\n## ").first(where: { $0.hasPrefix("Example – Connecting Transport") })
    else { return [] }
    return section.matches(of: #/```yaml\n((?:.|\n)*?)```/#).map { String($0.output.1) }
}()

extension ContainerTests {
    @Test func `The examples of the documentation have no problems`() throws {
        #expect(examples.count == 3)
        for example in examples { #expect(try Checker.check(TreeReader.read(example)) == []) }
    }

    @Test func `The example of a connecting transport runs`() async throws {
        let node = try router()
        defer { node.end() }
        let example = try #require(examples.first).replacing("8080", with: "\(node.address.port)")
        let container = try #require(containers(TreeReader.read(example)).first)
        let ends = await container.run(agent: "tests")
        #expect(ends[0] == [.completed])
        #expect(ends[1] == [.stopped, .stopped, .stopped])
        #expect(container.components[0].figures[0].published == 20)
    }
}
