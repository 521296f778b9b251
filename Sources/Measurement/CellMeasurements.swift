/// What was measured in the window of a cell; warm-up and drain are excluded.
package struct CellMeasurements: Codable, Equatable, Sendable {
    /// Length of the window.
    package var seconds: Double
    /// Units of work that were completed in the window. `pubsub`: EVENTs delivered. `rpc`: calls answered. `connect`:
    /// sessions opened. `echo`: messages echoed. Every "per message" figure divides by this number.
    package var messages: UInt64
    package var messagesPerSecond: Double
    /// Operations sent in the window: publications, calls, connection attempts, echo requests.
    package var operations: UInt64
    /// Absent where the router cannot be sampled.
    package var router: ProcessFigures?
    package var generator: ProcessFigures
    package var wire: WireFigures
    package var latency: LatencyFigures
    /// Counted over the whole run, warm-up and drain included: a loss is a loss.
    package var verification: VerificationCounters
    /// Absent where the router cannot be sampled.
    package var saturated: Saturation?
    /// The generator kept more than 80 % of its cores busy.
    package var generatorFlagged: Bool
    /// The throughput is only a lower bound on the router's, because the generator had no more to give.
    package var lowerBound: Bool
    /// Router CPU per message, as a multiple of a bare WebSocket echo of the same payload over the same reactor.
    package var floorRatio: Double?
    /// Absent where everybody reads as they should.
    package var laggards: LaggardFigures?
    /// The first of the messages that `verification` counts as faulty, by name; absent where there are none.
    package var violations: [String]?

    package init(
        seconds: Double, messages: UInt64, operations: UInt64, router: ProcessFigures?, generator: ProcessFigures,
        wire: WireFigures, latency: LatencyFigures, verification: VerificationCounters, floorRatio: Double? = nil
    ) {
        self.seconds = seconds
        self.messages = messages
        messagesPerSecond = seconds > 0 ? Double(messages) / seconds : 0
        self.operations = operations
        self.router = router
        self.generator = generator
        self.wire = wire
        self.latency = latency
        self.verification = verification
        let saturation = router.map {
            Saturation(routerShare: $0.cpuShare, generatorShare: generator.cpuShare)
        }
        saturated = saturation
        generatorFlagged = Saturation.isFlagged(generatorShare: generator.cpuShare)
        lowerBound = saturation?.isLowerBoundOnRouter ?? (generator.cpuShare >= Saturation.saturatedShare)
        self.floorRatio = floorRatio
    }
}

/// CPU and memory of one process over the window.
package struct ProcessFigures: Codable, Equatable, Sendable {
    /// Seconds of CPU time spent in the window.
    package var cpu: CPUUsage
    package var cpuMicrosecondsPerMessage: CPUPerMessage?
    /// Busy share of its cores.
    package var cpuShare: Double
    /// Cores that it may use.
    package var cores: Int
    /// Resident memory at the end of the window.
    package var residentBytes: UInt64
    /// The most that ever was resident, from the start of the process to the end of the window; absent where the kernel
    /// does not tell.
    package var peakResidentBytes: UInt64?
    /// Growth of resident memory from before the first connection to the end of the window, divided by the connections; absent
    /// where that says nothing (``ConnectionMemory``).
    package var residentBytesPerConnection: Double?
    /// Of the window: how long the thread that fared worst was ready to run and had no processor. Absent where the kernel does
    /// not tell, and for runs in turns.
    package var runQueueShare: Double?

    package init(
        cpu: CPUUsage, seconds: Double, cores: Int, messages: UInt64, residentBytes: UInt64
    ) {
        self.cpu = cpu
        cpuMicrosecondsPerMessage = cpu.microseconds(perMessageOf: messages)
        cpuShare = cpu.share(ofSeconds: seconds, cores: cores)
        self.cores = cores
        self.residentBytes = residentBytes
    }
}

/// Bytes of WebSocket frames, headers included, as the generator's sockets saw them.
package struct WireFigures: Codable, Equatable, Sendable {
    /// Into the router, in the window.
    package var bytesIn: UInt64
    /// Out of the router.
    package var bytesOut: UInt64
    package var bytesInPerMessage: Double
    package var bytesOutPerMessage: Double
    /// Both directions.
    package var bytesPerMessage: Double

    package init(bytesIn: UInt64, bytesOut: UInt64, messages: UInt64) {
        self.bytesIn = bytesIn
        self.bytesOut = bytesOut
        let divisor = Double(max(1, messages))
        bytesInPerMessage = Double(bytesIn) / divisor
        bytesOutPerMessage = Double(bytesOut) / divisor
        bytesPerMessage = bytesInPerMessage + bytesOutPerMessage
    }
}

/// The latencies of a cell, told apart by where they start.
package struct LatencyFigures: Codable, Equatable, Sendable {
    /// Intended send to receipt: what a user sees. In a closed loop the send is intended when a slot is free.
    package var response: LatencyFigure
    /// Actual send to receipt.
    package var service: LatencyFigure?
    /// Intended to actual send: the generator's own delay.
    package var lag: LatencyFigure?
    /// `pubsub`: intended send to receipt by the last subscriber, one sample a publication.
    package var lastSubscriber: LatencyFigure?

    package init(
        response: LatencyFigure, service: LatencyFigure? = nil, lag: LatencyFigure? = nil,
        lastSubscriber: LatencyFigure? = nil
    ) {
        self.response = response
        self.service = service
        self.lag = lag
        self.lastSubscriber = lastSubscriber
    }
}

/// A latency distribution: its figures, and the histogram that they came from.
package struct LatencyFigure: Codable, Equatable, Sendable {
    package var summary: LatencySummary
    package var histogram: HistogramRecord

    package init(_ recorder: LatencyRecorder) {
        summary = recorder.summary()
        histogram = HistogramRecord(recorder)
    }
}
