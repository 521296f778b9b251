import RennbahnBytes

/// What stands at a reader's position, told by its first byte alone.
enum ElementKind {
    case null, boolean, number, text, binary, list, dictionary
    /// An extension type of MsgPack.
    case `extension`
    /// No value starts like this, or the bytes have ended.
    case none
}

/// The steps in which the grammar of messages reads a serializer: the grammar is written once, a reader for each
/// serializer.
///
/// A reader keeps a position and never the bytes, which every step is given. It checks whatever it passes, so that a
/// message that was read to its end is wholly valid. A step that returns `nil` has not moved.
protocol ElementReader {
    var position: Int { get }

    /// Enters the list that every message is, up to its first element; false when it has none.
    mutating func openMessage(_ bytes: Span<UInt8>) throws(WAMPViolation) -> Bool

    /// Goes on to the next element of the message, from behind one; false at its end, when nothing follows the message
    /// either.
    mutating func nextElement(_ bytes: Span<UInt8>) throws(WAMPViolation) -> Bool

    func kind(_ bytes: Span<UInt8>) -> ElementKind

    /// Reads an integer from 0 up.
    mutating func natural(_ bytes: Span<UInt8>) throws(WAMPViolation) -> UInt64?

    mutating func boolean(_ bytes: Span<UInt8>) throws(WAMPViolation) -> Bool?

    /// Reads a string.
    mutating func text(_ bytes: Span<UInt8>) throws(WAMPViolation) -> TextRange?

    /// Passes one value of any kind.
    mutating func skip(_ bytes: Span<UInt8>) throws(WAMPViolation)

    /// Passes a dictionary that is written as the shortest empty one, which options nearly always are.
    mutating func skipEmptyDictionary(_ bytes: Span<UInt8>) -> Bool

    /// Enters a dictionary. What it returns belongs to ``nextKey(_:_:)``.
    mutating func openDictionary(_ bytes: Span<UInt8>) throws(WAMPViolation) -> Int?

    /// Reads the next key and stands before its value; `nil` behind the dictionary.
    mutating func nextKey(_ bytes: Span<UInt8>, _ progress: inout Int) throws(WAMPViolation) -> TextRange?

    /// Enters a list. What it returns belongs to ``nextItem(_:_:)``.
    mutating func openList(_ bytes: Span<UInt8>) throws(WAMPViolation) -> Int?

    /// Whether another item stands at the position; false behind the list.
    mutating func nextItem(_ bytes: Span<UInt8>, _ progress: inout Int) throws(WAMPViolation) -> Bool
}

/// Bounds of what is accepted, the same for both serializers.
package enum ScanLimit {
    /// How deep lists and dictionaries may be nested, the message itself counted as the first.
    package static let depth = 128
    /// The largest id (WAMP specification, "Identifiers").
    package static let id: UInt64 = 1 << 53
}
