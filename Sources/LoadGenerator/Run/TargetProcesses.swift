import RennbahnMeasurement
import RennbahnReactor

/// The processes that a run's figures of the router are of: those that have the listening socket of its addresses, and their
/// workers that serve connections.
struct TargetProcesses {
    /// What follows from who was named and who was found.
    struct Choice: Equatable {
        /// Processes to sample; empty where they cannot be told.
        var listening: [Int32]
        /// What is to be said of that.
        var warning: RunWarning?
        /// Whether they are those that the sockets led to, so that workers can be looked for.
        var areFound = false
    }

    private let choice: Choice
    private let addresses: [SocketAddress]

    /// - Parameter addresses: of the router, at least one.
    init(_ configuration: LoadConfiguration, _ addresses: [SocketAddress]) throws(LoadFailure) {
        self.addresses = addresses
        let named = configuration.targetProcesses
        do throws(ProcessSampler.Failure) {
            for pid in named { _ = try ProcessSampler(pid: pid) }
        } catch {
            throw .targetProcess(error)
        }
        guard !configuration.targetIsOwn else {
            choice = Choice(listening: named)
            return
        }
        choice = try TargetProcesses.choose(
            named, of: addresses.map { SocketOwners(of: $0) }, url: configuration.target.url,
            own: ProcessSampler.ownProcess, isHere: { SocketOwners.sharesNetwork($0) == true })
    }

    /// A process that is named and is certainly another one's fails the run before it begins: its figures would be told as the
    /// router's, and the answer, who it is, is known.
    ///
    /// - Parameters:
    ///   - named: processes that the user says it is.
    ///   - owners: for each address who listens there.
    ///   - own: this process.
    ///   - isHere: whether a process has sockets of this network namespace.
    static func choose(
        _ named: [Int32], of owners: [SocketOwners], url: String, own: Int32, isHere: (Int32) -> Bool
    ) throws(LoadFailure) -> Choice {
        let found = Set(owners.flatMap(\.listening)).sorted()
        let isWhole = owners.allSatisfy { !$0.areSomeHidden && !$0.areElsewhere }
        let strangers = named.filter { !found.contains($0) }
        if let stranger = strangers.first {
            guard isWhole, isHere(stranger) else {
                return Choice(
                    listening: named,
                    warning: RunWarning(
                        .routerProcessUnknown,
                        "whether process \(stranger) listens at \(url) cannot be told: its CPU time may not be the router's"
                    ))
            }
            throw .foreignProcess(pid: stranger, url: url, owners: found)
        }
        // A program that is both: what it starts meanwhile has its sockets, too, for a moment.
        if found.contains(own) {
            return Choice(
                listening: named,
                warning: named.isEmpty ? unknown("the router runs in the generator's process", []) : nil)
        }
        var choice = Choice(listening: found, areFound: !found.isEmpty)
        if owners.contains(where: \.areSomeHidden) {
            let who = found.isEmpty ? "the process" : "some of the processes"
            choice.warning = unknown("\(who) listening at \(url) cannot be looked into", found)
        } else if owners.contains(where: \.areElsewhere) {
            choice.warning = unknown("no process of this machine listens at \(url)", found)
        }
        return choice
    }

    private static func unknown(_ reason: String, _ found: [Int32]) -> RunWarning {
        RunWarning(
            .routerProcessUnknown,
            "\(reason): the router's CPU time is \(found.isEmpty ? "not measured" : "not measured whole")")
    }

    var listening: [Int32] { choice.listening }
    var warning: RunWarning? { choice.warning }

    /// Those that may come to serve connections, before the first: what they used until then is to be known.
    var candidates: [Int32] { choice.areFound ? SocketOwners.relatives(of: listening) : [] }

    /// Those that listen or serve connections now, ascending.
    var serving: [Int32] {
        guard choice.areFound else { return listening }
        let now = addresses.reduce(into: Set(listening)) { $0.formUnion(SocketOwners(of: $1).listening) }
        return now.union(SocketOwners.workers(of: listening, at: addresses)).sorted()
    }
}
