import RennbahnMeasurement
import Testing

@testable import RennbahnCommands

struct VersionTests {
    @Test func `The version tells the commit, whether something was changed, and what it does not know`() {
        #expect(Version.line(commit: "1a2b", isDirty: false) == "\(Version.text) (commit 1a2b)")
        #expect(Version.line(commit: "1a2b", isDirty: true) == "\(Version.text) (commit 1a2b, changed)")
        #expect(Version.line(commit: "", isDirty: false) == "\(Version.text) (commit unknown: built without git)")
    }

    @Test func `Results have what was compiled in`() {
        let environment = BenchEnvironment.gather(seed: 1, routerPins: nil, generatorPins: nil)
        #expect(environment.version == Version.text && environment.commit == Version.commit)
        #expect(environment.dirty == Version.isDirty)
        #expect(Version.commit.isEmpty || Version.commit.wholeMatch(of: /[0-9a-f]{40,64}/) != nil)
    }
}
