import RennbahnMeasurement

/// A small but complete run for the tests of tables and files.
enum Samples {
    static let environment = RunEnvironment(
        cpuModel: "Example CPU 3000", cores: 2, kernel: "6.1.0", operatingSystem: "Debian 12", toolchain: "Swift 6.3.1",
        buildConfiguration: "release", commit: "1a2b3c4d5e6f", dirty: false,
        commandLine: ["rennbahn", "bench", "--quick"], seed: 42, date: "2026-03-01T12:00:00Z",
        loadAverage: [0.5, 0.25, 0.125], routerPins: [0], generatorPins: [1])

    static func cell(
        _ serializer: String, _ compression: String = "none", payload: Int = 32, cpu: Double = 1.8,
        generatorShare: Double = 0.6, bytes: UInt64 = 40_000_000
    ) -> ResultCell {
        var parameters = CellParameters(
            scenario: "pubsub", serializer: serializer, compression: compression, payloadBytes: payload, clients: 2000)
        parameters.publishers = 20
        parameters.subscribers = 1980
        parameters.topics = 20
        parameters.depth = 4
        parameters.routerShards = 1
        var recorder = LatencyRecorder()
        for microseconds in UInt64(1)...1000 { recorder.record(nanoseconds: microseconds * 1000) }
        let messages: UInt64 = 500_000
        var router = ProcessFigures(
            cpu: CPUUsage(user: cpu / 4, system: cpu * 3 / 4), seconds: 2, cores: 1, messages: messages,
            residentBytes: 30 << 20)
        router.residentBytesPerConnection = Double(20 << 20) / 2000
        let generator = ProcessFigures(
            cpu: CPUUsage(user: generatorShare, system: generatorShare), seconds: 2, cores: 1, messages: messages,
            residentBytes: 50 << 20)
        let measurements = CellMeasurements(
            seconds: 2, messages: messages, operations: messages / 99, router: router, generator: generator,
            wire: WireFigures(bytesIn: bytes / 40, bytesOut: bytes - bytes / 40, messages: messages),
            latency: LatencyFigures(response: LatencyFigure(recorder), lastSubscriber: LatencyFigure(recorder)),
            verification: VerificationCounters(), floorRatio: 1.4)
        return ResultCell(parameters: parameters, measurements: measurements, verdict: .valid)
    }

    static var cells: [ResultCell] {
        [
            cell("json"), cell("msgpack", cpu: 1.5, bytes: 35_000_000),
            cell("json", "permessage-deflate", cpu: 1.96, bytes: 25_000_000), cell("json", payload: 1024),
        ]
    }

    static var document: ResultsDocument { ResultsDocument(environment: environment, cells: cells) }

    /// Of a quarter of a second, with a value for everything.
    static func resources(at end: Double) -> ResourceSample {
        var side = SideResources()
        (side.cpuSeconds, side.userSeconds, side.systemSeconds) = (0.25, 0.1, 0.15)
        (side.residentBytes, side.voluntarySwitches, side.involuntarySwitches) = (1 << 20, 7, 3)
        side.runQueueSeconds = 0.125
        var sample = ResourceSample(at: end, seconds: 0.25)
        (sample.stealShare, sample.generator, sample.router) = (0.5, side, side)
        return sample
    }

    static var failedCell: ResultCell {
        var cell = cell("msgpack", generatorShare: 0.97)
        cell.measurements.verification.lost = 3
        cell.verdict = .verificationFailed(alsoInvalid: [
            InvalidReason(.fewerConnectionsThanRequested, measured: 1999, limit: 2000)
        ])
        return cell
    }
}
