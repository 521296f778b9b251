import RennbahnWAMP
import Testing

@Suite("Ids") struct IDTests {
    @Test("Requests are counted from 1 to 2^53, and from 1 again")
    func counting() {
        #expect(RequestID.none.next == 1)
        #expect(RequestID(1).next == 2)
        #expect(RequestID(1 << 53 - 1).next == RequestID(1 << 53))
        #expect(RequestID(1 << 53).next == 1)
    }

    @Test("None is 0, which no message of a client can name", arguments: Serializer.allCases)
    func none(serializer: Serializer) throws {
        #expect(SessionID.none.value == 0 && PublicationID.none != 1)
        for (source, code, index) in [
            ("[48,0,{},\"a\"]", MessageCode.call, 1), ("[34,1,0]", .unsubscribe, 2), ("[66,1,0]", .unregister, 2),
            ("[70,0,{}]", .yield, 1),
        ] {
            #expect(try clientViolation(message(source, serializer), serializer) == .wrongElement(code, index: index))
        }
    }

    @Test("Ids are equal, and found in tables, by their numbers")
    func equality() {
        let known: [SubscriptionID: String] = [7: "seven", SubscriptionID(1 << 53): "largest"]
        #expect(known[SubscriptionID(7)] == "seven" && known[8] == nil && known[9_007_199_254_740_992] == "largest")
        #expect(RegistrationID(3) == 3 && RegistrationID(3) != 4)
    }

    @Test("An id takes the room of its number")
    func size() {
        #expect(MemoryLayout<SessionID>.size == MemoryLayout<UInt64>.size)
        #expect(MemoryLayout<(SubscriptionID, PublicationID)>.stride == 2 * MemoryLayout<UInt64>.stride)
    }
}
