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
    /// Absent in files that are older than the field.
    package var connections: ConnectionFigures?
    /// Absent where everybody reads as they should.
    package var laggards: LaggardFigures?
    /// The first of the messages that `verification` counts as faulty, by name; absent where there are none.
    package var violations: [String]?
    /// What somebody changed while the run went; absent where nobody did.
    package var steering: SteeringFigures?

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
    /// Processes that the figures are of, together; absent in files that are older than the field.
    package var processes: Int?
    /// Resident memory at the end of the window. Where there are several processes, what they share counts for each.
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

/// Connections that did not do what they were asked to, over the whole run.
package struct ConnectionFigures: Codable, Equatable, Sendable {
    /// Those that ended before they were asked to.
    package var lost: UInt64
    /// Sessions of the connect scenario that could not be opened.
    package var unopenedSessions: UInt64

    package init(lost: UInt64, unopenedSessions: UInt64) {
        self.lost = lost
        self.unopenedSessions = unopenedSessions
    }
}

/// The latencies of a cell, told apart by where they start.
package struct LatencyFigures: Codable, Equatable, Sendable {
    /// Intended send to receipt: what a user sees. In a closed loop the send is intended when a slot is free, and the samples are
    /// of what was completed in the window; in an open loop of what was due in it, whenever that was completed.
    package var response: LatencyFigure
    /// Handing to the socket to receipt.
    package var service: LatencyFigure?
    /// Intended send to handing to the socket: the generator's own delay.
    package var lag: LatencyFigure?
    /// `pubsub`: intended send to receipt by the last subscriber, one sample a publication.
    package var lastSubscriber: LatencyFigure?
    /// Operations without an answer, which ``response`` has, too, each with the time that it had waited; absent where all were
    /// answered, and in files that are older than the field.
    package var unanswered: UnansweredFigures?

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

/// Operations that nobody answered before the time to drain was over: how long an answer would have taken is not known, but not
/// less than this.
package struct UnansweredFigures: Codable, Equatable, Sendable {
    /// Units of work: deliveries, calls, sessions, echoes.
    package var count: UInt64
    /// Nanoseconds that each had waited at least.
    package var atLeast: UInt64

    package init(count: UInt64, atLeast: UInt64) {
        self.count = count
        self.atLeast = atLeast
    }

    /// Of two runs together.
    package static func + (one: UnansweredFigures, other: UnansweredFigures) -> UnansweredFigures {
        UnansweredFigures(count: one.count + other.count, atLeast: min(one.atLeast, other.atLeast))
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
