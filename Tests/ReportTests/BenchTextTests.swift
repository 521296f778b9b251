import RennbahnMeasurement
import Testing

@testable import RennbahnReport

@Suite("What stands above and below the tables")
struct BenchTextTests {
    @Test("a debug build and a dirty tree are named above the figures")
    func environment() {
        var environment = Samples.environment
        environment.buildConfiguration = "debug"
        environment.dirty = true
        environment.cores = 1
        let text = BenchText.environment(environment)
        #expect(text.contains("debug build") && text.contains("1a2b3c4-dirty") && text.contains(" 1 core "))
    }

    @Test("what is wrong with a cell is told below the table, in red on a terminal only")
    func notes() {
        let plain = BenchText.notes([Samples.failedCell], isTerminal: false)
        #expect(
            plain == """
                FAILED   pubsub 32 B msgpack: 3 lost
                INVALID  pubsub 32 B msgpack: 1999 connections were open of 2000 requested
                ≥  the generator was saturated and the router was not: a lower bound on the router

                """)
        let styled = BenchText.notes([Samples.failedCell], isTerminal: true)
        #expect(styled != plain)
        #expect(styled.replacing(/\u{1B}\[[0-9]+m/, with: "") == plain)
        #expect(BenchText.notes(Samples.cells, isTerminal: false).isEmpty)
    }

    @Test("warnings of a cell stand there by the cell's name")
    func warnings() {
        var cell = Samples.cell("json")
        cell.warnings = [RunWarning(.nagleStalls, "one in 5 took 40 ms")]
        #expect(BenchText.notes([cell], isTerminal: false) == "WARNING  pubsub 32 B json: one in 5 took 40 ms\n")
    }
}
