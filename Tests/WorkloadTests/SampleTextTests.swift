import Testing

@testable import RennbahnWorkload

@Suite("Sample texts")
struct SampleTextTests {
    @Test("every run has the same texts, and no two of a run are equal")
    func sequence() {
        var (one, other) = (SampleText(count: 100), SampleText(count: 100))
        let texts = (0..<200).map { _ in one.next() }
        #expect(texts == (0..<200).map { _ in other.next() })
        #expect(Set(texts).count == texts.count)
    }

    @Test("a text has the octets that were asked for", arguments: [0, 1, 15, 16, 17, 31, 32, 33, 1024])
    func size(count: Int) {
        var text = SampleText(count: count)
        #expect((0..<3).allSatisfy { _ in text.next().count == count })
    }

    @Test("stretches of sixteen octets that differ are followed by sixteen that all texts have in common")
    func halves() {
        var text = SampleText(count: 128)
        let texts = (0..<50).map { _ in text.next() }
        for start in stride(from: 0, to: 128, by: 16) {
            let stretches = Set(texts.map { Array($0[start..<start + 16]) })
            #expect(stretches.count == (start / 16 % 2 == 1 ? 1 : texts.count), "from \(start)")
        }
    }

    @Test("JSON takes the text as it is")
    func needsNoEscapes() throws {
        var text = SampleText(count: 4096)
        for _ in 0..<50 {
            let octets = text.next()
            #expect(octets.allSatisfy { (0x20..<0x7f).contains($0) && $0 != 0x22 && $0 != 0x5c })
        }
    }
}
