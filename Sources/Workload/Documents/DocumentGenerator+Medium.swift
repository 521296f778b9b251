import RennbahnWAMP

// Documents of fewer than 1,000 octets in JSON.

extension DocumentGenerator {
    mutating func sensors() -> WAMPValue {
        let (celsius, humidity, pressure) = (draw(-100...300), draw(30...90), draw(980...1040))
        var readings: [WAMPValue] = []
        for sensor in 1...Int64(14) {
            readings.append([
                "sensor": .integer(sensor),
                "celsius": .double(Double(celsius + draw(-5...5)) / 10),
                "humidity": .integer(humidity + draw(-1...1)),
                "pressure": .integer(pressure),
            ])
        }
        return ["station": whole(100...999), "at": time(), "readings": .list(readings)]
    }

    mutating func order() -> WAMPValue {
        var lines: [WAMPValue] = []
        for _ in 0..<draw(2...3) {
            lines.append([
                "article": .string(hexadecimal(6)), "text": .string(sentence(2...5)), "count": whole(1...12),
                "price": decimal(99...39_999, places: 2),
            ])
        }
        return [
            "order": .string(hexadecimal(12)),
            "placed": .string(date()),
            "buyer": [
                "name": .string(name(atMost: 9) + " " + name(atMost: 12)),
                "street": .string(name(atMost: 12) + " \(draw(1...180))"),
                "town": .string("\(draw(10_000...99_999)) " + name(atMost: 10)),
            ],
            "lines": .list(lines),
            "delivery": .string(pick(["courier", "post", "collected"])),
            "remark": .string(sentence(8...24)),
        ]
    }

    mutating func permissions() -> WAMPValue {
        let areas = [
            "orders", "invoices", "articles", "stock", "suppliers", "staff", "reports", "calendar", "messages",
            "archive",
            "settings",
        ]
        var rights = WAMPDictionary()
        for area in areas {
            rights[area] = ["read": flag(), "create": flag(), "change": flag(), "remove": flag(), "share": flag()]
        }
        return ["user": whole(1000...99_999), "rights": .dictionary(rights)]
    }

    mutating func log() -> WAMPValue {
        let service = pick(["router", "ledger", "mailer", "search", "thumbnails"])
        return [
            "time": .string(date()),
            "level": .string(pick(["debug", "info", "info", "notice", "warning", "error"])),
            "service": .string(service),
            "host": .string("\(service)-\(draw(1...40))"),
            "thread": whole(1...64),
            "trace": .string(hexadecimal(32)),
            "request": .string("/\(word())/\(word())/\(draw(1...99_999))"),
            "message": .string(sentence(12...40)),
        ]
    }

    /// A moment with milliseconds, in the form of RFC 3339.
    private mutating func date() -> String {
        func digits(_ number: Int64, _ count: Int) -> String {
            let text = String(number)
            return String(repeating: "0", count: count - text.utf8.count) + text
        }
        let day = "\(digits(draw(1...12), 2))-\(digits(draw(1...28), 2))"
        let hour = "\(digits(draw(0...23), 2)):\(digits(draw(0...59), 2)):\(digits(draw(0...59), 2))"
        return "2031-\(day)T\(hour).\(digits(draw(0...999), 3))Z"
    }
}
