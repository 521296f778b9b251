import RennbahnTestKit
import Testing

struct CutTests {
    @Test func `Pieces are the input again, wherever it was cut`() {
        let bytes = utf8("an input")
        #expect(pieces(of: bytes, cutAt: []) == [bytes])
        #expect(pieces(of: bytes, cutAt: [0, 2, 2, 8]).map(text) == ["", "an", "", " input", ""])
        #expect(pieces(of: bytes, cutAt: byteByByte(of: bytes.count)).map(\.count) == [0, 1, 1, 1, 1, 1, 1, 1, 1])
        #expect(pieces(of: [], cutAt: byteByByte(of: 0)) == [[]])
        for seed in UInt64(0)..<100 {
            var random = SeededGenerator(seed: seed)
            let cuts = randomCuts(of: bytes.count, most: 5, using: &random)
            #expect(cuts.count <= 5 && cuts == cuts.sorted())
            #expect(pieces(of: bytes, cutAt: cuts).flatMap(\.self) == bytes)
        }
    }

    @Test func `Hexadecimal digits are octets, with or without spaces between them`() {
        #expect(hex("00 ff7F") == [0, 0xff, 0x7f])
    }
}
