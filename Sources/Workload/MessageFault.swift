/// What was wrong with one message, or with several between the same two. The counters say how many there were; of the first
/// few this says which.
package struct MessageFault: Equatable, Sendable {
    /// Which kind of message, and between whom: by their numbers in the fleet.
    package enum Path: Equatable, Sendable {
        /// The sender is `nil` where the payload cannot say it.
        case event(publisher: Int?, subscriber: Int)
        case published(publisher: Int)
        case invocation(caller: Int?, callee: Int)
        case result(caller: Int)
        case echo(client: Int)
        /// Any other message, by its name.
        case message(String, to: Role)
    }

    package enum Kind: Equatable, Sendable {
        /// So many never came.
        case lost(UInt64)
        case duplicated(sequence: UInt64)
        /// What comes but once has come again.
        case repeated
        /// After a later one.
        case reordered(sequence: UInt64)
        case corrupted
        /// Sound, but of another run.
        case otherRun
        /// Sound, but not for who got it.
        case misdirected
        /// An id that was not granted.
        case foreignID(String, UInt64, granted: UInt64)
        /// The answer to a request that was not made, where another waits for its answer.
        case foreignRequest(UInt64)
        /// What has no place here, whatever it carries.
        case unasked
        /// What it says, or what is wrong with it.
        case explained(String)
        /// An ERROR in place of what was awaited.
        case refused(String)
    }

    package let path: Path
    package let kind: Kind

    package init(_ path: Path, _ kind: Kind) {
        self.path = path
        self.kind = kind
    }
}

extension MessageFault: CustomStringConvertible {
    package var description: String {
        switch kind {
        case .lost(let count): "\(path): \(count) lost"
        case .duplicated(let sequence): "\(path): number \(sequence) came twice"
        case .repeated: "\(path): came twice"
        case .reordered(let sequence): "\(path): number \(sequence) came after a later one"
        case .corrupted: "\(path): damaged"
        case .otherRun: "\(path): of another run"
        case .misdirected: "\(path): not for this receiver"
        case .foreignID(let name, let id, let granted): "\(path): \(name) \(id), where \(granted) was granted"
        case .foreignRequest(let request): "\(path): for request \(request), which was not made"
        case .unasked: "\(path): nobody asked for it"
        case .explained(let text): "\(path): \(text)"
        case .refused(let error): "\(path): ERROR \(error)"
        }
    }
}

extension MessageFault.Path: CustomStringConvertible {
    package var description: String {
        switch self {
        case .event(let publisher, let subscriber): "EVENT\(from("publisher", publisher)) to subscriber \(subscriber)"
        case .published(let publisher): "PUBLISHED to publisher \(publisher)"
        case .invocation(let caller, let callee): "INVOCATION\(from("caller", caller)) to callee \(callee)"
        case .result(let caller): "RESULT to caller \(caller)"
        case .echo(let client): "echo to client \(client)"
        case .message(let name, let role): "\(name) to \(role.name)"
        }
    }

    private func from(_ kind: String, _ number: Int?) -> String { number.map { " from \(kind) \($0)" } ?? "" }
}

extension Role {
    /// What a person calls the client.
    fileprivate var name: String {
        switch self {
        case .publisher(let sender, _): "publisher \(sender)"
        case .subscriber(let index, _): "subscriber \(index)"
        case .stuckSubscriber(let topic): "a stuck subscriber of topic \(topic)"
        case .caller(let sender, _): "caller \(sender)"
        case .callee(let procedure): "callee \(procedure)"
        case .visitor: "a visitor"
        case .echoer(let sender): "client \(sender)"
        case .listener: "a client"
        }
    }
}

/// The first faults of a run, by name; the rest is only counted elsewhere.
package struct FaultList: Equatable, Sendable {
    package static let capacity = 10
    package private(set) var faults: [MessageFault] = []

    package init() {}

    package var isFull: Bool { faults.count >= FaultList.capacity }

    package mutating func note(_ fault: MessageFault) {
        if !isFull { faults.append(fault) }
    }

    /// Of a run that was broken off: what is on its way then is not lost.
    package var withoutLosses: FaultList {
        var list = FaultList()
        for fault in faults {
            if case .lost = fault.kind { continue }
            list.note(fault)
        }
        return list
    }

    package static func += (sum: inout FaultList, other: FaultList) {
        for fault in other.faults { sum.note(fault) }
    }
}
