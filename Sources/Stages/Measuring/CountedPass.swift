/// Each stage once for each message of a stream, for who counts instructions of the functions that carry them out
/// (``CallgrindProfile``). The same in every run.
package struct CountedPass: ~Copyable {
    private var path: StagePath

    /// Prepares the stream. Nothing that is counted runs yet, but all of it has run before.
    package init(_ input: StageInput) throws(StageFailure) {
        path = try StagePath.checked(input, .repeatable)
    }

    /// - Returns: how many messages each stage had.
    package mutating func run() throws(StageFailure) -> Int {
        try CountedPass.run(&path, path.messages)
        return path.messages
    }

    static func run<Work: StageWork & ~Copyable>(_ work: inout Work, _ messages: Int) throws(StageFailure) {
        for part in work.parts { try work.run(part, messages) }
    }
}
