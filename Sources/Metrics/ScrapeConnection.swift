import RennbahnWebSocket

/// A connection of somebody who scrapes metrics: requests one after another, each answered before the next is looked at, and the
/// time that each may take. Without socket and clock: octets and times, nanoseconds of one clock, are handed in.
///
/// ```
///            octets             whole               written
/// waiting ───────────► reading ─────────► answering ─────────► waiting, or ending where that was the last
///    │ idleTime           │ requestTime        │ answerTime           │ answerTime
///    └────────────────────┴───────► over ◄─────┴──────────────────────┘ or the end of the peer
/// ```
package struct ScrapeConnection: Sendable {
    /// Octets of a request.
    package static let longestHead = 8 * 1024
    /// From the first octet of a request to its last, and for the first request from the connection's beginning.
    package static let requestTime: UInt64 = 5_000_000_000
    /// From a request to the last octet of its answer, and from there to the peer's end where it was the last.
    package static let answerTime: UInt64 = 5_000_000_000
    /// From an answer to the next request.
    package static let idleTime: UInt64 = 300_000_000_000

    private enum State: Sendable, Equatable {
        case waiting
        case reading
        case answering(isLast: Bool)
        /// All is said, and what comes is dropped: an end before the peer's would take the answer away from it.
        case ending
        case over
    }

    private var state = State.reading
    /// When it is over unless something happens.
    package private(set) var deadline: UInt64
    /// What came and was not looked at.
    private var input: [UInt8] = []
    private var search = HTTPHeadSearch(limit: ScrapeConnection.longestHead)
    /// In front of the request in hand.
    private var emptyLines = 0
    private var peerHasEnded = false
    /// What is to be written.
    package private(set) var output: [UInt8] = []

    package init(at now: UInt64) {
        deadline = now + ScrapeConnection.requestTime
    }

    /// Whether it is to be closed.
    package var isOver: Bool { state == .over }

    /// Whether what comes is to be read. An answer is taken before another is asked for, so that input has a bound.
    package var reads: Bool {
        switch state {
        case .waiting, .reading, .ending: true
        case .answering, .over: false
        }
    }

    /// Whether all is said: the other side is to be told that nothing more will come.
    package var hasEnded: Bool { state == .ending }

    /// Since when nothing was asked: a connection that is idle makes room for another.
    package var isIdle: Bool { state == .waiting }

    /// - Parameters:
    ///   - date: seconds since 1970 UTC.
    ///   - page: the metrics.
    package mutating func received(
        _ octets: [UInt8], at now: UInt64, date: UInt64, page: (MetricsFormat) -> String
    ) {
        guard state != .ending, state != .over else { return }
        input += octets
        proceed(at: now, date: date, page: page)
    }

    /// The peer will send nothing more.
    package mutating func peerEnded() {
        peerHasEnded = true
        switch state {
        case .waiting, .reading, .ending: state = .over
        // It may still want the answer.
        case .answering, .over: break
        }
    }

    /// So much of ``output`` was written.
    package mutating func wrote(_ count: Int, at now: UInt64, date: UInt64, page: (MetricsFormat) -> String) {
        guard case .answering(let isLast) = state else { return }
        output.removeFirst(min(count, output.count))
        guard output.isEmpty else { return }
        guard !isLast, !peerHasEnded else {
            state = peerHasEnded ? .over : .ending
            deadline = now + ScrapeConnection.answerTime
            return
        }
        state = .waiting
        deadline = now + ScrapeConnection.idleTime
        proceed(at: now, date: date, page: page)
    }

    /// The connection is of no use any more.
    package mutating func failed() { state = .over }

    package mutating func tick(at now: UInt64) {
        if now >= deadline { state = .over }
    }

    private mutating func proceed(at now: UInt64, date: UInt64, page: (MetricsFormat) -> String) {
        guard reads, let request = takeRequest(at: now) else { return }
        output = request.answer(date: date, page: page)
        state = .answering(isLast: request.isLast)
        deadline = now + ScrapeConnection.answerTime
    }

    /// The next request, if all of it is there.
    private mutating func takeRequest(at now: UInt64) -> ScrapeRequest? {
        while emptyLines < HTTPHeadSearch.mostEmptyLines, input.starts(with: [0x0d, 0x0a]) {
            input.removeFirst(2)
            emptyLines += 1
        }
        if input.isEmpty || emptyLines < HTTPHeadSearch.mostEmptyLines && input == [0x0d] { return nil }
        if state == .waiting {
            state = .reading
            deadline = now + ScrapeConnection.requestTime
        }
        do throws(HTTPHeadSearch.TooLarge) {
            let held = input
            guard let end = try search.end(in: held.span) else { return nil }
            let request = ScrapeRequest(head: held.span.extracting(0..<end))
            input.removeFirst(end)
            search = HTTPHeadSearch(limit: ScrapeConnection.longestHead)
            emptyLines = 0
            return request
        } catch {
            return .refused(.headTooLarge)
        }
    }
}
