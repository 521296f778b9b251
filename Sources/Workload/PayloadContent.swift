package import RennbahnWAMP

/// What the payload of a message holds besides its stamp.
package enum PayloadContent: Equatable, Sendable {
    /// A text of so many ASCII bytes, of which the stamp is a part; at least ``Stamp/byteCount``.
    case filler(bytes: Int, Filler = .text)
    /// A document behind the stamp, as an argument of its own.
    case documents(DocumentSet)
    /// Whole messages of the user's, for servers that speak no WAMP.
    case message(MessageTemplate)

    package var documents: DocumentSet? {
        switch self {
        case .filler, .message: nil
        case .documents(let set): set
        }
    }

    package var filler: Filler {
        switch self {
        case .filler(_, let filler): filler
        case .documents, .message: .text
        }
    }

    /// Size of the text that begins with the stamp.
    package var stampedBytes: Int {
        switch self {
        case .filler(let bytes, _): bytes
        case .documents, .message: Stamp.byteCount
        }
    }

    package var message: MessageTemplate? {
        if case .message(let template) = self { template } else { nil }
    }

    /// Size that results tell, the same for all serializers: of documents the mean of their JSON form, and the stamp; of whole
    /// messages that of a client's first.
    package var nominalBytes: Int {
        if let message { return message.nominalOctets }
        return stampedBytes + Int((documents?.meanOctets(.json) ?? 0).rounded())
    }

    /// Size of the largest payload, brackets not counted.
    package func largestBytes(_ serializer: Serializer) -> Int {
        message?.largestOctets ?? (stampedBytes + (documents?.largestOctets(serializer) ?? 0))
    }

    /// `32 B`, or the name of the documents.
    package var name: String { documents?.name ?? "\(nominalBytes) B" }
}
