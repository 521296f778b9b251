package import RennbahnMeasurement
package import RennbahnReactor
package import RennbahnTransport
package import RennbahnWAMP
package import RennbahnWorkload

/// Why a run could not be made; its description is one clear line.
package indirect enum LoadFailure: Error, Sendable {
    case parameters([WorkloadProblem])
    /// The host of the URL has no address.
    case unresolved(url: String, reason: String)
    /// The host of the URL has several addresses, and nobody answers at any.
    case unreachable(url: String, tried: String)
    case tooFewDescriptors(needed: Int, available: Int)
    case tooFewPorts(needed: Int, available: Int, sources: Int)
    /// The process to sample does not exist or may not be read.
    case targetProcess(ProcessSampler.Failure)
    /// The process to sample does not listen at the address that is loaded: others do.
    case foreignProcess(pid: Int32, url: String, owners: [Int32])
    /// A connection could not be opened, or all were lost.
    case connection(url: String, ConnectionFailure, ready: Int, requested: Int)
    /// Not all clients are ready; the first messages that are waited for.
    case connectTimeout(url: String, ready: Int, requested: Int, awaited: [MessageFault.Path] = [])
    /// The same, after messages that are wrong for certain.
    case violated([MessageFault], LoadFailure)
    case system(SystemError)

    /// Whether the command line or the machine's settings must change, which was found before anything was sent.
    package var isConfiguration: Bool {
        switch self {
        case .parameters, .unresolved, .tooFewDescriptors, .tooFewPorts, .targetProcess, .foreignProcess: true
        case .unreachable, .connection, .connectTimeout, .violated, .system: false
        }
    }

    /// What a command ends with.
    package var exitStatus: CommandStatus {
        switch self {
        case .violated: .verificationFailure
        case .system: .internalError
        case .parameters, .unresolved, .tooFewDescriptors, .tooFewPorts, .targetProcess, .foreignProcess: .usage
        case .unreachable, .connection, .connectTimeout: .invalid
        }
    }
}

extension LoadFailure: CustomStringConvertible {
    package var description: String {
        switch self {
        case .parameters(let problems): problems.map(\.description).joined(separator: "\n")
        case .unresolved(let url, let reason): "\(url): \(reason)"
        case .unreachable(let url, let tried): "\(url): nobody answers at any address of its host: \(tried)"
        case .tooFewDescriptors(let needed, let available):
            "too few descriptors: \(needed) are needed, the limit (ulimit -n) is \(available)"
        case .tooFewPorts(let needed, let available, let sources):
            "too few local ports: \(needed) are needed, \(sources.of("source address has", "source addresses have")) \(available)"
        case .targetProcess(let failure): "the server's process: \(failure)"
        case .foreignProcess(let pid, let url, let owners):
            "process \(pid) does not listen at \(url): "
                + (owners.count == 1 ? "process \(owners[0]) does" : "processes \(LoadFailure.text(owners)) do")
        case .connection(let url, let failure, let ready, let requested):
            ready == 0
                ? "\(url): \(failure)" : "\(url): \(failure) (\(LoadFailure.text(ready, requested)))"
        case .connectTimeout(let url, let ready, let requested, let awaited):
            "\(url): connect timeout: \(LoadFailure.text(ready, requested))"
                + (awaited.isEmpty ? "" : "; nothing has come yet of: \(LoadFailure.text(awaited))")
        case .violated(let faults, let failure): "\(failure); verification: \(LoadFailure.text(faults))"
        case .system(let error): "\(error)"
        }
    }

    private static func text(_ ready: Int, _ requested: Int) -> String {
        "\(ready) of \(requested.of("connection was", "connections were")) ready"
    }

    private static func text(_ items: [some CustomStringConvertible]) -> String {
        items.map(\.description).joined(separator: ", ")
    }
}

