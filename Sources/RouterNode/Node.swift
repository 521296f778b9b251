import RennbahnAuthentication
import RennbahnBytes
import RennbahnCrypto
package import RennbahnReactor
import RennbahnRouter
package import RennbahnTransport
import RennbahnWAMP

/// A running router (or echo) process: its listening sockets and its shards, a thread each.
///
/// Belongs to the thread that made it.
package final class Node {
    /// Where it listens, by transport; with the port that the kernel gave.
    package let endpoints: [OpenEndpoint]
    private let controls: [ShardControl]
    let ends: ConnectionEnds
    private var threads: Slab<Thread>

    /// The first address of the first endpoint.
    package var address: SocketAddress { addresses[0] }

    /// Where each shard listens for the first endpoint: the same address, unless ``NodeConfiguration/hasPortPerShard``.
    package var addresses: [SocketAddress] { endpoints[0].addresses }

    /// Starts the shards; when it returns, connections are accepted.
    package init(_ configuration: NodeConfiguration) throws(EndpointFailure) {
        let shards = configuration.shards
        precondition(shards >= 1 && !configuration.transports.isEmpty)
        let endpoints = try Node.listen(configuration)
        self.endpoints = endpoints
        // Each shard's loop takes its listening sockets over; those of shards that are not made are closed here.
        var taken = 0
        do throws(SystemError) {
            var loops: [LinkLoop] = []
            for shard in 0..<shards {
                let loop = try LinkLoop(
                    limits: configuration.limits,
                    accept: configuration.service.withFarewells(
                        ListeningTransport.profiles(
                            of: configuration.transports, shard: shard, configuration.logger)))
                for (transport, endpoint) in endpoints.enumerated() {
                    taken += 1
                    try loop.listen(on: endpoint.listeners[shard], tls: endpoint.tls, profile: transport)
                }
                loops.append(loop)
            }
            let ends = try ConnectionEnds()
            let (bodies, controls) = try Node.bodies(loops, configuration, ends)
            threads = try Node.start(bodies, controls, processors: configuration.processors)
            self.controls = controls
            self.ends = ends
        } catch {
            let all = (0..<shards).flatMap { shard in endpoints.map { $0.listeners[shard] } }
            for listener in all.dropFirst(taken) { Sockets.close(listener) }
            for endpoint in endpoints { endpoint.removeFile() }
            throw .system(error)
        }
    }

    private static func bodies(
        _ loops: [LinkLoop], _ configuration: NodeConfiguration, _ ends: ConnectionEnds
    ) throws(SystemError) -> ([ThreadWork], [ShardControl]) {
        switch configuration.service {
        case .router(let realms):
            let group = try ShardGroup(configuration, realms: realms, loops: loops, ends: ends)
            let bodies = group.shards.map { shard in
                ThreadWork {
                    shard.run()
                    shard.control.markEnded(shard.figures)
                }
            }
            return (bodies, group.controls)
        case .echo:
            var bodies: [ThreadWork] = []
            var controls: [ShardControl] = []
            for loop in loops {
                let control = try ShardControl()
                let echo = try EchoShard(loop: loop, control: control, logger: configuration.logger)
                bodies.append(
                    ThreadWork {
                        echo.run()
                        control.markEnded(echo.figures)
                    })
                controls.append(control)
            }
            return (bodies, controls)
        }
    }

    /// A listening socket for each endpoint and shard.
    private static func listen(_ configuration: NodeConfiguration) throws(EndpointFailure) -> [OpenEndpoint] {
        var opened: [OpenEndpoint] = []
        do throws(EndpointFailure) {
            for transport in configuration.transports {
                opened.append(
                    try OpenEndpoint(
                        transport.endpoint, count: configuration.shards, hasPortEach: configuration.hasPortPerShard))
            }
            // What is accepted inherits it.
            if let size = configuration.limits.socketSendBuffer {
                for listener in opened.flatMap(\.listeners) { try? Sockets.setBufferSizes(listener, send: size) }
            }
        } catch {
            for endpoint in opened {
                for listener in endpoint.listeners { Sockets.close(listener) }
                endpoint.removeFile()
            }
            throw error
        }
        return opened
    }

    private static func start(
        _ bodies: [ThreadWork], _ controls: [ShardControl], processors: [Int]
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

    deinit {
        removeFiles()
    }

    /// Takes the files of UNIX sockets away, so that nobody waits there any more.
    private func removeFiles() {
        for endpoint in endpoints { endpoint.removeFile() }
    }

    /// Says goodbye to all sessions and lets the shards end; ``wait()`` returns when they have.
    package func stop() {
        removeFiles()
        for control in controls { control.give(.stop) }
    }

    /// Ends the shards without a word to anybody.
    package func abandon() {
        removeFiles()
        for control in controls { control.give(.abandon) }
    }

    /// Whether every shard has ended.
    package var hasEnded: Bool { controls.allSatisfy(\.hasEnded) }

    /// For whoever asks the shards how they are doing while they run.
    package func watch() throws(SystemError) -> NodeWatch { try NodeWatch(controls) }

    /// What each shard did; of those that have ended.
    package var figures: [ShardFigures] { controls.compactMap(\.finalFigures) }

    package func wait() {
        for index in 0..<threads.usedSlots where threads.contains(index) { threads.remove(index).join() }
    }
}
