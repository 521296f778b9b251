import RennbahnBytes
import RennbahnTLS

extension Link {
    mutating func makeSecure(_ session: consuming TLSSession) {
        var session: TLSSession? = session
        withRare { swap(&$0.tls, &session) }
        isSecure = true
    }

    /// The session, of a connection that has one.
    mutating func withTLS<Result, Failure>(
        _ body: (inout TLSSession) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try withRare { rare throws(Failure) in try body(&rare.tls!) }
    }
}
