/// One element of `Sec-WebSocket-Extensions` (RFC 6455, section 9.1): a name and its parameters.
package struct ExtensionOffer: Sendable, Equatable {
    package struct Parameter: Sendable, Equatable {
        package let name: String
        /// `nil` for a parameter without a value; a quoted value is given without its quotes.
        package let value: String?

        package init(name: String, value: String? = nil) {
            self.name = name
            self.value = value
        }
    }

    package let name: String
    package let parameters: [Parameter]

    package init(name: String, parameters: [Parameter] = []) {
        self.name = name
        self.parameters = parameters
    }

    /// The elements of all header fields in order, or `nil` when one is malformed.
    ///
    /// ```
    /// extension-list = 1#extension
    /// extension      = token *( ";" token [ "=" ( token | quoted-string ) ] )
    /// ```
    /// A quoted string must hold a token. Empty list elements are skipped (RFC 9110, section 5.6.1).
    package static func parse(_ values: [String]) -> [ExtensionOffer]? {
        var offers: [ExtensionOffer] = []
        for value in values {
            var scanner = Scanner(octets: Array(value.utf8))
            while true {
                scanner.skipBlanks()
                if scanner.take(",") { continue }
                if scanner.isAtEnd { break }
                guard let offer = scanner.element() else { return nil }
                offers.append(offer)
                scanner.skipBlanks()
                guard scanner.isAtEnd || scanner.take(",") else { return nil }
            }
        }
        return offers
    }

    private struct Scanner {
        let octets: [UInt8]
        var position = 0

        init(octets: [UInt8]) {
            self.octets = octets
        }

        var isAtEnd: Bool { position == octets.count }

        mutating func skipBlanks() {
            while position < octets.count, HTTPText.isBlank(octets[position]) { position += 1 }
        }

        mutating func take(_ character: Unicode.Scalar) -> Bool {
            guard position < octets.count, octets[position] == UInt8(ascii: character) else { return false }
            position += 1
            return true
        }

        mutating func token() -> String? {
            let start = position
            while position < octets.count, HTTPText.isTokenOctet(octets[position]) { position += 1 }
            return start == position ? nil : String(decoding: octets[start..<position], as: UTF8.self)
        }

        /// After the opening quote.
        mutating func quoted() -> String? {
            var content: [UInt8] = []
            while position < octets.count {
                let octet = octets[position]
                position += 1
                switch octet {
                case UInt8(ascii: "\""):
                    let text = String(decoding: content, as: UTF8.self)
                    return HTTPText.isToken(text) ? text : nil
                case UInt8(ascii: "\\"):
                    guard position < octets.count else { return nil }
                    content.append(octets[position])
                    position += 1
                case _:
                    content.append(octet)
                }
            }
            return nil
        }

        mutating func element() -> ExtensionOffer? {
            guard let name = token() else { return nil }
            var parameters: [Parameter] = []
            while true {
                skipBlanks()
                guard take(";") else { return ExtensionOffer(name: name, parameters: parameters) }
                skipBlanks()
                guard let parameter = token() else { return nil }
                skipBlanks()
                guard take("=") else {
                    parameters.append(Parameter(name: parameter))
                    continue
                }
                skipBlanks()
                guard let value = take("\"") ? quoted() : token() else { return nil }
                parameters.append(Parameter(name: parameter, value: value))
            }
        }
    }
}
