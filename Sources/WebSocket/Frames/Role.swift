/// Which end of the connection we are: the client masks its frames, the server does not (RFC 6455, section 5.1).
package enum Role: Sendable {
    case client
    case server
}
