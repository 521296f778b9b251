package import RennbahnWebSocket

/// Why a compressed message could not be inflated.
package enum InflateFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// The message would be longer than the limit.
    case tooLarge
    /// Not a deflate stream that ends at the end of a block.
    case corrupt
    /// zlib got no memory.
    case outOfMemory

    /// The code of the Close frame that answers the failure.
    package var closeCode: CloseCode {
        switch self {
        case .tooLarge: .messageTooBig
        case .corrupt: .invalidPayload
        case .outOfMemory: .internalError
        }
    }

    package var description: String { reason.description }

    /// The reason for the Close frame and the log.
    package var reason: StaticString {
        switch self {
        case .tooLarge: "message is too big after decompression"
        case .corrupt: "compressed message is corrupt"
        case .outOfMemory: "no memory for decompression"
        }
    }
}
