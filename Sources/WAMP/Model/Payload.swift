/// What a payload's bytes are: the elements that follow the last fixed element of a message, Args and ArgsKw, as they
/// stand on the wire.
///
/// JSON: the text of the elements with the comma between them, without the comma before and the bracket behind.
/// MsgPack: the encodings one after the other. The bytes themselves travel beside this as a borrowed span and are
/// passed on, never read.
package struct Payload: Sendable, Equatable {
    package var serializer: Serializer
    /// 0: none; 1: Args (or one binary in its place, payload transparency); 2: Args and ArgsKw.
    package var elements: UInt8

    package init(serializer: Serializer, elements: UInt8) {
        self.serializer = serializer
        self.elements = elements
    }

    package static func none(_ serializer: Serializer) -> Payload {
        Payload(serializer: serializer, elements: 0)
    }
}
