package import RennbahnReactor
package import RennbahnTLS

/// Where a transport accepts connections: what a node configuration calls a listening `endpoint`.
package struct ListeningEndpoint: Sendable, Equatable {
    package enum Place: Sendable, Equatable {
        case tcp(TCP)
        case unix(UNIX)
    }

    package struct TCP: Sendable, Equatable {
        /// The first that is free is taken; 0...0 leaves the choice to the kernel.
        package var ports: ClosedRange<UInt16>
        /// An address or name of this machine; empty: every interface.
        package var interface = ""
        package var version = IPVersion.v4
        /// Whether other processes may listen on the same port; the kernel spreads connections over all of them.
        package var isShared = false
        /// Milliseconds that sent bytes may stay unacknowledged before the connection is lost; `nil`: as the kernel has it.
        package var userTimeout: UInt16?
        /// Seconds of silence, 1 to 32,767, after which the kernel asks the other side for a sign of life; `nil`: never.
        package var keepAlive: UInt16?

        package init(ports: ClosedRange<UInt16>) {
            self.ports = ports
        }
    }

    package struct UNIX: Sendable, Equatable {
        package var path: String
        /// Of the socket's file, such as 0o660; `nil`: as the umask says.
        package var permissions: UInt16?

        package init(path: String) {
            self.path = path
        }
    }

    package var place: Place
    /// Connections that may wait to be accepted.
    package var backlog: Int32 = 4096
    /// `nil`: bytes go as they are.
    package var tls: TLSServerSettings?

    package init(_ place: Place, tls: TLSServerSettings? = nil) {
        self.place = place
        self.tls = tls
    }

    /// Listens at this very address.
    package init(_ address: SocketAddress, tls: TLSServerSettings? = nil) {
        switch address {
        case .v4, .v6:
            var tcp = TCP(ports: address.port...address.port)
            tcp.interface = address.host
            tcp.version = address.isIPv4 ? .v4 : .v6
            self.init(.tcp(tcp), tls: tls)
        case .unix(let path):
            self.init(.unix(UNIX(path: path)), tls: tls)
        }
    }
}

package enum IPVersion: Int, Sendable {
    case v4 = 4
    case v6 = 6
}

extension ListeningEndpoint: CustomStringConvertible {
    package var description: String {
        switch place {
        case .unix(let unix): return "unix:\(unix.path)"
        case .tcp(let tcp):
            let ports =
                tcp.ports.count == 1 ? "\(tcp.ports.lowerBound)" : "\(tcp.ports.lowerBound)-\(tcp.ports.upperBound)"
            let host = tcp.interface.isEmpty ? (tcp.version == .v4 ? "0.0.0.0" : "::") : tcp.interface
            return host.contains(":") ? "[\(host)]:\(ports)" : "\(host):\(ports)"
        }
    }
}

/// Why an endpoint cannot be listened at or connected to.
package enum EndpointFailure: Error, Sendable, CustomStringConvertible {
    /// The interface or host is no address of that version.
    case address(SocketAddress.Malformed)
    case noAddress(String, IPVersion)
    case file(SocketFile.Occupied)
    /// Every port of the range is taken.
    case noFreePort(ClosedRange<UInt16>)
    case tls(TLSFailure)
    case system(SystemError)

    package var description: String {
        switch self {
        case .address(let why): why.description
        case .noAddress(let host, let version): "\"\(host)\" has no IPv\(version.rawValue) address"
        case .file(let why): why.description
        case .noFreePort(let ports): "every port from \(ports.lowerBound) to \(ports.upperBound) is taken"
        case .tls(let why): "TLS: \(why)"
        case .system(let error): error.description
        }
    }
}
