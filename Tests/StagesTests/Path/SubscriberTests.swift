import RennbahnBytes
import RennbahnTestKit
import RennbahnWAMP
import Testing

@testable import RennbahnStages

/// What a path is checked with must find a path that is wrong.
struct SubscriberTests {
    private static let input = StageInput(serializer: .json, deflate: nil, payloads: [utf8("[1]"), utf8("[2]")])

    private func receive(_ index: Int, _ frame: [UInt8]) throws(StageFailure) {
        try Subscriber(Self.input, nil).receive(index, frame.span)
    }

    private func frame(_ message: String) -> [UInt8] { [0x81, UInt8(message.utf8.count)] + utf8(message) }

    @Test func `An EVENT with the arguments of its message is right`() throws {
        try receive(0, frame("[36,1,2,{},[1]]"))
        try receive(3, frame("[36,1,2,{},[2]]"))
    }

    @Test(arguments: ["[36,1,2,{},[2]]", "[36,1,2,{}]", "[17,1,2]", "[36,1,2,{},[1]", ""])
    func `Other arguments, other messages and none are wrong`(message: String) {
        #expect(throws: StageFailure.wrongOutcome(.build)) { try receive(0, frame(message)) }
    }

    @Test func `A frame that is cut, masked, or followed by something is wrong`() {
        let whole = frame("[36,1,2,{},[1]]")
        for broken in [whole.dropLast(), whole + [0], [0x81, 0x80 | whole[1], 0, 0, 0, 0] + whole.dropFirst(2)] {
            #expect(throws: StageFailure.wrongOutcome(.build)) { try receive(0, Array(broken)) }
        }
    }
}
