/// Pronounceable words, the short ones frequent: rank r is drawn about as often as 1/r, as in natural text.
struct Vocabulary {
    private let words: [[UInt8]]

    private static let onsets = [
        "", "b", "c", "d", "f", "g", "h", "l", "m", "n", "p", "r", "s", "t", "w", "th", "st", "tr",
    ]
    private static let vowels = ["a", "e", "i", "o", "u", "ea", "ou"]
    private static let codas = ["", "", "n", "r", "s", "t", "d", "ng", "l", "ck"]

    init(using generator: inout SeededGenerator) {
        words = (0..<2048).map { rank in
            // The first 32 words have one syllable, later ones up to four.
            let syllables = rank < 32 ? 1 : Int.random(in: 1...4, using: &generator)
            var word = ""
            for _ in 0..<syllables {
                for part in [Self.onsets, Self.vowels, Self.codas] {
                    word += part[Int.random(in: part.indices, using: &generator)]
                }
            }
            return Array(word.utf8)
        }
    }

    func word(using generator: inout SeededGenerator) -> [UInt8] {
        // A power of two with an exponent drawn evenly is distributed as 1/r.
        let exponent = Int.random(in: 0..<11, using: &generator)
        return words[Int.random(in: (1 << exponent)..<(2 << exponent), using: &generator) - 1]
    }
}
