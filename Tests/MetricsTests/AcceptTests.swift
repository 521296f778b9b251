import Testing

@testable import RennbahnMetrics

@Suite struct AcceptTests {
    @Test(arguments: [
        "application/openmetrics-text", "application/openmetrics-text; version=1.0.0",
        "APPLICATION/OpenMetrics-Text;Version=\"1.0.0\"",
        "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.2,*/*;q=0.1",
        "text/plain;q=0.5, application/openmetrics-text;q=0.5",
        "application/openmetrics-text;version=2.0.0,application/openmetrics-text;q=0.001",
    ])
    func `OpenMetrics is for those who name it and want it no less`(field: String) {
        #expect(Accept([field]).format == .openMetrics)
    }

    @Test(arguments: [
        "", "*/*", "text/plain", "text/*", "application/openmetrics-text;q=0",
        "application/openmetrics-text;q=0.4,text/plain;q=0.5",
        "application/openmetrics-text;version=2.0.0", "application/openmetrics-text;q=nonsense",
        "application/openmetrics-text;q=2",
        "application/openmetrics-text2", ",;,=;q=", "text/html,application/json",
    ])
    func `Others get the text format`(field: String) {
        #expect(Accept([field]).format == .prometheus)
    }

    @Test func `Several fields are one list, and none is everything`() {
        #expect(Accept(["text/plain;q=0.1", "application/openmetrics-text"]).format == .openMetrics)
        #expect(Accept([]).format == .prometheus)
    }
}
