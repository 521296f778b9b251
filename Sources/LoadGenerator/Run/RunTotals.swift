package import RennbahnMeasurement

/// What a run has come to, as its shards told when they were last asked: about a second old at most.
package struct RunTotals: Sendable {
    /// Operations that were sent in the measured window.
    package var operations: UInt64 = 0
    /// Octets of the whole run.
    package var bytesSent: UInt64 = 0
    package var bytesReceived: UInt64 = 0
    /// Of the measured window.
    package var response = LatencyRecorder()
    package var lag = LatencyRecorder()

    package init() {}

    mutating func add(_ answer: LatencyRequest.Answer) {
        operations &+= answer.operations
        bytesSent &+= answer.bytesSent
        bytesReceived &+= answer.bytesReceived
        response.merge(answer.response)
        // Of a closed loop there are none.
        if let more = answer.lag, more.count > 0 { lag.merge(more) }
    }
}
