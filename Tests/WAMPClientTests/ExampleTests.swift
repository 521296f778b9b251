import Foundation
import RennbahnRouterNode
import Testing

extension LiveTests {
    @Suite struct Example {
        @Test func `The example of the documentation runs`() async throws {
            try await withRouter { router in
                try await Thermometer.run(url: "ws://\(router.node.address)/ws")
            }
        }

        /// The program that is compiled above is the one that people read, but for `@main`, which tests have already.
        @Test func `The documentation shows the example as it is tested`() throws {
            let folder = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
            let program = try String(
                contentsOf: folder.appending(path: "ExampleProgram.swift"), encoding: .utf8)
            let root = folder.deletingLastPathComponent().deletingLastPathComponent()
            let text = try String(contentsOf: root.appending(path: "docs/client.md"), encoding: .utf8)
            let shown = program.replacing("struct Thermometer", with: "@main\nstruct Thermometer", maxReplacements: 1)
            #expect(text.contains("```swift\n\(shown)```\n"))
        }
    }
}
