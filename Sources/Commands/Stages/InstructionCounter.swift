import Foundation
import RennbahnReactor
import RennbahnStages

/// Counts instructions of the stages by running `rennbahn stages` under callgrind, where valgrind and strip are installed.
///
/// Each count is one child process, which is awaited or killed, and a folder that is gone afterwards. Ids and hashes are the same
/// in every run, so that two counts of a program with the same payloads give the same numbers.
struct InstructionCounter {
    /// How often it is asked whether the user wants an end, in nanoseconds.
    private static let look: UInt64 = 200_000_000

    /// This program.
    let executable: String
    var valgrind = "valgrind"
    var strip = "strip"
    /// Nanoseconds of one count.
    var limit: UInt64 = 6_000_000_000
    /// Where the folder is made.
    var place = FileManager.default.temporaryDirectory

    /// Instructions per message of each stage, of the first payloads; `nil` where a tool is missing, fails or takes too long.
    func count(_ job: StageJob, isInterrupted: @escaping () -> Bool = { false }) -> [Stage: Double]? {
        let folder = place.appending(path: "rennbahn-\(UUID().uuidString)")
        guard (try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)) != nil else {
            return nil
        }
        defer { try? FileManager.default.removeItem(at: folder) }
        let wait = Wait(deadline: MonotonicClock.now() + limit, isInterrupted: isInterrupted)
        return try? count(job.beginning(), in: folder, wait)
    }

    private func count(_ job: StageJob, in folder: URL, _ wait: Wait) throws -> [Stage: Double]? {
        let program = folder.appending(path: "program").path
        let input = folder.appending(path: "input")
        let output = folder.appending(path: "profile")
        // Names of functions are all that is needed, and valgrind does not know all forms of debug information.
        let stripping = try ChildProcess(
            strip, arguments: ["--strip-debug", "-o", program, executable], output: .discard, errors: .discard)
        guard wait.untilEnd(of: stripping) else { return nil }
        try job.write(to: input)
        let counting = try ChildProcess(
            valgrind,
            arguments: [
                "--quiet", "--tool=callgrind", "--vgdb=no", "--dump-instr=no", "--dump-line=no",
                "--callgrind-out-file=\(output.path)", program, "stages", "--input", input.path, "--counted",
            ], environment: ["SWIFT_DETERMINISTIC_HASHING": "1"], errors: .discard)
        guard let line = wait.line(of: counting), let messages = Int(line), messages > 0, wait.untilEnd(of: counting)
        else { return nil }
        let profile = CallgrindProfile(parsing: String(decoding: try Data(contentsOf: output), as: UTF8.self))
        guard !profile.instructions.isEmpty else { return nil }
        return profile.instructions.mapValues { Double($0) / Double(messages) }
    }

    /// Waiting for a child, for a while, unless the user wants an end. A child that is given up on is killed when it is dropped.
    private struct Wait {
        let deadline: UInt64
        let isInterrupted: () -> Bool

        private var step: UInt64? {
            let now = MonotonicClock.now()
            return now >= deadline || isInterrupted() ? nil : min(deadline, now + InstructionCounter.look)
        }

        /// Whether it ended well.
        func untilEnd(of process: ChildProcess) -> Bool {
            while let step {
                if let status = process.wait(deadline: step) { return status == .exited(code: 0) }
            }
            return false
        }

        /// The first line that it prints.
        func line(of process: ChildProcess) -> String? {
            while let step {
                switch process.readLine(deadline: step) {
                case .line(let line): return line
                case .ended: return nil
                case .timedOut: continue
                }
            }
            return nil
        }
    }
}

extension StageJob {
    /// The job with no more payloads than are enough: valgrind makes a program some fifty times slower.
    func beginning() throws -> StageJob {
        var job = self
        job.payloads = Array(payloads.prefix(try input().enoughPayloads()))
        return job
    }
}
