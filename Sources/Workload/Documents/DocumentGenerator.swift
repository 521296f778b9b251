import RennbahnBytes
import RennbahnWAMP

/// Makes documents of one kind, one after the other, from a seed.
struct DocumentGenerator {
    private let kind: DocumentKind
    var random: SeededGenerator
    let vocabulary: Vocabulary
    /// Documents made so far: what counts up in them counts this.
    private(set) var number: Int64 = 0

    init(_ kind: DocumentKind, seed: UInt64) {
        self.kind = kind
        // The name makes kinds differ, and goes on doing so when others come between.
        random = SeededGenerator(seed: ByteHash(seed: seed)(kind.name.utf8.span))
        vocabulary = Vocabulary(using: &random)
    }

    /// `nil` where the kind has no document.
    mutating func next() -> WAMPValue? {
        number += 1
        return switch kind {
        case .tick: tick()
        case .position: position()
        case .flags: flags()
        case .chat: chat()
        case .sensors: sensors()
        case .order: order()
        case .permissions: permissions()
        case .log: log()
        case .matrix: matrix()
        case .catalogue: catalogue()
        case .article: article()
        case .telemetry: telemetry()
        case .binary: .binary((0..<600).map { _ in UInt8(truncatingIfNeeded: random.next()) })
        case .stamp: nil
        }
    }

    // MARK: Parts

    mutating func whole(_ range: ClosedRange<Int64>) -> WAMPValue { .integer(draw(range)) }

    /// A number with so many digits behind the point, drawn as one without.
    mutating func decimal(_ range: ClosedRange<Int64>, places: Int) -> WAMPValue {
        let scale = (0..<places).reduce(1.0) { scale, _ in scale * 10 }
        return .double(Double(draw(range)) / scale)
    }

    mutating func flag() -> WAMPValue { .bool(random.next() >> 63 == 1) }

    /// Milliseconds since 1970, some later with every document.
    mutating func time() -> WAMPValue { .integer(1_900_000_000_000 + number * 250 + draw(0...249)) }

    mutating func draw(_ range: ClosedRange<Int64>) -> Int64 {
        range.lowerBound + Int64(random.next() % UInt64(range.upperBound - range.lowerBound + 1))
    }

    mutating func pick(_ choices: [String]) -> String { choices[Int(draw(0...Int64(choices.count - 1)))] }

    mutating func hexadecimal(_ digits: Int) -> String {
        var text = ""
        for _ in 0..<digits { text.append(pick("0123456789abcdef".map(String.init))) }
        return text
    }

    mutating func word() -> String {
        String(decoding: vocabulary.word(using: &random), as: UTF8.self)
    }

    /// A word of 4 to `limit` letters with a capital, as the name of somebody or something.
    mutating func name(atMost limit: Int) -> String {
        while true {
            let word = word()
            if (4...limit).contains(word.utf8.count) { return word.prefix(1).uppercased() + word.dropFirst() }
        }
    }

    /// Words, one in twenty of them not ASCII, from a capital to a full stop.
    mutating func sentence(_ words: ClosedRange<Int64>) -> String {
        var text = ""
        for index in 0..<draw(words) {
            let isForeign = draw(1...20) == 1
            let word = isForeign ? pick(["café", "naïve", "Straße", "señal", "№ 7", "żółty", "日本"]) : word()
            text += index == 0 ? word.prefix(1).uppercased() : " " + word.prefix(1)
            text += word.dropFirst()
        }
        return text + "."
    }
}
