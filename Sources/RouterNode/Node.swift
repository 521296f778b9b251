import Bytes
import Crypto
package import Reactor
import Router
import Transport
import WAMP

/// A running router (or echo) process: its listening sockets and its shards, a thread each.
///
/// Belongs to the thread that made it.
package final class Node {
    /// The address that the kernel gave, where port 0 was asked for.
    package let address: SocketAddress
    /// Where each shard listens: the same address, unless ``NodeConfiguration/hasPortPerShard``.
    package let addresses: [SocketAddress]
    private let controls: [ShardControl]
    private var threads: Slab<Thread>

    /// Starts the shards; when it returns, connections are accepted.
    package init(_ configuration: NodeConfiguration) throws(SystemError) {
        let shards = configuration.shards
        precondition(shards >= 1)
        var controls: [ShardControl] = []
        for _ in 0..<shards { controls.append(try ShardControl()) }
        let listeners = try Node.listen(configuration)
        // Each shard's loop takes its listening socket over; those of shards that are not made are closed here.
        var taken = 0
        do throws(SystemError) {
            let bound = try listeners.map { listener throws(SystemError) in try Sockets.boundAddress(of: listener) }
            (address, addresses) = (bound[0], bound)
            let rings = RingGrid(shards: shards, capacity: configuration.limits.ringCapacity)
            let seed = configuration.hasFixedIDs ? 0x5eed : SecureRandom.word()
            var bodies: [ShardBody] = []
            for shard in 0..<shards {
                let loop = try LinkLoop(limits: configuration.limits, accept: configuration.acceptProfile)
                taken += 1
                try loop.listen(on: listeners[shard])
                bodies.append(try Node.body(shard, loop, controls, rings, configuration, hashSeed: seed))
            }
            threads = try Node.start(bodies, controls, processors: configuration.processors)
        } catch {
            for listener in listeners.dropFirst(taken) { Sockets.close(listener) }
            throw error
        }
        self.controls = controls
    }

    private static func body(
        _ shard: Int, _ loop: LinkLoop, _ controls: [ShardControl], _ rings: borrowing RingGrid,
        _ configuration: NodeConfiguration, hashSeed: UInt64
    ) throws(SystemError) -> ShardBody {
        switch configuration.service {
        case .router(let realms, _):
            let router = try RouterShard(
                shard: shard, loop: loop, controls: controls, outgoing: rings.lines(from: shard),
                incoming: rings.consumers(to: shard), configuration: RouterConfiguration(realms: realms),
                hashSeed: hashSeed, hasFixedIDs: configuration.hasFixedIDs, wastedShare: configuration.wastedShare,
                logger: configuration.logger)
            return ShardBody {
                router.run()
                controls[shard].markEnded(router.figures)
            }
        case .echo:
            let echo = try EchoShard(loop: loop, control: controls[shard])
            return ShardBody {
                echo.run()
                controls[shard].markEnded(echo.figures)
            }
        }
    }

    /// A listening socket for each shard. On one port the kernel spreads the connections over them; with a port for each,
    /// whoever connects chooses.
    private static func listen(_ configuration: NodeConfiguration) throws(SystemError) -> [Descriptor] {
        let backlog = configuration.limits.backlog
        let isShared = configuration.shards > 1 && !configuration.hasPortPerShard
        var listeners = [try Sockets.listen(configuration.listen, backlog: backlog, reusePort: isShared)]
        do throws(SystemError) {
            let first = try Sockets.boundAddress(of: listeners[0])
            for _ in 1..<configuration.shards {
                let address = isShared ? first : first.with(port: 0)
                listeners.append(try Sockets.listen(address, backlog: backlog, reusePort: isShared))
            }
            // What is accepted inherits it.
            if let size = configuration.limits.socketSendBuffer {
                for listener in listeners { try Sockets.setBufferSizes(listener, send: size) }
            }
        } catch {
            for listener in listeners { Sockets.close(listener) }
            throw error
        }
        return listeners
    }

    private static func start(
        _ bodies: [ShardBody], _ controls: [ShardControl], processors: [Int]
    ) throws(SystemError) -> Slab<Thread> {
        var threads = Slab<Thread>(capacity: bodies.count)
        do throws(SystemError) {
            for (index, body) in bodies.enumerated() {
                let thread = try Thread.spawn(name: "shard-\(index)") {
                    if !processors.isEmpty {
                        try? Processor.pinCurrentThread(to: [processors[index % processors.count]])
                    }
                    body.run()
                }
                _ = threads.insert(thread)
            }
        } catch {
            for control in controls { control.give(.abandon) }
            throw error
        }
        return threads
    }

    /// Says goodbye to all sessions and lets the shards end; ``wait()`` returns when they have.
    package func stop() {
        for control in controls { control.give(.stop) }
    }

    /// Ends the shards without a word to anybody.
    package func abandon() {
        for control in controls { control.give(.abandon) }
    }

    /// Whether every shard has ended.
    package var hasEnded: Bool { controls.allSatisfy(\.hasEnded) }

    /// What each shard did; of those that have ended.
    package var figures: [ShardFigures] { controls.compactMap(\.finalFigures) }

    package func wait() {
        for index in 0..<threads.usedSlots where threads.contains(index) { threads.remove(index).join() }
    }
}

/// The work of one shard on its way to its thread.
///
/// Sendable although the shard is not: the starting thread gives it away and never touches it again.
private struct ShardBody: @unchecked Sendable {
    let run: () -> Void
}
