import RennbahnWorkload
import Testing

/// What is not spread evenly is said.
struct WorkloadNotesTests {
    private func notes(_ scenario: Scenario, clients: Int = 0, shards: Int = 1, slow: Int = 0) -> [String] {
        var parameters = WorkloadParameters(scenario: scenario, clients: scenario.roleCount ?? clients, shards: shards)
        parameters.laggards.slow = slow
        return parameters.notes
    }

    @Test func `What divides has nothing to say`() {
        #expect(notes(.pubsub(publishers: 20, subscribers: 1980, topics: 20)).isEmpty)
        #expect(notes(.rpc(callers: 50, callees: 50)).isEmpty && notes(.rpc(callers: 2, callees: 1)).isEmpty)
        #expect(notes(.connect, clients: 101).isEmpty && notes(.echo, clients: 4, shards: 2).isEmpty)
        #expect(notes(.pubsub(publishers: 2, subscribers: 5, topics: 2), slow: 1).isEmpty)
    }

    @Test func `What does not divide is named, with what each has`() {
        #expect(
            notes(.pubsub(publishers: 3, subscribers: 7, topics: 3))
                == ["7 subscribers cannot be shared evenly by 3 topics: 2 or 3 each"])
        #expect(
            notes(.pubsub(publishers: 5, subscribers: 9, topics: 3), shards: 2) == [
                "5 publishers cannot be shared evenly by 3 topics: 1 or 2 each",
                "3 topics cannot be shared evenly by 2 threads: 1 or 2 each",
            ])
        #expect(
            notes(.rpc(callers: 51, callees: 50)) == ["51 callers cannot be shared evenly by 50 callees: 1 or 2 each"])
        #expect(
            notes(.rpc(callers: 1, callees: 2)) == ["1 caller cannot be shared evenly by 2 callees: 0 or 1 each"])
        #expect(
            notes(.connect, clients: 101, shards: 2) == [
                "101 clients cannot be shared evenly by 2 threads: 50 or 51 each"
            ])
    }

    /// Bad parameters are told elsewhere; here they must not trap.
    @Test func `Numbers that make no fleet are no reason to divide by zero`() {
        #expect(notes(.pubsub(publishers: 0, subscribers: 0, topics: 0), shards: 0).isEmpty)
        #expect(notes(.rpc(callers: -1, callees: 0), shards: 0).isEmpty && notes(.connect, shards: 0).isEmpty)
    }
}
