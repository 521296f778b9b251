import Logging
import RennbahnBytes
import RennbahnRouter
import RennbahnTransport
import RennbahnWAMP

extension RouterShard {
    /// The message that stands built for `serializer` is larger than the session's connection takes (RawSocket). An EVENT is
    /// left out and counted; who waits for an answer gets an error; nothing else is that large, so that the connection is of
    /// no use.
    @inline(never)
    func answerTooLarge(_ serializer: Serializer, for session: SessionHandle) {
        var message = ByteBuffer()
        messages[serializer.slot].copyPayload(to: &message)
        guard let scanned = try? scanner.value.scanRouterMessage(message.span, serializer: serializer) else {
            preconditionFailure("a message that this router has written")
        }
        switch scanned.message {
        case .event: oversized.value += 1
        case .invocation(let request, _): undeliverable.value.append((session, request, .payloadSizeExceeded))
        case .result(let request), .error(.call, let request):
            sendControl(
                .error(session, code: .call, request: request, error: .payloadSizeExceeded), Input())
        case .welcome, .abort, .challenge, .goodbye, .error, .published, .subscribed, .unsubscribed, .registered,
            .unregistered, .interrupt:
            logger.warning("connection dropped: it takes no messages of the size of WELCOME")
            loop.drop(LinkID(session))
        }
    }
}
