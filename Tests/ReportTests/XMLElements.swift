import Foundation
import FoundationXML

/// Elements by name, with their attributes, as a parser sees them.
final class XMLElements: NSObject, XMLParserDelegate {
    private(set) var elements: [(name: String, attributes: [String: String])] = []
    private(set) var text = ""

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String]
    ) {
        elements.append((name, attributes))
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }

    /// `nil`: it is not well-formed.
    static func read(_ text: String) -> XMLElements? {
        let elements = XMLElements()
        let parser = XMLParser(data: Data(text.utf8))
        parser.delegate = elements
        return parser.parse() ? elements : nil
    }

    func all(_ name: String) -> [[String: String]] { elements.filter { $0.name == name }.map(\.attributes) }
}
