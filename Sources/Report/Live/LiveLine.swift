/// A line of a view: pieces of text with their styles.
struct LiveLine {
    private(set) var pieces: [(text: String, style: TextStyle)] = []
    /// Where there are too few rows those with the highest number go first; one with 0 never does.
    let expendability: Int

    init(_ label: String = "", expendability: Int) {
        self.expendability = expendability
        let padded = label + String(repeating: " ", count: max(0, LiveLine.labelWidth - label.displayWidth))
        pieces.append((padded, .dim))
    }

    /// A line of one text, without a label.
    init(whole text: String, _ style: TextStyle = .plain, expendability: Int) {
        self.expendability = expendability
        pieces = [(text.printable, style)]
    }

    static let labelWidth = 11

    mutating func add(_ text: String, _ style: TextStyle = .plain) {
        pieces.append((text.printable, style))
    }

    var width: Int { pieces.reduce(0) { $0 + $1.text.displayWidth } }

    /// Adds a piece behind a gap of two, where it fits whole.
    mutating func addIfFits(_ text: String, _ style: TextStyle = .plain, columns: Int) {
        let gap = pieces.count > 1 ? "  " : ""
        guard width + gap.count + text.printable.displayWidth <= columns else { return }
        add(gap + text, style)
    }

    /// The line in at most `columns`, without spaces at its end.
    func drawn(columns: Int, isStyled: Bool) -> DrawnLine {
        var (text, used) = ("", 0)
        for (index, piece) in pieces.enumerated() {
            var part = piece.text
            if index == pieces.count - 1 {
                while part.last == " " { part.removeLast() }
            }
            let cut = part.truncated(toColumns: columns - used)
            text += piece.style.apply(to: cut, isTerminal: isStyled)
            used += cut.displayWidth
            if cut != part || used >= columns { break }
        }
        return DrawnLine(text: text, width: used)
    }
}

/// A line as it goes to a terminal, and the columns that it takes there.
package struct DrawnLine: Equatable, Sendable {
    package let text: String
    package let width: Int
}
