import Foundation
import RennbahnReactor
import RennbahnStages
import RennbahnTrial
import RennbahnWAMP

/// A kind of message whose stages are to be measured, as a file of JSON says it:
/// `{"serializer": "json", "compression": "deflate;level=1", "payloads": ["WzFd"]}`.
struct StageJob: Codable, Equatable {
    /// Level of the intervals.
    private static let level = 0.95

    /// `json`, `msgpack`.
    var serializer: String
    /// As `--compression` takes it.
    var compression: String
    /// See ``StageInput/payloads``; Base64 in the file.
    var payloads: [Data]

    init(_ serializer: Serializer, _ compression: CompressionOption, payloads: [[UInt8]]) {
        self.serializer = serializer.name
        self.compression = compression.text
        self.payloads = payloads.map { Data($0) }
    }

    init(readingFile path: String) throws {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Failure.usage("\(path) cannot be read")
        }
        do {
            self = try JSONDecoder().decode(StageJob.self, from: data)
        } catch {
            throw Failure.usage("\(path) is no list of payloads with serializer and compression")
        }
    }

    func write(to file: URL) throws {
        try JSONEncoder().encode(self).write(to: file)
    }

    /// - Throws: `Failure` for names that do not exist.
    func input() throws -> StageInput {
        guard let known = Serializer(name: serializer) else {
            throw Failure.usage("\(serializer) is no serializer: json or msgpack")
        }
        let policy: CompressionOption
        do {
            policy = try CompressionOption(parsing: compression)
        } catch {
            throw Failure.usage("\(compression): \(error)")
        }
        return StageInput(serializer: known, deflate: policy.policy, payloads: payloads.map { Array($0) })
    }

    /// Measures the stages of kinds of messages, which take turns, and counts their instructions where that is wanted and can be
    /// done.
    ///
    /// - Parameter budget: nanoseconds of measuring for each kind, without what is prepared before.
    static func costs(
        of jobs: [StageJob], budget: UInt64, counter: InstructionCounter?,
        isInterrupted: @escaping () -> Bool = { false }
    ) throws -> [StageCosts] {
        let inputs = try jobs.map { try $0.input() }
        var costs: [StageCosts]
        do {
            costs = try StageCosts.measure(
                inputs, budget: budget * UInt64(inputs.count), now: ThreadClock.now
            ) {
                StudentT(degreesOfFreedom: $0).quantile((1 + StageJob.level) / 2)
            }
        } catch {
            throw Failure.usage("\(error)")
        }
        for (index, job) in jobs.enumerated() where !isInterrupted() {
            costs[index].note(instructions: counter?.count(job, isInterrupted: isInterrupted))
        }
        return costs
    }
}
