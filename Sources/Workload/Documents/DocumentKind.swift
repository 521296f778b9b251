/// The documents that are there without anybody's own: facts and structures are made up, and drawn from a seed.
package enum DocumentKind: String, Sendable, CaseIterable {
    case tick, position, flags, chat
    case sensors, order, permissions, log
    case matrix, catalogue, article, telemetry
    case binary, stamp

    /// Stable: it stands on command lines and in results.
    package var name: String { rawValue }

    /// `nil`: there is no document to have any.
    package var classes: DocumentClasses? {
        switch self {
        case .tick: DocumentClasses(.small, .numeric)
        case .position: DocumentClasses(.small, .numeric, isNested: true)
        case .flags: DocumentClasses(.small, .boolean)
        case .chat: DocumentClasses(.small, .textual)
        case .sensors: DocumentClasses(.medium, .numeric, isNested: true, isRedundant: true)
        case .order: DocumentClasses(.medium, .textual, isNested: true)
        case .permissions: DocumentClasses(.medium, .boolean, isNested: true, isRedundant: true)
        case .log: DocumentClasses(.medium, .textual)
        case .matrix: DocumentClasses(.large, .numeric, isNested: true)
        case .catalogue: DocumentClasses(.large, .textual, isNested: true, isRedundant: true)
        case .article: DocumentClasses(.large, .textual)
        case .telemetry: DocumentClasses(.large, .numeric, isRedundant: true)
        case .binary: DocumentClasses(.medium, .binary)
        case .stamp: nil
        }
    }

    package var sentence: String {
        switch self {
        case .tick: "A price of an exchange: whole and decimal numbers under short keys."
        case .position: "Where a vehicle is, with the coordinates in a dictionary of their own."
        case .flags: "Switches of a device."
        case .chat: "A line of a chat, with letters that are not ASCII now and then."
        case .sensors: "Readings of the sensors of a station, each with the same keys."
        case .order: "An order with its buyer and what is bought."
        case .permissions: "What a user may do in each area of an application."
        case .log: "A record of a log, with a trace id that nothing compresses."
        case .matrix: "Rows of double-precision numbers with all their digits."
        case .catalogue: "A page of a catalogue, whose items have keys and most values in common."
        case .article: "An article: paragraphs of text, with escapes where lines end."
        case .telemetry: "Samples of one channel that hardly changes, one behind the other."
        case .binary: "A string of random octets: Base64 in JSON, as it is in MsgPack."
        case .stamp: "No document: nothing but the stamp that every message carries."
        }
    }
}
