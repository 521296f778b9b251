import Logging
import RennbahnMeasurement
import RennbahnRouterNode

extension RouterCommand {
    /// Connections that were dropped because they did not read are told again at the end.
    static func tell(_ shards: [ShardFigures], _ logger: Logger) {
        for (shard, figures) in shards.enumerated() where figures.compressed > 0 {
            logger.info(
                "shard \(shard): \(figures.messagesOut.of("message")) sent, for them \(figures.compressed.of("compression"))"
            )
        }
        for (shard, figures) in shards.enumerated() where figures.secured > 0 {
            logger.info(
                """
                shard \(shard): \(figures.secured.of("TLS handshake")), \(figures.resumed) of them resumed, \
                \(figures.leftToKernel) with kernel TLS
                """)
        }
        for (shard, figures) in shards.enumerated() where figures.refusedPublications > 0 {
            logger.notice(
                "shard \(shard): publications refused for exclude or eligible options: \(figures.refusedPublications)")
        }
        for (shard, figures) in shards.enumerated() where figures.refusedLogins > 0 {
            logger.notice("shard \(shard): \(figures.refusedLogins.of("login")) refused")
        }
        for (shard, figures) in shards.enumerated() where figures.refusedByAddress > 0 {
            logger.notice(
                "shard \(shard): connections turned away for the limits of their address: \(figures.refusedByAddress)")
        }
        for (shard, figures) in shards.enumerated() where figures.detached > 0 {
            logger.notice("shard \(shard): receivers that nobody waited for any longer: \(figures.detached)")
        }
        for (shard, figures) in shards.enumerated() where figures.leftOut > 0 {
            logger.notice("shard \(shard): \(figures.leftOut.of("event")) left out for slow subscribers with x_slow")
        }
        for (shard, figures) in shards.enumerated() where figures.rationed > 0 {
            logger.notice("shard \(shard): times that a client was read later, for its rates: \(figures.rationed)")
        }
        for (shard, figures) in shards.enumerated() where figures.dropped > 0 {
            logger.notice(
                """
                shard \(shard): connections dropped: \(figures.stalled) stalled, \(figures.overflowed) above the limit, \
                \(figures.outdated) too far behind with events, \(figures.crowdedOut) for the memory of others; \
                at most \(figures.mostQueued.of("byte was", "bytes were")) queued, \(figures.mostQueuedOfOne) of them for one connection
                """)
        }
    }
}
