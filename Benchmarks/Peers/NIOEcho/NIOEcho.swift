import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOWebSocket

/// A WebSocket echo on SwiftNIO, written as its guides say: the peer of `rennbahn router --echo`.
///
///     NIOEcho [ADDRESS:PORT [THREADS]]
///
/// Prints one line when it is ready, with the port it got, and runs until it is killed.
@main
enum NIOEcho {
    enum Failure: Error {
        case usage
    }

    static func main() async throws {
        let arguments = CommandLine.arguments.dropFirst()
        let address = (arguments.first ?? "127.0.0.1:0").split(separator: ":")
        let threads = arguments.count > 1 ? Int(arguments[2]) : 1
        guard address.count == 2, let port = Int(address[1]), let threads, threads > 0 else { throw Failure.usage }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: threads)
        let server = try await bootstrap(group).bind(host: String(address[0]), port: port).get()
        let bound = server.localAddress?.port ?? port
        print("nio echo ready on ws://\(address[0]):\(bound)/ threads=\(threads)")
        // The reader of the line waits behind a pipe.
        fflush(nil)
        try await server.closeFuture.get()
    }

    private static func bootstrap(_ group: MultiThreadedEventLoopGroup) -> ServerBootstrap {
        ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 4096)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let upgrader = NIOWebSocketServerUpgrader(
                        maxFrameSize: 1 << 24, automaticErrorHandling: true,
                        shouldUpgrade: { channel, _ in channel.eventLoop.makeSucceededFuture([:]) },
                        upgradePipelineHandler: { channel, _ in
                            channel.eventLoop.makeCompletedFuture {
                                try channel.pipeline.syncOperations.addHandler(Echo())
                            }
                        })
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline(
                        withServerUpgrade: (upgraders: [upgrader], completionHandler: { _ in }))
                }
            }
    }
}

/// Sends every data frame back, and flushes once for all that one read brought.
private final class Echo: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        switch frame.opcode {
        case .text, .binary, .continuation:
            answer(WebSocketFrame(fin: frame.fin, opcode: frame.opcode, data: frame.unmaskedData), context)
        case .ping:
            answer(WebSocketFrame(fin: true, opcode: .pong, data: frame.unmaskedData), context)
        case .connectionClose:
            answer(WebSocketFrame(fin: true, opcode: .connectionClose, data: frame.unmaskedData), context)
            context.close(promise: nil)
        default:
            break
        }
    }

    private func answer(_ frame: WebSocketFrame, _ context: ChannelHandlerContext) {
        context.write(wrapOutboundOut(frame), promise: nil)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        context.flush()
        context.fireChannelReadComplete()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
