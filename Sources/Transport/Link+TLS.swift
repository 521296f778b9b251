import Bytes
import TLS

extension Link {
    /// Whether plain text can go both ways.
    var isEstablished: Bool {
        switch tls {
        case .some(let tls): tls.isEstablished
        case nil: false
        }
    }

    /// Whether the TLS handshake was a short one.
    var isResumed: Bool {
        switch tls {
        case .some(let tls): tls.isResumed
        case nil: false
        }
    }

    /// Whether encrypted bytes wait for room in the socket.
    var hasUnsent: Bool {
        switch tls {
        case .some(let tls): !tls.unsent.isEmpty
        case nil: false
        }
    }

    var ticket: TLSTicket? {
        switch tls {
        case .some(let tls): tls.ticket
        case nil: nil
        }
    }

    /// Gives the bytes that wait for room away, or takes them back.
    mutating func exchangeUnsent(with buffer: inout ByteBuffer) {
        swap(&tls!.unsent, &buffer)
    }
}