/// Why one connection is of no use.
package enum ConnectionFailure: Error, Sendable, Equatable {
    case ended(LinkEnd)
    /// The server answered the upgrade request with an HTTP status of its own.
    case notUpgraded(LinkEnd, offered: String)
    /// The server agreed to no subprotocol.
    case noSubprotocol(wanted: String)
    /// The server declined permessage-deflate.
    case uncompressed
    /// The server takes no messages of the size of ours, over RawSocket.
    case tooSmall(limit: Int)
    case aborted(reason: String, message: String)
    /// ABORT in the place of WELCOME, for a client that had something to prove.
    case loginRefused(LoginName, reason: String, message: String)
    /// The client does not go on with a login, since the router has not proved itself or asks for what it must not.
    case loginFailed(LoginName, why: String)
    case goodbye(reason: String)
    /// ERROR for a SUBSCRIBE or REGISTER.
    case refused(request: String, error: String)
    case challenged
    case violation(WAMPViolation)
    /// A message that the protocol allows, but not now.
    case unexpected(String)
}

extension ConnectionFailure: CustomStringConvertible {
    package var description: String {
        switch self {
        case .ended(let end): "\(end)"
        case .notUpgraded(let end, let offered): ConnectionFailure.text(end, offered: offered)
        case .noSubprotocol(let wanted): "the server does not speak the subprotocol \(wanted)"
        case .uncompressed: "the server does not agree to permessage-deflate"
        case .tooSmall(let limit): "the server takes messages of up to \(limit.of("octet")) only"
        case .aborted(let reason, let message): ConnectionFailure.abort(reason, message)
        case .loginRefused(let name, let reason, let message):
            "\(name) was refused: \(ConnectionFailure.abort(reason, message))"
        case .loginFailed(let name, let why): "\(name) failed: \(why)"
        case .goodbye(let reason): "the server said GOODBYE \(reason)"
        case .refused(let request, let error): "\(request) was refused: \(error)"
        case .challenged: "the server demands authentication (CHALLENGE)"
        case .violation(let violation): "the server broke WAMP: \(violation)"
        case .unexpected(let what): "the server sent \(what) unasked"
        }
    }

    private static func abort(_ reason: String, _ message: String) -> String {
        message.isEmpty ? "ABORT \(reason)" : "ABORT \(reason): \(message)"
    }

    /// What came in the place of an upgrade: an answer of HTTP, of the server or of a front end, in its own words. Only some can
    /// be about the subprotocol, which is named beside those.
    private static func text(_ end: LinkEnd, offered: String) -> String {
        guard case .handshake(let status, let reason, let retryAfter) = end else { return "\(end)" }
        // RawSocket has errors of 4 bits, and what is no answer at all has none.
        let isHTTP = status >= 200
        var text = isHTTP ? "HTTP status \(status)" + (reason.isEmpty ? "" : " \(reason)") : "\(end)"
        if let retryAfter { text += "; to be tried again after \(retryAfter) s" }
        let isAboutRequest = !isHTTP || (400...499).contains(status) && ![401, 407, 429].contains(status)
        return isAboutRequest && !offered.isEmpty ? "\(text) (the subprotocol \(offered) was offered)" : text
    }
}

// MARK: For others to read

extension ConnectionFailure {
    /// Without the authid, which may be the name of somebody.
    package var withoutAuthID: ConnectionFailure {
        switch self {
        case .loginRefused(var name, let reason, let message):
            name.authID = nil
            return .loginRefused(name, reason: reason, message: message)
        case .loginFailed(var name, let why):
            name.authID = nil
            return .loginFailed(name, why: why)
        case .ended, .notUpgraded, .noSubprotocol, .uncompressed, .tooSmall, .aborted, .goodbye, .refused, .challenged,
            .violation, .unexpected:
            return self
        }
    }
}

extension LoadFailure {
    /// As ``ConnectionFailure/withoutAuthID``: what a file keeps of it.
    package var withoutAuthID: LoadFailure {
        switch self {
        case .connection(let url, let failure, let ready, let requested):
            .connection(url: url, failure.withoutAuthID, ready: ready, requested: requested)
        case .violated(let faults, let failure): .violated(faults, failure.withoutAuthID)
        case .parameters, .unresolved, .unreachable, .tooFewDescriptors, .tooFewPorts, .targetProcess, .foreignProcess,
            .connectTimeout, .system:
            self
        }
    }
}
