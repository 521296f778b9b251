import RennbahnReactor
import RennbahnWebSocket
import Testing

@testable import RennbahnTransport

@Suite("The life of a connection, without sockets")
struct ConnectionLifeTests {
    /// The table's cells: event, place, outcome.
    private static func cells() throws -> [String: [String: String]] {
        var cells: [String: [String: String]] = [:]
        var (event, outcome) = ("", "")
        for line in connectionLifeTable.split(separator: "\n") {
            guard line.hasPrefix("  ") else {
                event = String(line)
                continue
            }
            let parts = line.split(separator: "|", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { outcome = parts[0].split(separator: " ").joined(separator: " ") }
            for place in (parts.last ?? "").split(separator: " ") {
                try #require(cells[event]?[String(place)] == nil, "\(event) at \(place) is there twice")
                cells[event, default: [:]][String(place)] = outcome
            }
        }
        return cells
    }

    @Test("every input in every phase does what the table says, and the table has every cell")
    func table() throws {
        let cells = try ConnectionLifeTests.cells()
        #expect(Set(cells.keys) == Set(LifeEvent.allCases.map(\.rawValue)))
        for event in LifeEvent.allCases {
            #expect(Set(cells[event.rawValue, default: [:]].keys) == Set(LifePlace.allCases.map(\.rawValue)))
            for place in LifePlace.allCases {
                let seen = outcome(of: event, at: place)
                #expect(seen == cells[event.rawValue]?[place.rawValue], "\(event) at \(place.rawValue)")
            }
        }
    }

    @Test("every phase can be reached")
    func phases() {
        #expect(Set(LifePlace.allCases.map(\.life.phase)) == Set(ConnectionLife.Phase.allCases))
    }

    @Test("a connection begins with the time-out of what it waits for")
    func beginning() {
        #expect(ConnectionLife(role: .server).beginning.timer == .arm(.opening))
        #expect(ConnectionLife(role: .client).beginning.timer == .arm(.opening))
        #expect(ConnectionLife(role: .client, hasConnectTimeout: true).beginning.timer == .arm(.connecting))
    }

    /// A time-out that outlives what it was for ends something else too early.
    @Test("whatever is waited for next has a time-out of its own, or none", arguments: LifePlace.allCases)
    func noTimerIsLeft(place: LifePlace) {
        for event in LifeEvent.allCases {
            var life = place.life
            let before = life.phase
            let step = event.happen(to: &life)
            guard life.phase != before, life.phase != .ended else { continue }
            switch (before, life.phase) {
            // One time-out is for the whole of an opening handshake, unless the TCP connection had its own.
            case (.connecting, _), (.securing, .awaitingRequest), (.securing, .awaitingResponse),
                (.draining, .halfClosed):
                break
            default: #expect(step.timer != .keep, "\(event) from \(before) to \(life.phase)")
            }
        }
    }

    @Test("output that waits for room is watched for until it is sent")
    func waitsForRoom() {
        var life = LifePlace.serverOpen.life
        _ = life.roomMissing()
        #expect(life.wantsWrite && life.interest == [.read, .write])
        #expect(life.allSent() == .nothing)
        #expect(!life.wantsWrite && life.interest == .read)
    }

    @Test("a connection that is held back is not read until each of its receivers has drained")
    func pauses() {
        var life = LifePlace.serverOpen.life
        #expect(life.isReading && !life.isHeldBack)
        _ = life.paused()
        _ = life.paused()
        _ = life.resumed()
        #expect(!life.isReading && life.isHeldBack && life.interest == [])
        _ = life.roomMissing()
        #expect(life.interest == .write)
        _ = life.resumed()
        #expect(life.isReading && life.interest == [.read, .write])
        _ = life.resumed()
        #expect(life.pauses == 0, "one too many changes nothing")
    }

    @Test("an answer of a web service that is being sent holds back the next request, and its end is seen")
    func answering() {
        #expect(LifePlace.serverAnswering.life.isHeldBack)
        #expect(!LifePlace.serverBetween.life.isHeldBack && !LifePlace.serverRequest.life.isHeldBack)
    }

    @Test("a server's last word is one Close frame, whoever began", arguments: [true, false])
    func oneCloseFrame(serverBegins: Bool) {
        var life = LifePlace.serverOpen.life
        var words: [ConnectionLife.Step.Word] = []
        if serverBegins { words.append(life.closeAsked(.goingAway, hasCloseFrames: true).word) }
        words.append(life.peerClosed(.normalClosure, echoesCode: true).word)
        words.append(life.closeAsked(.goingAway, hasCloseFrames: true).word)
        words.append(life.peerFailed(.protocolError, "late", byDrop: false).word)
        words.append(life.peerClosed(.normalClosure, echoesCode: true).word)
        #expect(words.filter { $0 != .nothing }.count == 1)
    }

    @Test("how a connection ends is the first that was said of it")
    func firstEnding() {
        var life = LifePlace.serverOpen.life
        _ = life.peerFailed(.protocolError, "bad", byDrop: false)
        _ = life.closeAsked(.goingAway, hasCloseFrames: true)
        _ = life.broke(errno: 12, writing: false)
        #expect(life.ending == .violation(code: 1002, reason: "bad"))
        #expect(life.givenUp(.dropped) == .nothing && life.ending == .violation(code: 1002, reason: "bad"))
    }

    @Test(
        "nothing that comes behind the peer's Close frame takes the place of its code and reason",
        arguments: LifeEvent.allCases)
    func firstCause(event: LifeEvent) {
        for place in [LifePlace.clientOpen, .clientCloseSent, .serverOpen, .serverCloseSent] {
            var life = place.life
            _ = life.peerClosed(.policyViolation, reason: "busy", echoesCode: true)
            _ = event.happen(to: &life)
            _ = life.timedOut()
            _ = life.peerEnded()
            #expect(life.ending == .closed(code: 1008, reason: "busy"), "\(place)")
        }
    }

    @Test("whoever was told that it is too slow has its time to hear that, and is to be reset then")
    func slowness() {
        for reason in [LinkEnd.stalled, .outputOverflow, .outputOutdated] {
            var life = LifePlace.serverOpen.life
            _ = life.lastWordQueued(reason)
            #expect(life.allSent() == ConnectionLife.Step(shutsDown: true))
            #expect(life.timedOut() == ConnectionLife.Step(resets: true, ends: true))
            #expect(life.ending == reason)
        }
    }

    @Test("what failed is told, and not that the word about it could not be sent", arguments: LifeEvent.allCases)
    func firstFailure(event: LifeEvent) {
        for reason in [
            LinkEnd.violation(code: 1002, reason: "bad"), .tls("bad"), .handshake(status: 400, reason: "bad"),
        ] {
            var life = LifePlace.serverOpen.life
            _ = life.lastWordQueued(reason)
            _ = event.happen(to: &life)
            _ = life.peerEnded()
            #expect(life.ending == reason)
        }
    }

    @Test("where both have said Close the end is clean, though a write fails; what failed before is told")
    func cleanEnd() {
        var answered = LifePlace.serverOpen.life
        _ = answered.peerClosed(.goingAway, echoesCode: true)
        #expect(answered.broke(errno: 32, writing: true).ends)
        #expect(answered.ending == .closed(code: 1001))
        var speechless = LifePlace.serverOpen.life
        _ = speechless.peerFailed(.protocolError, "bad", byDrop: false)
        #expect(speechless.broke(errno: 12, writing: true).ends)
        #expect(speechless.ending == .violation(code: 1002, reason: "bad"))
    }

    @Test("a client whose server closes is closed with the server's code when the server ends", arguments: [1001, nil])
    func closedByServer(code: UInt16?) {
        var life = LifePlace.clientOpen.life
        _ = life.peerClosed(code.map { CloseCode(rawValue: $0) }, echoesCode: true)
        #expect(life.peerEnded().ends)
        #expect(life.ending == .closed(code: code ?? 1005))
    }

    // MARK: A cell

    private func outcome(of event: LifeEvent, at place: LifePlace) -> String {
        var life = place.life
        let before = life
        let step = event.happen(to: &life)
        var words = life.phase == before.phase ? [] : ["\(life.phase)"]
        if step.dropsInput { words.append("drop") }
        if step.dropsOutput { words.append("no-output") }
        if case .close(let code) = step.word { words.append("close:\(code.map { "\($0.rawValue)" } ?? "empty")") }
        switch step.timer {
        case .keep: break
        case .cancel: words.append("no-timer")
        case .arm(let wait): words.append("timer:\(wait)")
        }
        if step.resets { words.append("reset") }
        if step.sends { words.append("send") }
        if step.shutsDown { words.append("shut") }
        if step.ends { words.append("end:\(name(of: life.ending, at: place))") }
        if life.interest != before.interest {
            words.append("watch:\(["none", "read", "write", "both"][Int(life.interest.rawValue)])")
        }
        return words.isEmpty ? "." : words.joined(separator: " ")
    }

    private func name(of end: LinkEnd, at place: LifePlace) -> String {
        switch end {
        // ``LifePlace`` notes this one before it drains.
        case .answered: place == .serverBetween ? "answered" : "noted"
        case .closed(let code, _): "closed-\(code)"
        case .lost: "lost"
        case .failed(let errno): "failed-\(errno)"
        case .refused(let errno): "refused-\(errno)"
        case .openHandshakeTimeout: "openHandshakeTimeout"
        case .closeHandshakeTimeout: "closeHandshakeTimeout"
        case .stalled: "stalled"
        case .pingTimeout: "pingTimeout"
        case .outputOverflow: "outputOverflow"
        case .outputOutdated: "outputOutdated"
        case .violation: "violation"
        case .tls: "tls"
        case .handshake: "handshake"
        case .dropped: "dropped"
        }
    }
}
