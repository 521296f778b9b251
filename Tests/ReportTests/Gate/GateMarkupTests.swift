import RennbahnGate
import RennbahnTrial
import Testing

@testable import RennbahnReport

/// JUnit and HTML, read by an XML parser.
struct GateMarkupTests {
    @Test func `JUnit is well-formed, and its counts are those of its cases`() throws {
        for report in GateSamples.all {
            let reader = try #require(XMLElements.read(GateJUnit.render(report)), "\(report.base)")
            let root = try #require(reader.all("testsuites").first)
            #expect(root["tests"] == "\(reader.all("testcase").count)")
            #expect(root["failures"] == "\(reader.all("failure").count)")
            #expect(root["errors"] == "\(reader.all("error").count)")
            #expect(root["skipped"] == "\(reader.all("skipped").count)")
        }
    }

    @Test func `A failing metric is a failing case with its interval`() throws {
        let reader = try #require(XMLElements.read(GateJUnit.render(GateSamples.fail)))
        #expect(reader.all("testsuite").map { $0["name"] } == ["gate", "pubsub 32 B json", "rpc 32 B msgpack"])
        let messages = reader.all("failure").compactMap { $0["message"] }
        #expect(messages.contains { $0.contains("tolerance 3 %") && $0.contains("pairs") })
        #expect(reader.all("testcase").contains { $0["name"] == "router CPU per message" })
    }

    @Test func `Undecided is skipped, lost messages are an error`() throws {
        let undecided = try #require(XMLElements.read(GateJUnit.render(GateSamples.undecided)))
        #expect(undecided.all("failure").isEmpty && undecided.all("skipped").count == 2)
        let lost = try #require(XMLElements.read(GateJUnit.render(GateSamples.lost)))
        #expect(lost.all("error").first?["message"]?.contains("3 lost") == true)
    }

    @Test func `Names come through JUnit as they are, but for what XML cannot hold`() throws {
        let reader = try #require(XMLElements.read(GateJUnit.render(GateSamples.hostile)))
        #expect(reader.all("testsuite")[1]["name"] == "<b>|\u{FFFD}]]>\n")
        #expect(reader.all("script").isEmpty && reader.all("b").isEmpty)
    }

    @Test func `The page's picture is well-formed, with a line for each metric`() throws {
        for report in [GateSamples.pass, GateSamples.fail, GateSamples.undecided, GateSamples.hostile] {
            let cells = try #require(report.paired?.cells)
            let reader = try #require(XMLElements.read(ForestPlot.render(cells)))
            let metrics = cells.flatMap(\.metrics).filter { $0.change != nil }
            #expect(reader.all("g").count == metrics.count)
            #expect(reader.all("circle").filter { $0["class"] == "middle" }.count == metrics.count)
            #expect(reader.all("circle").allSatisfy { (0...860).contains(Double($0["cx"] ?? "") ?? -1) })
        }
    }

    @Test func `The page loads nothing, runs nothing and holds no markup of others`() {
        for report in GateSamples.all {
            let page = GatePage.render(report)
            #expect(page.hasPrefix("<!DOCTYPE html>"))
            #expect(!page.contains("<script") && !page.contains("http") && !page.contains("src="))
            #expect(!page.contains("<b>") && !page.contains("\u{1B}"))
            #expect(page.contains("prefers-color-scheme: dark"))
            #expect(page.contains("<h1>\(report.verdict.word)</h1>"))
        }
    }

    @Test func `The page names every figure`() {
        let page = GatePage.render(GateSamples.fail)
        for word in ["response p50", "pubsub 32 B json", "seed 42", "rennbahn bench --quick", "shows from"] {
            #expect(page.contains(word), "\(word)")
        }
    }
}
