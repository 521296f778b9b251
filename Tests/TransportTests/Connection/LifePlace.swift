import RennbahnWebSocket

@testable import RennbahnTransport

/// The phases that a connection of either side can be in, each with the way there.
enum LifePlace: String, CaseIterable {
    case serverSecuring = "S.securing"
    case serverRequest = "S.request"
    case serverAnswering = "S.answering"
    case serverBetween = "S.between"
    case serverOpen = "S.open"
    case serverCloseSent = "S.sent"
    case serverDraining = "S.draining"
    case serverHalf = "S.half"
    case serverEnded = "S.ended"
    case clientConnecting = "C.connecting"
    case clientConnectingTimed = "C.timed"
    case clientSecuring = "C.securing"
    case clientResponse = "C.response"
    case clientOpen = "C.open"
    case clientCloseSent = "C.sent"
    case clientExchanged = "C.exchanged"
    case clientDraining = "C.draining"
    case clientHalf = "C.half"
    case clientEnded = "C.ended"

    /// A connection there; what ends while draining was noted as ``LinkEnd/answered``.
    var life: ConnectionLife {
        var life = ConnectionLife(
            role: rawValue.hasPrefix("S") ? .server : .client, isSecure: self == .serverSecuring,
            hasConnectTimeout: self == .clientConnectingTimed)
        switch self {
        case .serverSecuring, .serverRequest, .clientConnecting, .clientConnectingTimed: break
        case .serverAnswering: _ = life.answerBegun()
        case .serverBetween:
            _ = life.answerBegun()
            _ = life.answerSent(keepsAlive: true)
        case .serverOpen: _ = life.opened()
        case .serverCloseSent:
            _ = life.opened()
            _ = life.closeAsked(.normalClosure, hasCloseFrames: true)
        case .clientSecuring: _ = life.connected(toSecure: true)
        case .clientResponse: _ = life.connected(toSecure: false)
        case .clientOpen, .clientCloseSent, .clientExchanged:
            _ = life.connected(toSecure: false)
            _ = life.opened()
            if self != .clientOpen { _ = life.closeAsked(.normalClosure, hasCloseFrames: true) }
            if self == .clientExchanged { _ = life.peerClosed(.goingAway, echoesCode: true) }
        case .serverDraining, .clientDraining: _ = life.lastWordQueued(.answered)
        case .serverHalf, .clientHalf:
            _ = life.lastWordQueued(.answered)
            _ = life.allSent()
        case .serverEnded, .clientEnded: _ = life.givenUp(.dropped)
        }
        return life
    }
}

/// Every input of ``ConnectionLife``.
enum LifeEvent: String, CaseIterable {
    case connected, connectedToSecure, secured, requestBegun, answerBegun, answerSent, lastAnswerSent, opened
    case closeAsked, closeAskedWithoutFrames, peerClosed, peerClosedNotEchoed, peerFailed, peerFailedByDrop,
        lastWordQueued
    case peerEnded, reset, broke, writeBroke, writeReset, timedOut, givenUp, givenUpByReset, allSent, roomMissing,
        paused

    func happen(to life: inout ConnectionLife) -> ConnectionLife.Step {
        switch self {
        case .connected: life.connected(toSecure: false)
        case .connectedToSecure: life.connected(toSecure: true)
        case .secured: life.secured()
        case .requestBegun: life.requestBegun()
        case .answerBegun: life.answerBegun()
        case .answerSent: life.answerSent(keepsAlive: true)
        case .lastAnswerSent: life.answerSent(keepsAlive: false)
        case .opened: life.opened()
        case .closeAsked: life.closeAsked(.goingAway, hasCloseFrames: true)
        case .closeAskedWithoutFrames: life.closeAsked(.goingAway, hasCloseFrames: false)
        case .peerClosed: life.peerClosed(.goingAway, echoesCode: true)
        case .peerClosedNotEchoed: life.peerClosed(nil, echoesCode: false)
        case .peerFailed: life.peerFailed(.protocolError, "bad", byDrop: false)
        case .peerFailedByDrop: life.peerFailed(.protocolError, "bad", byDrop: true)
        case .lastWordQueued: life.lastWordQueued(.stalled)
        case .peerEnded: life.peerEnded()
        case .reset: life.broke(errno: 104, writing: false)
        case .broke: life.broke(errno: 12, writing: false)
        case .writeBroke: life.broke(errno: 12, writing: true)
        case .writeReset: life.broke(errno: 104, writing: true)
        case .timedOut: life.timedOut()
        case .givenUp: life.givenUp(.stalled)
        case .givenUpByReset: life.givenUp(.pingTimeout, byReset: true)
        case .allSent: life.allSent()
        case .roomMissing: life.roomMissing()
        case .paused: life.paused()
        }
    }
}
