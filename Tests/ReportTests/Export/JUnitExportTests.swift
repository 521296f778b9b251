import RennbahnMeasurement
import RennbahnTrial
import Testing

@testable import RennbahnReport

/// As the schema of Jenkins' xunit plugin has it (junit-10.xsd), read by an XML parser.
struct JUnitExportTests {
    private func read(_ source: ExportSource) throws -> XMLElements {
        try #require(XMLElements.read(try ExportFormat.junit.text(of: source)))
    }

    private static let allowed: [String: Set<String>] = [
        "testsuites": ["name", "time", "tests", "failures", "errors"],
        "testsuite": ["name", "tests", "failures", "errors", "skipped", "time", "timestamp"],
        "testcase": ["name", "classname", "time"], "failure": ["message", "type"], "error": ["message", "type"],
        "skipped": ["message", "type"],
    ]

    @Test func `Elements and attributes are those of the schema, and counts are those of the cases`() throws {
        for source in ExportSamples.sources {
            let document = try read(source)
            for (name, attributes) in document.elements {
                let allowed = try #require(Self.allowed[name], "\(name)")
                #expect(Set(attributes.keys).isSubset(of: allowed), "\(name): \(attributes)")
            }
            let (root, suites) = (try #require(document.all("testsuites").first), document.all("testsuite"))
            for (attribute, element) in [("tests", "testcase"), ("failures", "failure"), ("errors", "error")] {
                let count = document.all(element).count
                #expect(root[attribute] == "\(count)")
                #expect(suites.reduce(0) { $0 + (Int($1[attribute] ?? "") ?? -1) } == count)
            }
            #expect(suites.reduce(0) { $0 + (Int($1["skipped"] ?? "") ?? -1) } == document.all("skipped").count)
            #expect(suites.allSatisfy { $0["timestamp"] == "2026-03-01T12:00:00Z" })
        }
    }

    @Test func `A good run is a suite of cases that passed`() throws {
        #expect(
            try ExportFormat.junit.text(of: .run(ExportSamples.run)) == """
                <?xml version="1.0" encoding="UTF-8"?>
                <testsuites name="rennbahn" tests="2" failures="0" errors="0">
                  <testsuite name="pubsub 20 × 1→99 32 B, 4 in flight, json" tests="2" failures="0" errors="0" skipped="0" \
                time="2.000" timestamp="2026-03-01T12:00:00Z">
                    <testcase classname="rennbahn.pubsub" name="verdict"/>
                    <testcase classname="rennbahn.pubsub" name="verification"/>
                  </testsuite>
                </testsuites>

                """)
    }

    @Test func `Lost messages and conditions that do not hold are failures, with their text`() throws {
        let document = try read(.run(ExportSamples.failedRun))
        #expect(
            document.all("testcase").map { $0["name"] } == [
                "verdict", "verification", "messages>0", "loss==0", "p99(lag)<1ms",
            ])
        #expect(
            document.all("failure").map { $0["message"] } == [
                "verification-failed", "3 lost", "loss==0 does not hold: 3",
            ])
        #expect(
            document.all("error").map { $0["message"] } == ["p99(lag)<1ms cannot be told: the run has no figure lag"])
        #expect(document.text.contains("verification-failed\n1999 connections were open of 2000 requested"))
        #expect(document.text.contains("3 lost\nan EVENT | of publisher 1\nwas lost"))
    }

    @Test func `A run that is not valid is an error`() throws {
        var run = ExportSamples.run
        run.cells[0].verdict = .invalid([InvalidReason(.connectionsLost, measured: 2, limit: 0)])
        let document = try read(.run(run))
        #expect(document.all("error").map { $0["message"] } == ["invalid"])
        #expect(document.all("failure").isEmpty && document.text.contains("2 connections were lost"))
    }

    @Test func `Of trials each side is a case, and each goal`() throws {
        var trials = ExportSamples.trials()
        trials.trials[0].sides[1].verification.lost = 4
        trials.complete = false
        let document = try read(.trials(trials))
        #expect(document.all("testsuite").map { $0["name"] } == ["goals", "pubsub 32 B, 1 in flight", "goals"])
        #expect(
            document.all("testcase").map { $0["name"] } == [
                "all was measured", "json", "msgpack", "floor", "rpc, µs per call", "pubsub, µs per event",
                "echo, µs per echo",
            ])
        #expect(
            document.all("error").map { $0["message"] } == [
                "the run was interrupted", "no turn came to anything, \"at all\"",
            ])
        #expect(document.all("failure").first?["message"] == "4 lost")
        #expect(document.all("failure").last?["message"]?.hasPrefix("rpc: 2.000 ") == true)
        #expect(document.all("skipped").count == 1)
    }

    @Test func `Names come through as they are, but for what XML cannot hold`() throws {
        let document = try read(.run(ExportSamples.hostileRun))
        #expect(document.all("b").isEmpty)
        let name = document.all("testcase").compactMap { $0["name"] }.first { $0.hasPrefix("<b>") }
        #expect(name == "<b>|\u{FFFD}]]>\n\"x\",'y' = @you #1\\\u{FFFD}")
    }
}
