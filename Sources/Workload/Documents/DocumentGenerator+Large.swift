import RennbahnWAMP

// Documents of up to about 8,000 octets in JSON.

extension DocumentGenerator {
    mutating func matrix() -> WAMPValue {
        var rows: [WAMPValue] = []
        for _ in 0..<12 {
            var row: [WAMPValue] = []
            for _ in 0..<12 { row.append(.double(random.nextUnit() * 2 - 1)) }
            rows.append(.list(row))
        }
        return ["rows": 12, "columns": 12, "values": .list(rows)]
    }

    mutating func catalogue() -> WAMPValue {
        var items: [WAMPValue] = []
        for _ in 0..<32 {
            items.append([
                "article": .string(hexadecimal(6)),
                "name": .string(name(atMost: 12)),
                "category": .string(pick(["kitchen and household", "garden and terrace", "workshop and tools"])),
                "unit": .string(pick(["piece", "piece", "package of ten"])),
                "availability": .string(pick(["in stock", "in stock", "within three days", "on request"])),
                "price": decimal(99...39_999, places: 2),
            ])
        }
        return ["page": whole(1...400), "items": .list(items)]
    }

    mutating func article() -> WAMPValue {
        var paragraphs: [String] = []
        for _ in 0..<5 {
            var sentences: [String] = []
            for _ in 0..<draw(4...6) { sentences.append(sentence(8...20)) }
            paragraphs.append(sentences.joined(separator: " "))
        }
        return [
            "title": .string(sentence(4...9)),
            "section": .string(pick(["weather", "markets", "science", "letters"])),
            "language": "en",
            "words": .integer(Int64(paragraphs.reduce(0) { $0 + $1.split(separator: " ").count })),
            "summary": .string(sentence(20...30)),
            "body": .string(paragraphs.joined(separator: "\n\n")),
        ]
    }

    mutating func telemetry() -> WAMPValue {
        var samples: [WAMPValue] = []
        var level = draw(2_000...4_000)
        for _ in 0..<900 {
            // Three in four are as the one before.
            if draw(1...4) == 1 { level += draw(-2...2) }
            samples.append(.integer(level))
        }
        return .list(samples)
    }
}
