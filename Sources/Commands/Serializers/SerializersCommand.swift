import ArgumentParser
import RennbahnMeasurement
import RennbahnReactor
import RennbahnReport
import RennbahnTrial
import RennbahnWAMP
import RennbahnWorkload

struct SerializersCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "serializers",
        abstract: "What serializers and compression cost for documents, and what follows from that.",
        discussion: """
            Publishes documents, small and large, textual, numeric and boolean, to a router with one subscriber for \
            each publisher: the shipped ones of docs/payloads.md, or your own. Each in JSON and MsgPack, with and \
            without permessage-deflate, in turns of hundredths of a second against JSON without compression and its \
            twin, from three starts of the processes and more: octets on the wire, CPU time of router and clients per \
            message, each ratio with its interval of 95 %. With 16 publications in flight, and in an open loop at a \
            rate that every format bears easily. Then for three documents the levels, windows and context takeover of \
            deflate, what the stages of the router's path cost in process, and the advice that follows, in words. \
            Writes results/<date>-<commit>-serializers.json.

            The default takes a quarter of an hour, --quick two minutes, --full an hour and more.
            """)

    @Argument(
        help:
            "Your own documents: files of JSON (.json: a document, or a list of several; .jsonl: one in each line), or folders."
    )
    var files: [String] = []

    @Option(help: "Shipped documents, separated by commas; see docs/payloads.md. Default: twelve of them.")
    var documents: String?

    @Flag(help: "Two minutes: four documents, wider intervals, nothing but the usual compression.")
    var quick = false

    @Flag(help: "All settings of compression for all documents and serializers.")
    var full = false

    @Option(
        help: """
            Clients of each side, half of them publishers; half as many where a turn would take too long. \
            Default: 8, for a large document 4.
            """, transform: Quantity.count)
    var clients: Int?

    @Option(help: "Publications in flight per publisher. (default: 16)", transform: Quantity.count)
    var depth = 16

    @OptionGroup var common: TrialOptions

    static let rules: [OptionRule] = [
        .excludes("--quick", ["--full"], because: "one is short, the other long")
    ]

    func execute() throws -> CommandStatus {
        let plan = try checkedPlan()
        let (settings, trials) = (try checkedSettings(), try checkedTrials())
        let servers = RunningServers()
        let interruption = try Interruption(ending: servers)
        let environment = BenchEnvironment.gather(
            seed: common.seed, routerPins: settings.routerPins.isEmpty ? nil : settings.routerPins,
            generatorPins: settings.generatorPins.isEmpty ? nil : settings.generatorPins)
        let job = SerializersJob(
            plan: plan, settings: settings, trials: trials, environment: environment, results: common.results,
            stageBudget: quick ? 20_000_000 : 60_000_000, countsInstructions: !quick, servers: servers,
            isInterrupted: { interruption.wasAsked })
        for set in plan.documents where set.repeatsWithinWindow(.json) {
            Console.error("rennbahn: \(set.name): \(DocumentSet.repetition)")
        }
        let status = try job.run()
        return common.allowInvalid && status == .invalid ? .good : status
    }

    private func checkedPlan() throws -> SerializersPlan {
        guard (4...10_000).contains(clients ?? 4) else { throw Failure.usage("--clients must be 4 to 10000") }
        guard (1...WorkloadParameters.maximumDepth).contains(depth) else {
            throw Failure.usage("--depth must be 1 to \(WorkloadParameters.maximumDepth)")
        }
        let sets = try checkedDocuments()
        let crossed = files.isEmpty && documents == nil && !full ? sets.filter { $0.kind?.isCrossed ?? false } : sets
        return SerializersPlan(
            documents: sets, crossed: quick ? [] : crossed, crossesSerializers: full, clients: clients, depth: depth,
            shards: 1)
    }

    private func checkedDocuments() throws -> [DocumentSet] {
        var sets: [DocumentSet] = []
        if let documents {
            for name in documents.split(separator: ",") {
                guard let kind = DocumentKind(rawValue: String(name)) else {
                    let known = DocumentKind.allCases.map(\.name).joined(separator: ", ")
                    throw Failure.usage("--documents: \(name) is not one of \(known)")
                }
                sets.append(.shipped(kind, seed: common.seed))
            }
            guard !sets.isEmpty else { throw Failure.usage("--documents: nothing is given") }
        }
        for file in files {
            do throws(DocumentFault) {
                guard case .documents(let set) = try PayloadOption.content([file], nil, seed: common.seed) else {
                    throw DocumentFault(file: file, "is no file or folder of documents")
                }
                sets.append(set)
            } catch {
                throw Failure.usage("\(error)")
            }
        }
        guard sets.isEmpty else { return sets }
        let kinds = full ? DocumentKind.allCases : quick ? DocumentKind.quick : DocumentKind.twelve
        return kinds.map { .shipped($0, seed: common.seed) }
    }

    private func checkedTrials() throws -> TrialSettings {
        try common.settings(
            budget: quick ? 75 : full ? 3600 : 780)
    }

    private func checkedSettings() throws -> BenchSettings {
        let processors = Processor.allowed
        let isPinned = processors.count > 1
        return BenchSettings(
            clients: clients ?? 0, depth: depth, shards: 1, rounds: 1, warmUp: 0, duration: 1, seed: common.seed,
            routerPins: isPinned ? [processors[0]] : [], generatorPins: isPinned ? [processors[1]] : [],
            executable: try BenchCommand.executable(), cFloor: nil, peerRealm: "realm1")
    }
}

extension DocumentKind {
    /// Of all classes of documents, without what is none.
    fileprivate static let twelve = allCases.filter { $0 != .binary && $0 != .stamp }
    fileprivate static let quick: [DocumentKind] = [.tick, .chat, .sensors, .catalogue]

    /// Whether the settings of compression are tried with it: one of each size.
    fileprivate var isCrossed: Bool {
        switch self {
        case .chat, .sensors, .catalogue: true
        default: false
        }
    }
}
