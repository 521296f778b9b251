import RennbahnWAMP

/// Everything that defines the work of one run.
package struct WorkloadParameters: Equatable, Sendable {
    package var scenario: Scenario
    package var clients: Int
    package var payload: PayloadContent
    package var load: LoadModel
    /// How the rate of an open loop moves, whose mean over the window ``load`` has; nil: it does not.
    package var shape: RateShape?
    /// Connections that may be started in a second; nil for as fast as the router answers.
    package var connectRate: Double?
    /// Generator shards.
    package var shards: Int
    package var phases: PhaseDurations
    package var seed: UInt64
    /// `echo`: what an answer must be.
    package var reply = ReplyCheck.same
    /// `pubsub`: subscribers that keep the router waiting.
    package var laggards = Laggards()

    package init(
        scenario: Scenario, clients: Int, payload: PayloadContent = .filler(bytes: Stamp.byteCount),
        load: LoadModel = .closed(depth: 1), connectRate: Double? = nil, shards: Int = 1,
        phases: PhaseDurations = PhaseDurations(), seed: UInt64 = 1
    ) {
        self.scenario = scenario
        self.clients = clients
        self.payload = payload
        self.load = load
        self.connectRate = connectRate
        self.shards = shards
        self.phases = phases
        self.seed = seed
    }

    /// Subscribers that do not read as they should. The publishers wait for neither kind.
    package struct Laggards: Equatable, Sendable {
        /// They read once in ``interval``, and get everything in the end.
        package var slow = 0
        /// They never read: the router is to drop them.
        package var stuck = 0
        /// Nanoseconds between two reads of a slow one.
        package var interval: UInt64 = 200_000_000

        package init(slow: Int = 0, stuck: Int = 0) {
            self.slow = slow
            self.stuck = stuck
        }

        /// Numbers of users: what is too large to add up is too large.
        package var count: Int {
            let (sum, overflows) = slow.addingReportingOverflow(stuck)
            return overflows ? .max : sum
        }
    }

    /// Of the load, from the beginning of the warm-up; nil: its rate does not move.
    package var profile: RateProfile? { shape?.profile(length: phases.warmUp + phases.window) }

    /// Whether whoever watches the run may hold it up, or change its rate: a timetable of the user's own stands.
    package var canPause: Bool { scenario.canPause && shape == nil }

    package static let maximumPayloadBytes = 16 << 20
    /// Operations in flight per sender.
    package static let maximumDepth = 65_536
    /// Operations a second, of all shards, and the most connections that are begun in a second.
    package static let rateRange = 0.001...100_000_000
}

/// One thing that is wrong with the parameters, named for the option of `rennbahn load` that can put it right.
package struct WorkloadProblem: Error, Equatable, Sendable, CustomStringConvertible {
    /// Without the dashes, since other commands have other options for it.
    package let option: String
    package let message: String

    package init(option: String, message: String) {
        self.option = option
        self.message = message
    }

    package var description: String { "\(option): \(message)" }
}

extension WorkloadParameters {
    /// All problems at once, so that one look is enough. Empty when the work can be done.
    package func problems() -> [WorkloadProblem] {
        payloadProblems() + sizeProblems() + roleProblems() + loadProblems() + phaseProblems()
    }

    private func sizeProblems() -> [WorkloadProblem] {
        var found: [WorkloadProblem] = []
        if clients < 1 {
            found.append(WorkloadProblem(option: "clients", message: "must be at least 1, is \(clients)"))
        }
        if clients > Stamp.maximumSender {
            found.append(
                WorkloadProblem(option: "clients", message: "must be at most \(Stamp.maximumSender), is \(clients)"))
        }
        if shards < 1 { found.append(WorkloadProblem(option: "shards", message: "must be at least 1, is \(shards)")) }
        if let connectRate, !(connectRate > 0 && connectRate <= WorkloadParameters.rateRange.upperBound) {
            let most = Int(WorkloadParameters.rateRange.upperBound)
            found.append(
                WorkloadProblem(
                    option: "ramp", message: "must be more than 0 a second and at most \(most), is \(connectRate)"))
        }
        return found
    }

