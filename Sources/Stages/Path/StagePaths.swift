import RennbahnBytes

/// The paths of several kinds of messages, side by side: of each stage first all kinds, so that what is to be compared is measured
/// close together.
struct StagePaths: ~Copyable, StageWork {
    struct Part: Hashable {
        /// The number of the kind.
        let kind: Int
        let stage: Stage
    }

    let parts: [Part]
    private let paths: Slab<StagePath>

    static func checked(_ inputs: [StageInput], _ ids: PublicationIDs) throws(StageFailure) -> StagePaths {
        var paths = Slab<StagePath>(capacity: max(1, inputs.count))
        var parts: [Part] = []
        for input in inputs {
            let path = try StagePath.checked(input, ids)
            let stages = path.parts
            guard let kind = paths.insert(path) else { preconditionFailure("there is a slot for each kind") }
            parts += stages.map { Part(kind: kind, stage: $0) }
        }
        let order = Stage.allCases.flatMap { stage in parts.filter { $0.stage == stage } }
        return StagePaths(parts: order, paths: paths)
    }

    private init(parts: [Part], paths: consuming Slab<StagePath>) {
        self.parts = parts
        self.paths = paths
    }

    mutating func run(_ part: Part, _ count: Int) throws(StageFailure) {
        try paths[part.kind].run(part.stage, count)
    }
}
