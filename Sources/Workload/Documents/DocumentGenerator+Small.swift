import RennbahnWAMP

// Documents of fewer than 100 octets in JSON.

extension DocumentGenerator {
    mutating func tick() -> WAMPValue {
        let bid = draw(5_000...99_900)
        return [
            "id": whole(10_000...99_999),
            "bid": .double(Double(bid) / 100),
            "ask": .double(Double(bid + draw(1...90)) / 100),
            "size": whole(1...900),
            "at": time(),
        ]
    }

    mutating func position() -> WAMPValue {
        [
            "unit": whole(1...9999),
            "at": [
                "lat": decimal(-8_999_999...8_999_999, places: 5), "lon": decimal(-17_999_999...17_999_999, places: 5),
            ],
            "speed": decimal(0...1200, places: 1),
            "course": whole(0...359),
        ]
    }

    mutating func flags() -> WAMPValue {
        [
            "unit": whole(1_000_000...9_999_999), "online": flag(), "armed": flag(), "open": flag(), "mains": flag(),
            "fault": flag(),
        ]
    }

    mutating func chat() -> WAMPValue {
        let room = pick(["harbour", "garden", "attic", "library", "workshop"])
        let sender = name(atMost: 8)
        var text = sentence(3...9)
        while text.utf8.count > 48 { text = sentence(3...9) }
        return ["room": .string(room), "from": .string(sender), "text": .string(text)]
    }
}
