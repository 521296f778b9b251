import RennbahnBytes
import RennbahnReactor
import RennbahnTransport
import RennbahnWAMP
import RennbahnWebSocket

/// Drives one session over one connection: carries commands and messages to the machine, and out what it decides.
///
/// Everything in it belongs to the thread that calls ``run(to:)``; the mailbox is the only way in from outside.
final class SessionLoop {
    private let loop: LinkLoop
    private let setup: SessionSetup
    private let mailbox: Mailbox
    private var session: ClientSession
    private var effects: [ClientEffect] = []
    private let message = Box(OutgoingMessage())

    private var link: LinkID?
    /// Where the router may be.
    private var attempts: AddressAttempts
    private var isDisconnected = false
    private var joined: CheckedContinuation<Result<Joined, WAMPError>, Never>?
    private var completions: [Ticket: Mailbox.Completion] = [:]
    private var buffers: [Ticket: EventBuffer] = [:]
    private var handlers: [Ticket: Mailbox.Handler] = [:]
    private var tasks: [RequestID: Task<Void, Never>] = [:]
    private var timers: [ClientTimer: TimerID] = [:]
    private var leavers: [CheckedContinuation<Void, Never>] = []
    /// The router takes less than is sent: who waits for no more than that a message is on its way waits here.
    private var isCongested = false
    private var held: [Ticket] = []

    init(
        _ setup: SessionSetup, _ addresses: [SocketAddress], _ mailbox: Mailbox,
        _ joined: CheckedContinuation<Result<Joined, WAMPError>, Never>
    ) throws(SystemError) {
        self.setup = setup
        attempts = AddressAttempts(addresses)
        self.mailbox = mailbox
        loop = try LinkLoop(limits: setup.limits, connect: setup.profile)
        try loop.watch(mailbox.wakeUp)
        session = ClientSession(setup.machine)
        // Last: where this initializer throws, the caller resumes it.
        self.joined = joined
    }

    /// Runs until the connection has ended.
    ///
    /// - Returns: who waits until everything is gone.
    func run() -> [CheckedContinuation<Void, Never>] {
        session.start(into: &effects)
        connect()
        carryOut()
        while !isDisconnected {
            for command in mailbox.take() { obey(command) }
            loop.flush()
            releaseHeld()
            mailbox.wakeUp.prepareToSleep()
            loop.wait(milliseconds: mailbox.isEmpty ? -1 : 0)
            mailbox.wakeUp.finishSleep()
            while let event = loop.next() { handle(event) }
        }
        for command in mailbox.close(session.end ?? WAMPError(.closed)) { obey(command) }
        for ticket in held { complete(ticket, .failure(session.end ?? WAMPError(.closed))) }
        return leavers
    }

    /// Tries the next address; one that fails at once is followed by the one behind it.
    private func connect() {
        while let address = attempts.current {
            do throws(SystemError) {
                link = try loop.connect(to: address)
                return
            } catch {
                attempts.failed(errno: error.code)
            }
        }
        disconnect(WAMPError(.connectionRefused, message: "connect failed: \(attempts.report)"))
    }

    private func disconnect(_ error: WAMPError) {
        session.disconnected(error, into: &effects)
        isDisconnected = true
    }

    private func closed(_ end: LinkEnd) {
        guard case .refused(let errno) = end, session.end == nil else { return disconnect(WAMPError(end)) }
        attempts.failed(errno: errno)
        connect()
    }

    private func obey(_ command: Mailbox.Command) {
        switch command {
        case .request(let request, let ticket, let attachment, let completion):
            completions[ticket] = completion
            switch attachment {
            case .none: break
            case .events(let buffer): buffers[ticket] = buffer
            case .handler(let handler): handlers[ticket] = handler
            }
            session.request(request, ticket, into: &effects)
        case .cancel(let ticket):
            if let place = held.firstIndex(of: ticket) {
                held.remove(at: place)
                complete(ticket, .failure(WAMPError(.canceled)))
            }
            session.cancel(ticket, into: &effects)
        case .abandon(let subscription): session.unsubscribe(subscription, nil, into: &effects)
        case .answer(let id, let answer):
            tasks[id] = nil
            session.answer(id, answer, into: &effects)
        case .leave(let leaver):
            if let leaver { leavers.append(leaver) }
            session.leave(into: &effects)
        }
        carryOut()
    }

    private func handle(_ event: LinkEvent) {
        switch event {
        case .opened(let link, let subprotocol):
            session.routerLimit = loop.peerLimit(of: link) ?? .max
            if setup.serializers.indices.contains(subprotocol) {
                session.connected(setup.serializers[subprotocol], into: &effects)
            } else {
                let error = WAMPError(.handshakeFailed, message: "the server chose no WAMP subprotocol")
                session.end(error, .normal, into: &effects)
            }
        case .message(_, let kind):
            let loop = loop
            session.receive(loop.message, isBinary: kind == .binary, into: &effects)
        case .closed(_, let end): closed(end)
        case .timer(let token):
            let timer = ClientTimer(token: token)
            timers[timer] = nil
            session.expired(timer, into: &effects)
        }
        carryOut()
    }

