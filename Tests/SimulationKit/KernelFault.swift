/// What a kernel answers now and then, though nobody has done anything wrong.
///
/// EINTR is none of them: ``Sockets`` asks again for everything but an accept, and is not there in a simulation. zlib fails by what
/// a loop is given as its memory; nothing stands in the place of OpenSSL.
package enum KernelFault: String, CaseIterable, Sendable {
    /// Though there is room, or something to read: who asks again gets it.
    case wouldBlock = "EAGAIN"
    case noBuffers = "ENOBUFS"
    case connectionReset = "ECONNRESET"
    case brokenPipe = "EPIPE"
    case timedOut = "ETIMEDOUT"
    /// Of an accept; EINTR has the same answer.
    case connectionAborted = "ECONNABORTED"
    case tooManyFiles = "EMFILE"
    case noMemory = "ENOMEM"

    static let harmless: [KernelFault] = [.wouldBlock]
    static let ofSending: [KernelFault] = [.noBuffers, .connectionReset, .brokenPipe, .timedOut]
    static let ofReceiving: [KernelFault] = [.connectionReset, .timedOut]
    static let ofAccepting: [KernelFault] = [.connectionAborted, .tooManyFiles, .noMemory]

    /// Of asm-generic/errno.h.
    var errno: Int32 {
        switch self {
        case .wouldBlock: 11
        case .noMemory: 12
        case .tooManyFiles: 24
        case .brokenPipe: 32
        case .connectionAborted: 103
        case .connectionReset: 104
        case .noBuffers: 105
        case .timedOut: 110
        }
    }

    /// Whether the connection is gone with it, so that its other end learns of it, too.
    var endsConnection: Bool {
        switch self {
        case .connectionReset, .brokenPipe, .timedOut: true
        case .wouldBlock, .noBuffers, .connectionAborted, .tooManyFiles, .noMemory: false
        }
    }
}
