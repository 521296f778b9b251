import Foundation
import Testing

@testable import RennbahnMeasurement

@Suite("Results and statistics")
struct ResultsTests {
    private func cell(
        _ serializer: String, _ compression: String, payload: Int = 32, cpu: Double, bytes: UInt64
    ) -> ResultCell {
        let parameters = CellParameters(
            scenario: "rpc", serializer: serializer, compression: compression, payloadBytes: payload, clients: 2)
        let router = ProcessFigures(
            cpu: CPUUsage(user: cpu, system: 0), seconds: 2, cores: 1, messages: 1000, residentBytes: 3000)
        let measurements = CellMeasurements(
            seconds: 2, messages: 1000, operations: 1000, router: router,
            generator: ProcessFigures(
                cpu: CPUUsage(user: 1, system: 0.9), seconds: 2, cores: 1, messages: 1000, residentBytes: 1),
            wire: WireFigures(bytesIn: bytes, bytesOut: bytes, messages: 1000),
            latency: LatencyFigures(response: LatencyFigure(LatencyRecorder())), verification: VerificationCounters())
        return ResultCell(parameters: parameters, measurements: measurements, verdict: .valid)
    }

    @Test("arguments are kept without the folders of the machine they were typed on")
    func portableArguments() {
        let typed = [
            "gate", "--a", "/data/old/router --port {port}", "--json=/data/out.json", "--url", "ws://127.0.0.1:8080/ws",
            "-",
            "build/router", "/", "",
        ]
        #expect(
            RunEnvironment.withoutFolders(typed) == [
                "gate", "--a", "router --port {port}", "--json=out.json", "--url", "ws://127.0.0.1:8080/ws", "-",
                "build/router", "/", "",
            ])
    }

    @Test("CPU of a window is the difference of two samples, split, per message and as a share")
    func cpu() {
        let usage = CPUUsage(from: CPUSample(user: 1, system: 2), to: CPUSample(user: 1.5, system: 3))
        #expect(usage == CPUUsage(user: 0.5, system: 1))
        #expect(usage.share(ofSeconds: 2, cores: 1) == 0.75)
        #expect(usage.share(ofSeconds: 2, cores: 3) == 0.25)
        #expect(usage.share(ofSeconds: 0, cores: 1) == 0)
        #expect(usage.microseconds(perMessageOf: 100_000) == CPUPerMessage(user: 5, system: 10, total: 15))
        #expect(usage.microseconds(perMessageOf: 0) == nil)
        let backwards = CPUUsage(from: CPUSample(user: 9, system: 2), to: CPUSample(user: 1, system: 3))
        #expect(backwards == CPUUsage(user: 0, system: 1))
    }

    @Test("figures of a cell follow from what was counted")
    func cellFigures() throws {
        let figures = cell("json", "none", cpu: 0.5, bytes: 40_000).measurements
        #expect(figures.messagesPerSecond == 500)
        #expect(figures.wire.bytesPerMessage == 80)
        #expect(figures.router?.cpuMicrosecondsPerMessage?.total == 500)
        #expect(figures.router?.cpuShare == 0.25)
        #expect(figures.router?.residentBytesPerConnection == nil)
        #expect(figures.generator.residentBytesPerConnection == nil)
        #expect(figures.saturated == .generator)
        #expect(figures.generatorFlagged && figures.lowerBound)
    }

    @Test("formats are compared to JSON uncompressed of the same work only")
    func comparison() {
        let cells = [
            cell("json", "none", cpu: 0.5, bytes: 4000), cell("json", "permessage-deflate", cpu: 1, bytes: 2000),
            cell("msgpack", "none", cpu: 0.4, bytes: 3000), cell("msgpack", "none", payload: 1024, cpu: 9, bytes: 9),
        ]
        let rows = SerializerComparison.rows(of: cells)
        #expect(rows.map(\.serializer) == ["json", "json", "msgpack"])
        #expect(rows.map(\.routerCPURatio) == [1, 2, 0.8])
        #expect(rows.map(\.bytesRatio) == [1, 0.5, 0.75])
        #expect(rows.allSatisfy { $0.throughputRatio == 1 && $0.work == "rpc 32 B" })
    }

    @Test("each ratio is that of its own figure, the format's over the baseline's")
    func ratios() {
        var msgpack = cell("msgpack", "none", cpu: 0.25, bytes: 1000)
        msgpack.measurements.generator.cpuMicrosecondsPerMessage?.total *= 4
        msgpack.measurements.messagesPerSecond *= 8
        let row = SerializerComparison.rows(of: [cell("json", "none", cpu: 0.5, bytes: 500), msgpack])[1]
        #expect(row.routerCPURatio == 0.5 && row.bytesRatio == 2)
        #expect(row.generatorCPURatio == 4 && row.throughputRatio == 8)
    }

    @Test("warnings and unanswered operations survive JSON, and a file that is older than them is read")
    func additions() throws {
        var cell = cell("json", "none", cpu: 0.5, bytes: 4000)
        let older = String(decoding: try JSONEncoder().encode(cell), as: UTF8.self)
        #expect(!older.contains("warnings") && !older.contains("unanswered"))
        #expect(try JSONDecoder().decode(ResultCell.self, from: Data(older.utf8)) == cell)
        cell = ResultCell(
            parameters: cell.parameters, measurements: cell.measurements, verdict: .valid,
            warnings: [RunWarning(.nagleStalls, "one in 5")])
        cell.measurements.latency.unanswered = UnansweredFigures(count: 3, atLeast: 5_000_000_000)
        let text = String(decoding: try JSONEncoder().encode(cell), as: UTF8.self)
        #expect(text.contains(#""kind":"nagle-stalls""#) && text.contains(#""atLeast":5000000000"#))
        #expect(try JSONDecoder().decode(ResultCell.self, from: Data(text.utf8)) == cell)
    }

    @Test("what was never answered in two runs is counted together, with the shortest wait")
    func unanswered() {
        let sum = UnansweredFigures(count: 3, atLeast: 500) + UnansweredFigures(count: 4, atLeast: 90)
        #expect(sum == UnansweredFigures(count: 7, atLeast: 90))
    }

    @Test("a foreign router leaves its figures out, and a saturated generator still marks the bound")
    func foreignRouter() {
        var measurements = cell("json", "none", cpu: 1, bytes: 1).measurements
        measurements = CellMeasurements(
            seconds: 2, messages: 1, operations: 1, router: nil, generator: measurements.generator,
            wire: measurements.wire, latency: measurements.latency, verification: measurements.verification)
        #expect(measurements.saturated == nil)
        #expect(measurements.lowerBound)
    }

    @Test("a verification failure outweighs an invalid cell in the exit status")
    func exitStatus() {
        let environment = RunEnvironment(
            cpuModel: "", cores: 1, kernel: "", operatingSystem: "", toolchain: "", buildConfiguration: "release",
            commit: "0123456789", dirty: true, commandLine: [], seed: 1, date: "", loadAverage: [])
        #expect(environment.shortCommit == "0123456-dirty")
        var cells = [cell("json", "none", cpu: 1, bytes: 1), cell("json", "none", cpu: 1, bytes: 1)]
        func status() -> CommandStatus { ResultsDocument(environment: environment, cells: cells).exitStatus }
        #expect(status() == .good)
        cells[1].verdict = .invalid([])
        #expect(status() == .invalid)
        cells[0].verdict = .verificationFailed(alsoInvalid: [])
        #expect(status() == .verificationFailure)
        cells = []
        #expect(status() == .good)
    }

    @Test("statistics of known values, and nothing of too few")
    func statistics() throws {
        #expect(Statistics.mean([]) == nil && Statistics.median([]) == nil)
        #expect(Statistics.mean([1, 2, 6]) == 3)
        #expect(Statistics.median([9, 1, 5]) == 5)
        #expect(Statistics.median([4, 1, 2, 9]) == 3)
        #expect(Statistics.standardDeviation([1]) == nil)
        #expect(Statistics.standardDeviation([2, 4, 4, 4, 5, 5, 7, 9]) == (32.0 / 7).squareRoot())
        #expect(abs(try #require(Statistics.geometricMean(ofRatios: [2, 0.5])) - 1) < 1e-12)
        #expect(abs(try #require(Statistics.geometricMean(ofRatios: [1, 8])) - 8.0.squareRoot()) < 1e-12)
        #expect(Statistics.geometricMean(ofRatios: [1, 0]) == nil)
        #expect(Statistics.geometricMean(ofRatios: []) == nil)
    }
}
