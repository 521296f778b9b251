/// What is wrong with the parameters of permessage-deflate (RFC 7692, section 7).
package enum DeflateError: Error, Sendable, Equatable {
    case unknownParameter(String)
    case duplicateParameter(String)
    /// A value on a parameter that takes none.
    case unexpectedValue(String)
    case missingValue(String)
    /// Window bits that are not a decimal number in 8…15.
    case invalidWindowBits(String)
    /// The server's answer lacks what the offer demanded, or exceeds it.
    case notGranted(String)
    /// Eight window bits for our own sending: zlib has no raw deflate with them.
    case unsupportedWindowBits
}

extension DeflateError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unknownParameter(let name): "the parameter \(name) is not one of permessage-deflate"
        case .duplicateParameter(let name): "\(name) stands there twice"
        case .unexpectedValue(let name): "\(name) takes no value"
        case .missingValue(let name): "\(name) needs a value"
        case .invalidWindowBits(let text): "window bits are 8 to 15, and not \"\(text)\""
        case .notGranted(let name): "\(name) is not as the offer demanded"
        case .unsupportedWindowBits: "window bits of 8, with which this side cannot compress"
        }
    }
}

/// The parameters of permessage-deflate as they stand in an offer or in an answer, checked one by one.
package struct DeflateOffer: Sendable, Equatable {
    package static let extensionName = "permessage-deflate"

    /// `client_max_window_bits`, which may come without a value in an offer.
    package enum ClientWindow: Sendable, Equatable {
        case absent
        case anySize
        case bits(Int)
    }

    package var serverNoContextTakeover = false
    package var clientNoContextTakeover = false
    package var serverMaxWindowBits: Int?
    package var clientMaxWindowBits = ClientWindow.absent

    package init() {}

    /// - Parameter element: one element of the header with the name ``extensionName``.
    package init(_ element: ExtensionOffer) throws(DeflateError) {
        precondition(element.name == DeflateOffer.extensionName)
        var seen: Set<String> = []
        for parameter in element.parameters {
            guard seen.insert(parameter.name).inserted else { throw .duplicateParameter(parameter.name) }
            switch parameter.name {
            case "server_no_context_takeover":
                guard parameter.value == nil else { throw .unexpectedValue(parameter.name) }
                serverNoContextTakeover = true
            case "client_no_context_takeover":
                guard parameter.value == nil else { throw .unexpectedValue(parameter.name) }
                clientNoContextTakeover = true
            case "server_max_window_bits":
                guard let value = parameter.value else { throw .missingValue(parameter.name) }
                serverMaxWindowBits = try DeflateOffer.windowBits(value)
            case "client_max_window_bits":
                guard let value = parameter.value else {
                    clientMaxWindowBits = .anySize
                    continue
                }
                clientMaxWindowBits = .bits(try DeflateOffer.windowBits(value))
            case _:
                throw .unknownParameter(parameter.name)
            }
        }
    }

    /// The valid offers of permessage-deflate among `elements`, in the client's order; other extensions are ignored. An offer
    /// with a parameter that is unknown, doubled or of no valid value is left out: a server declines it, and goes on
    /// with the next one or without compression (sections 5.1 and 7).
    package static func offers(in elements: [ExtensionOffer]) -> [DeflateOffer] {
        elements.filter { $0.name == extensionName }.compactMap { try? DeflateOffer($0) }
    }

    /// A decimal number in 8…15 without leading zeros (section 7.1.2).
    private static func windowBits(_ text: String) throws(DeflateError) -> Int {
        switch text {
        case "8": 8
        case "9": 9
        case "10": 10
        case "11": 11
        case "12": 12
        case "13": 13
        case "14": 14
        case "15": 15
        case _: throw .invalidWindowBits(text)
        }
    }

    /// The element of the header, in the order that is customary.
    package var text: String {
        var text = DeflateOffer.extensionName
        if serverNoContextTakeover { text += "; server_no_context_takeover" }
        if let serverMaxWindowBits { text += "; server_max_window_bits=\(serverMaxWindowBits)" }
        if clientNoContextTakeover { text += "; client_no_context_takeover" }
        switch clientMaxWindowBits {
        case .absent: break
        case .anySize: text += "; client_max_window_bits"
        case .bits(let bits): text += "; client_max_window_bits=\(bits)"
        }
        return text
    }
}

/// What both ends agreed on.
package struct DeflateAgreement: Sendable, Equatable {
    package var serverNoContextTakeover: Bool
    package var clientNoContextTakeover: Bool
    /// 8…15; what we send with is never below 9.
    package var serverMaxWindowBits: Int
    package var clientMaxWindowBits: Int

    package init(
        serverNoContextTakeover: Bool = false, clientNoContextTakeover: Bool = false, serverMaxWindowBits: Int = 15,
        clientMaxWindowBits: Int = 15
    ) {
        self.serverNoContextTakeover = serverNoContextTakeover
        self.clientNoContextTakeover = clientNoContextTakeover
        self.serverMaxWindowBits = serverMaxWindowBits
        self.clientMaxWindowBits = clientMaxWindowBits
    }

    /// The window that `sender` compresses with.
    package func windowBits(of sender: Role) -> Int {
        sender == .server ? serverMaxWindowBits : clientMaxWindowBits
    }

    /// Whether `sender` keeps its window from one message to the next.
    package func contextTakeover(of sender: Role) -> Bool {
        sender == .server ? !serverNoContextTakeover : !clientNoContextTakeover
    }
}
