/// Markup that is made of elements, attributes and text, and of nothing else: names are of the program, and all the rest is
/// escaped. What comes out is HTML and well-formed XML.
struct HTML {
    /// Unicode scalars of a text from a file that are shown; what is longer ends with an ellipsis.
    static let longestText = 400

    private(set) var markup = ""

    typealias Attributes = KeyValuePairs<StaticString, String>

    mutating func element(
        _ name: StaticString, _ attributes: Attributes = [:], _ content: (inout HTML) -> Void
    ) {
        open(name, attributes)
        markup += ">"
        content(&self)
        markup += "</\(name)>"
    }

    mutating func element(_ name: StaticString, _ attributes: Attributes, _ text: String) {
        element(name, attributes) { $0.say(text) }
    }

    mutating func element(_ name: StaticString, _ text: String) {
        element(name) { $0.say(text) }
    }

    /// One that has no content, of HTML (`meta`) or of SVG (`rect`).
    mutating func void(_ name: StaticString, _ attributes: Attributes) {
        open(name, attributes)
        markup += " />"
    }

    /// Text, of which the beginning is shown where it is too long.
    mutating func say(_ text: String) { markup += Markup.escaped(HTML.cut(text)) }

    /// What the program itself wrote and is neither markup nor from a file: a style sheet.
    mutating func say(own text: StaticString) { markup += "\(text)" }

    mutating func newLine() { markup += "\n" }

    mutating func append(_ other: HTML) { markup += other.markup }

    private mutating func open(_ name: StaticString, _ attributes: Attributes) {
        markup += "<\(name)"
        for (key, value) in attributes { markup += " \(key)=\"\(Markup.escaped(value))\"" }
    }

    static func cut(_ text: String) -> String {
        let scalars = text.unicodeScalars
        guard scalars.index(scalars.startIndex, offsetBy: longestText + 1, limitedBy: scalars.endIndex) != nil else {
            return text
        }
        return String(String.UnicodeScalarView(scalars.prefix(longestText))) + "…"
    }
}

/// A cell of a table of a page.
struct PageCell: ExpressibleByStringLiteral {
    var text: String
    /// Of the style sheet; colour is never all that tells.
    var style = ""

    init(_ text: String, style: String = "") {
        self.text = text
        self.style = style
    }

    init(stringLiteral value: String) { self.init(value) }
}

extension HTML {
    /// A table that scrolls within its own box; the first column has the names of the rows.
    mutating func table(_ heads: [String], _ rows: [[PageCell]]) {
        guard !rows.isEmpty else { return }
        element("div", ["class": "wide", "tabindex": "0"]) { box in
            box.element("table") { table in
                table.element("thead") { head in
                    head.element("tr") { row in
                        for name in heads { row.element("th", ["scope": "col"], name) }
                    }
                }
                table.newLine()
                table.element("tbody") { body in
                    for cells in rows { body.row(cells) }
                }
            }
        }
        newLine()
    }

    private mutating func row(_ cells: [PageCell]) {
        element("tr") { row in
            for (index, cell) in cells.enumerated() {
                if index == 0 {
                    row.element("th", ["scope": "row"], cell.text)
                } else if cell.style.isEmpty {
                    row.element("td", cell.text)
                } else {
                    row.element("td", ["class": cell.style], cell.text)
                }
            }
        }
        newLine()
    }

    /// Lines that a reader must see; of too many the first are told, and how many more there are.
    mutating func list(_ lines: [String], style: String = "") {
        let most = 50
        guard !lines.isEmpty else { return }
        element("ul", ["class": style]) { list in
            for line in lines.prefix(most) { list.element("li", line) }
            if lines.count > most { list.element("li", "and \(lines.count - most) more") }
        }
        newLine()
    }

    mutating func facts(_ text: String) {
        element("p", ["class": "facts"], text)
        newLine()
    }
}
