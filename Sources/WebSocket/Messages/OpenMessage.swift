import RennbahnBytes

/// A data message whose last fragment has not ended.
struct OpenMessage {
    var kind: MessageKind
    var isCompressed: Bool

    init(_ header: FrameHeader) {
        kind = header.opcode == .text ? .text : .binary
        isCompressed = header.isCompressed
    }
}

/// A data frame whose payload is being collected.
struct OpenFrame {
    var remaining: Int
    var isFinal: Bool
    var mask: XORMask?
}
