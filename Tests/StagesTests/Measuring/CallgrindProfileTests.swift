import Testing

@testable import RennbahnStages

struct CallgrindProfileTests {
    private static let text = """
        # callgrind format
        version: 1
        positions: line
        events: Ir
        summary: 99999

        fn=(1) main
        0 12
        cfn=(2) $s15RennbahnStages9StagePathV3runyyAA0B0O_SitAA0B7FailureOYKF
        calls=1 0
        0 5000
        fn=(2)
        0 7
        cfn=(3) $s15RennbahnStages9StagePathV12scanMessages33_1FLLyySiAA0B7FailureOYKF
        calls=1 0
        0 1500
        cfn=(4) $s15RennbahnStages9StagePathV15deflateMessages33_1FLLyySiF
        calls=1 0
        0 300
        fn=(3)
        0 100
        cfn=(5) $s15RennbahnStages9StagePathV12scanMessages33_1FLLyySiAA0B7FailureOYKFTf4nd_n
        calls=1 0
        0 1400
        fn=(5)
        0 1400
        fn=(6) other
        cfn=(3)
        calls=2 0
        0 20
        0 1

        totals: 99999
        """

    @Test func `A stage has what it and its callees cost, whoever calls it, its own copies counted once`() {
        #expect(CallgrindProfile(parsing: Self.text).instructions == [.scan: 1520, .deflate: 300])
    }

    @Test(arguments: ["", "valgrind: no such tool", "fn=", "cfn=(3)\ncalls=1 0\n0", "calls=\n0 x\ncfn=\n"])
    func `What is no profile has no instructions`(text: String) {
        #expect(CallgrindProfile(parsing: text).instructions.isEmpty)
    }

    @Test func `Costs beyond all counting stay at the most`() {
        let text = Self.text.replacing("0 1500", with: "0 \(UInt64.max)")
        #expect(CallgrindProfile(parsing: text).instructions == [.scan: .max, .deflate: 300])
    }

    @Test func `A profile that is cut anywhere is read as far as it goes`() {
        for end in 0...Self.text.utf8.count {
            let profile = CallgrindProfile(parsing: String(decoding: Self.text.utf8.prefix(end), as: UTF8.self))
            #expect(profile.instructions[.scan, default: 0] <= 1520)
        }
    }
}
