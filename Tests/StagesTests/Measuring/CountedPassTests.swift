import RennbahnTestKit
import RennbahnWAMP
import RennbahnWebSocket
import Testing

@testable import RennbahnStages

struct CountedPassTests {
    @Test(arguments: Serializer.allCases, policies.keys.sorted())
    func `A pass tells how many messages the stream has`(serializer: Serializer, policy: String) throws {
        let input = StageInput(
            serializer: serializer, deflate: try #require(policies[policy]),
            payloads: texts(serializer, size: 64, count: 4))
        let stream = try StagePath.checked(input, .repeatable)
        var pass = try CountedPass(input)
        #expect(try pass.run() == stream.messages)
    }

    @Test func `Each stage is carried out once for so many messages`() throws {
        var work = KnownWork([.frame: 1, .scan: 1, .deflate: 1], WorkClock())
        try CountedPass.run(&work, 30)
        #expect(work.clock.batches.map(\.stage) == [.frame, .scan, .deflate])
        #expect(work.clock.batches.map(\.count) == [30, 30, 30])
    }

    @Test func `Wrong arguments are an error before anything is counted`() {
        #expect(throws: StageFailure.wrongArguments(0, .json)) {
            _ = try CountedPass(StageInput(serializer: .json, deflate: nil, payloads: [utf8("[")]))
        }
    }
}
