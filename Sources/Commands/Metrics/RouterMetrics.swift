import RennbahnMetrics
import RennbahnRouterNode

/// What `rennbahn router --metrics` tells: of all shards together, since one of them says little of a router.
struct RouterMetrics {
    private let told: [NodeWatch.Told]
    private let shards: Int
    private var text: MetricsText

    /// - Parameters:
    ///   - told: by the shards; those that never answered are missing.
    ///   - shards: how many there are.
    static func text(
        _ told: [NodeWatch.Told], shards: Int, _ process: OwnProcess, _ format: MetricsFormat
    ) -> MetricsText {
        var metrics = RouterMetrics(told: told, shards: shards, text: MetricsText(format))
        metrics.addConnections()
        metrics.addSessions()
        metrics.addMessages()
        metrics.addSlowReceivers()
        metrics.addState()
        process.write(to: &metrics.text)
        return metrics.text
    }

    private func sum(_ figure: (ShardStatus) -> UInt64) -> MetricNumber {
        .count(told.reduce(0) { $0 &+ figure($1.status) })
    }

    /// Of what there is now.
    private func total(_ figure: (ShardStatus) -> Int) -> MetricNumber {
        sum { UInt64(clamping: figure($0)) }
    }

    private mutating func addConnections() {
        text.add(RouterFamilies.accepted, sum { $0.accepted })
        text.add(RouterFamilies.opened, sum { $0.opened })
        text.add(
            RouterFamilies.refused,
            [
                MetricSample(["address"], sum { $0.figures.refusedByAddress }),
                MetricSample(["room"], sum { $0.refusedForRoom }), MetricSample(["system"], sum { $0.failedAccepts }),
            ])
        text.add(
            RouterFamilies.closed,
            ConnectionEndKind.allCases.enumerated().map { index, kind in
                MetricSample([kind.rawValue], sum { $0.ended[index] })
            })
        text.add(RouterFamilies.connections, total { $0.connections })
    }

    private mutating func addSessions() {
        text.add(RouterFamilies.sessionsOpened, sum { $0.sessionsOpened })
        text.add(
            RouterFamilies.sessionsClosed,
            ShardStatus.sessionEnds.enumerated().map { index, way in
                MetricSample([way], sum { $0.sessionsEnded[index] })
            })
        text.add(RouterFamilies.sessions, total { $0.sessions })
        text.add(RouterFamilies.refusedLogins, sum { $0.figures.refusedLogins })
    }

    private mutating func addMessages() {
        text.add(
            RouterFamilies.messages,
            [
                MetricSample(["in"], sum { $0.figures.messagesIn }),
                MetricSample(["out"], sum { $0.figures.messagesOut }),
            ])
        text.add(
            RouterFamilies.wireBytes,
            [MetricSample(["in"], sum { $0.bytesIn }), MetricSample(["out"], sum { $0.bytesOut })])
        text.add(RouterFamilies.publications, sum { $0.publications })
        text.add(RouterFamilies.refusedPublications, sum { $0.figures.refusedPublications })
        text.add(RouterFamilies.events, sum { $0.events })
        text.add(RouterFamilies.eventsLeftOut, sum { $0.figures.leftOut })
        text.add(RouterFamilies.eventsTooLarge, sum { $0.figures.oversized })
        text.add(RouterFamilies.calls, sum { $0.calls })
        text.add(RouterFamilies.results, sum { $0.results })
        text.add(RouterFamilies.errors, sum { $0.errors })
        text.add(RouterFamilies.compressions, sum { $0.figures.compressed })
        text.add(
            RouterFamilies.handshakes,
            [
                MetricSample(["full"], sum { $0.figures.secured - $0.figures.resumed }),
                MetricSample(["resumed"], sum { $0.figures.resumed }),
            ])
    }

    private mutating func addSlowReceivers() {
        text.add(RouterFamilies.detached, sum { $0.figures.detached })
        text.add(
            RouterFamilies.dropped,
            [
                MetricSample(["stalled"], sum { $0.figures.stalled }),
                MetricSample(["overflowed"], sum { $0.figures.overflowed }),
                MetricSample(["outdated"], sum { $0.figures.outdated }),
                MetricSample(["crowded_out"], sum { $0.figures.crowdedOut }),
            ])
        text.add(
            RouterFamilies.pauses,
            [
                MetricSample(["receiver"], sum { $0.figures.pauses }),
                MetricSample(["rate"], sum { $0.figures.rationed }),
            ])
    }

    private mutating func addState() {
        text.add(RouterFamilies.subscriptions, total { $0.subscriptions })
        text.add(RouterFamilies.registrations, total { $0.registrations })
        text.add(RouterFamilies.pendingCalls, total { $0.pendingCalls })
        text.add(RouterFamilies.queued, total { $0.queuedBytes })
        var memory = ShardStatus.MemoryUse()
        for shard in told { memory.add(shard.status.memory) }
        let parts: [(String, used: Int, limit: Int)] = [
            ("unfinished", memory.unfinished, memory.limitOfUnfinished),
            ("input", memory.waitingInput, memory.limitOfWaitingInput),
            ("output", memory.output, memory.limitOfOutput), ("state", memory.state, memory.limitOfState),
        ]
        text.add(RouterFamilies.memory, parts.map { MetricSample([$0.0], .count(UInt64(clamping: $0.used))) })
        text.add(RouterFamilies.memoryLimit, parts.map { MetricSample([$0.0], .count(UInt64(clamping: $0.limit))) })
        let fresh = told.count(where: { !$0.isOld })
        text.add(
            RouterFamilies.shards,
            [
                MetricSample(["fresh"], .count(UInt64(fresh))),
                MetricSample(["stale"], .count(UInt64(max(0, shards - fresh)))),
            ])
    }
}