    // MARK: Effects

    private func carryOut() {
        var index = 0
        // Carrying one out may bring further ones.
        while index < effects.count {
            carryOut(effects[index])
            index += 1
        }
        effects.removeAll(keepingCapacity: true)
    }

    private func carryOut(_ effect: ClientEffect) {
        switch effect {
        case .send(let bytes): send(bytes)
        case .complete(let ticket, let result):
            // Publications wait until the router takes messages again; what left something here is not held up.
            if isCongested, case .success(.done) = result, buffers[ticket] == nil, handlers[ticket] == nil {
                held.append(ticket)
            } else {
                complete(ticket, result)
            }
        case .deliver(let event, let ticket):
            guard let buffer = buffers[ticket], !buffer.push(event) else { return }
            let error = WAMPError(.bufferOverflow, message: "the buffer of \(buffer.capacity) is full")
            session.unsubscribe(ticket, nil, because: error, into: &effects)
        case .retire(let ticket, let error):
            buffers.removeValue(forKey: ticket)?.finish(error)
            handlers[ticket] = nil
        case .invoke(let id, let invocation, let registration): invoke(id, invocation, of: registration)
        case .interrupt(let id): tasks[id]?.cancel()
        case .startTimer(let timer, let nanoseconds):
            timers[timer] = loop.schedule(timer.token, at: MonotonicClock.now() + nanoseconds)
        case .stopTimer(let timer):
            if let id = timers.removeValue(forKey: timer) { loop.cancel(id) }
        case .close(let close):
            if let link { loop.close(link, code: CloseCode(close)) }
        }
    }

    private func send(_ bytes: [UInt8]) {
        guard let link else { return }
        message.value.begin(session.serializer.isBinary ? .binary : .text)
        message.value.payload.append(bytes.span)
        switch loop.send(&message.value, to: link) {
        // What is too large for the router was not handed on by the session, which knows the limit.
        case .queued, .gone, .tooLarge, .detached: break
        case .congested:
            // False where it waits already.
            _ = loop.await(link, LinkWaiter(shard: 0, link: link))
            isCongested = true
        }
    }

    private func releaseHeld() {
        guard isCongested, !loop.releasedWaiters.isEmpty else { return }
        loop.releasedWaiters.removeAll()
        isCongested = false
        let tickets = held
        held = []
        for ticket in tickets { complete(ticket, .success(.done)) }
    }

    private func complete(_ ticket: Ticket, _ result: Result<ClientOutcome, WAMPError>) {
        if ticket == .join { return completeJoin(result) }
        if case .failure = result {
            buffers[ticket] = nil
            handlers[ticket] = nil
        }
        completions.removeValue(forKey: ticket)?.resume(returning: result)
    }

    private func completeJoin(_ result: Result<ClientOutcome, WAMPError>) {
        let answer = result.map { outcome in
            guard case .joined(let id) = outcome, let link else { preconditionFailure("joining brings a session") }
            return Joined(
                session: id, serializer: WAMPClientConfiguration.Serializer(session.serializer),
                isCompressed: loop.isCompressed(link))
        }
        joined?.resume(returning: answer)
        joined = nil
    }

    private func invoke(_ id: RequestID, _ invocation: WAMPInvocation, of registration: Ticket) {
        guard let handler = handlers[registration] else { return }
        let mailbox = mailbox
        tasks[id] = Task {
            let answer: Result<WAMPPayload, WAMPError>
            do {
                answer = .success(try await handler(invocation))
            } catch let error as WAMPError {
                answer = .failure(error)
            } catch is CancellationError {
                answer = .failure(WAMPError(.canceled))
            } catch {
                answer = .failure(.application("wamp.error.runtime_error", arguments: ["\(error)"]))
            }
            mailbox.post(.answer(id, answer))
        }
    }
}

extension ClientTimer {
    /// Call ids are from 1 to 2^53, tokens have 60 bits.
    fileprivate var token: UInt64 {
        switch self {
        case .opening: 0
        case .closing: 1 << 59
        case .call(let id): id.value
        }
    }

    fileprivate init(token: UInt64) {
        switch token {
        case 0: self = .opening
        case 1 << 59: self = .closing
        default: self = .call(RequestID(token))
        }
    }
}

extension CloseCode {
    fileprivate init(_ close: ClientClose) {
        switch close {
        case .normal: self = .normalClosure
        case .protocolError: self = .protocolError
        case .invalidPayload: self = .invalidPayload
        }
    }
}
