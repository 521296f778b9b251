import Testing

@testable import RennbahnWorkload

struct ScenarioTests {
    @Test func `What is on its way in a closed loop counts as it arrives`() {
        #expect(
            Scenario.pubsub(publishers: 2, subscribers: 198, topics: 2).messagesInFlight(depth: 16, clients: 200) == 2
                * 16 * 99)
        #expect(
            Scenario.pubsub(publishers: 50, subscribers: 50, topics: 50).messagesInFlight(depth: 4, clients: 100) == 200
        )
        #expect(Scenario.rpc(callers: 3, callees: 2).messagesInFlight(depth: 8, clients: 5) == 24)
        #expect(Scenario.echo.messagesInFlight(depth: 8, clients: 5) == 40)
        #expect(Scenario.connect.messagesInFlight(depth: 8, clients: 5) == 0)
    }
}