    private func payloadProblems() -> [WorkloadProblem] {
        let most = WorkloadParameters.maximumPayloadBytes
        switch payload {
        case .filler(let bytes, _):
            guard !(Stamp.byteCount...most).contains(bytes) else { return [] }
            let why = "the first \(Stamp.byteCount) bytes carry sender, sequence, time and checksum"
            return [
                WorkloadProblem(
                    option: "payload", message: "must be \(Stamp.byteCount) to \(most), is \(bytes); \(why)")
            ]
        case .documents(let documents):
            let largest = Serializer.allCases.map { payload.largestBytes($0) }.max() ?? 0
            guard largest > most else { return [] }
            let message = "a document of \(documents.name) has \(largest) octets with its stamp, more than \(most)"
            return [WorkloadProblem(option: "payload", message: message)]
        case .message(let template):
            guard scenario.isBare else {
                return [WorkloadProblem(option: "message", message: "does not apply to \(scenario.name)")]
            }
            guard reply == .stamped, !template.hasStamp else { return [] }
            return [WorkloadProblem(option: "reply", message: "stamped needs {stamp} in --message")]
        }
    }

    private func roleProblems() -> [WorkloadProblem] {
        var found: [WorkloadProblem] = []
        func require(_ option: String, _ value: Int, atLeast minimum: Int, _ why: String) {
            guard value < minimum else { return }
            found.append(WorkloadProblem(option: option, message: "must be at least \(minimum) (\(why)), is \(value)"))
        }
        require("slow", laggards.slow, atLeast: 0, "it is a number of subscribers")
        require("stuck", laggards.stuck, atLeast: 0, "it is a number of subscribers")
        require("slow-interval", Int(clamping: laggards.interval), atLeast: 1, "a time")
        switch scenario {
        case .pubsub(let publishers, let subscribers, let topics):
            if laggards.count > 0 {
                let (sum, overflows) = laggards.count.addingReportingOverflow(max(1, topics))
                let needed = overflows ? .max : sum
                let why = "slow and stuck ones, and a healthy one for each topic"
                require("subscribers", subscribers, atLeast: needed, why)
            }
            require("topics", topics, atLeast: max(1, shards), "one for each generator shard")
            require("publishers", publishers, atLeast: max(1, topics), "one for each topic")
            require("subscribers", subscribers, atLeast: max(1, topics), "one for each topic")
        case .rpc(let callers, let callees):
            require("callees", callees, atLeast: max(1, shards), "one for each generator shard")
            require("callers", callers, atLeast: max(1, shards), "one for each generator shard")
        case .connect, .echo, .push:
            require("clients", clients, atLeast: max(1, shards), "one for each generator shard")
        }
        if laggards.count > 0, scenario.name != "pubsub" {
            let option = laggards.slow > 0 ? "slow" : "stuck"
            found.append(WorkloadProblem(option: option, message: "does not apply to \(scenario.name)"))
        }
        if clients > 0, let count = scenario.roleCount, count != clients {
            found.append(
                WorkloadProblem(option: "clients", message: "is \(clients), but the roles add up to \(count)"))
        }
        return found
    }

    private func loadProblems() -> [WorkloadProblem] {
        switch load {
        case .closed(let depth):
            guard !(1...WorkloadParameters.maximumDepth).contains(depth) else { return [] }
            let range = "1 to \(WorkloadParameters.maximumDepth)"
            return [WorkloadProblem(option: "depth", message: "must be \(range), is \(depth)")]
        case .open(let rate, _):
            if scenario == .connect || scenario == .push {
                return [WorkloadProblem(option: "rate", message: "does not apply to \(scenario.name)")]
            }
            let rates = [rate] + (shape?.rates ?? [])
            guard let rate = rates.first(where: { !WorkloadParameters.rateRange.contains($0) }) else { return [] }
            let range = "0.001 to \(Int(WorkloadParameters.rateRange.upperBound)) a second"
            return [WorkloadProblem(option: "rate", message: "must be \(range), is \(rate)")]
        }
    }

    private func phaseProblems() -> [WorkloadProblem] {
        var found: [WorkloadProblem] = []
        if phases.window == 0 { found.append(WorkloadProblem(option: "duration", message: "must be longer than 0 s")) }
        if phases.connectTimeout == 0 {
            found.append(WorkloadProblem(option: "connect-timeout", message: "must be longer than 0 s"))
        }
        if (phases.total ?? .max) > Stamp.maximumTime {
            found.append(
                WorkloadProblem(option: "duration", message: "all phases together must not exceed 78 hours"))
        }
        return found
    }
}
