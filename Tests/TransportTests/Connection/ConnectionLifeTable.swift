/// What each input does in each phase, of either side: the life of a connection as data.
///
/// A line is `outcome | places`; the places may go on in lines of their own. An outcome is the new phase where it is another, and
/// what the loop is to do, in that order; `.` is nothing at all. Ends while draining are those that were noted when it began.
let connectionLifeTable = """
    connected
      . |
          S.securing S.request S.answering S.between S.open S.sent S.draining S.half S.ended C.securing
          C.response C.open C.sent C.exchanged C.draining C.half C.ended
      awaitingResponse watch:read | C.connecting
      awaitingResponse timer:opening watch:read | C.timed
    connectedToSecure
      . |
          S.securing S.request S.answering S.between S.open S.sent S.draining S.half S.ended C.securing
          C.response C.open C.sent C.exchanged C.draining C.half C.ended
      securing watch:read | C.connecting
      securing timer:opening watch:read | C.timed
    secured
      awaitingRequest | S.securing
      . |
          S.request S.answering S.between S.open S.sent S.draining S.half S.ended C.connecting C.timed
          C.response C.open C.sent C.exchanged C.draining C.half C.ended
      awaitingResponse | C.securing
    requestBegun
      . |
          S.securing S.request S.answering S.open S.sent S.draining S.half S.ended C.connecting C.timed
          C.securing C.response C.open C.sent C.exchanged C.draining C.half C.ended
      awaitingRequest timer:opening | S.between
    answerBegun
      . |
          S.securing S.answering S.open S.sent S.draining S.half S.ended C.connecting C.timed C.securing
          C.response C.open C.sent C.exchanged C.draining C.half C.ended
      answering no-timer send | S.request S.between
    answerSent
      . |
          S.securing S.request S.between S.open S.sent S.draining S.half S.ended C.connecting C.timed
          C.securing C.response C.open C.sent C.exchanged C.draining C.half C.ended
      betweenRequests timer:nextRequest | S.answering
    lastAnswerSent
      . |
          S.securing S.request S.between S.open S.sent S.draining S.half S.ended C.connecting C.timed
          C.securing C.response C.open C.sent C.exchanged C.draining C.half C.ended
      draining drop timer:draining send | S.answering
    opened
      . |
          S.securing S.answering S.open S.sent S.draining S.half S.ended C.connecting C.timed C.securing
          C.open C.sent C.exchanged C.draining C.half C.ended
      open no-timer | S.request S.between C.response
    closeAsked
      ended end:dropped watch:none |
          S.securing S.request S.answering S.between C.connecting C.timed C.securing C.response
      closeSent close:1001 timer:closing send | S.open C.open
      . | S.sent S.draining S.half S.ended C.sent C.exchanged C.draining C.half C.ended
    closeAskedWithoutFrames
      ended end:dropped watch:none |
          S.securing S.request S.answering S.between C.connecting C.timed C.securing C.response
      draining drop timer:draining send | S.open C.open
      . | S.sent S.draining S.half S.ended C.sent C.exchanged C.draining C.half C.ended
    peerClosed
      . |
          S.securing S.request S.answering S.between S.draining S.half S.ended C.connecting C.timed
          C.securing C.response C.exchanged C.draining C.half C.ended
      draining drop close:1001 timer:draining send | S.open
      ended end:closed-1001 watch:none | S.sent
      closeExchanged close:1001 timer:closing send | C.open
      closeExchanged timer:closing | C.sent
    peerClosedNotEchoed
      . |
          S.securing S.request S.answering S.between S.draining S.half S.ended C.connecting C.timed
          C.securing C.response C.exchanged C.draining C.half C.ended
      draining drop close:1000 timer:draining send | S.open
      ended end:closed-1005 watch:none | S.sent
      closeExchanged close:1000 timer:closing send | C.open
      closeExchanged timer:closing | C.sent
    peerFailed
      ended drop end:violation watch:none |
          S.securing S.request S.answering S.between S.sent C.connecting C.timed C.securing C.response
          C.sent
      ended drop end:closed-1001 watch:none | C.exchanged
      draining drop close:1002 timer:draining send | S.open C.open
      . | S.draining S.half S.ended C.draining C.half C.ended
    peerFailedByDrop
      ended drop end:violation watch:none |
          S.securing S.request S.answering S.between S.sent C.connecting C.timed C.securing C.response
          C.sent
      ended drop end:closed-1001 watch:none | C.exchanged
      ended drop reset end:violation watch:none | S.open C.open
      . | S.draining S.half S.ended C.draining C.half C.ended
    lastWordQueued
      draining drop timer:draining send |
          S.securing S.request S.answering S.between S.open S.sent C.securing C.response C.open C.sent
          C.exchanged
      . | S.draining S.half S.ended C.draining C.half C.ended
      draining drop timer:draining send watch:read | C.connecting C.timed
    peerEnded
      ended end:tls watch:none | S.securing C.securing
      ended end:lost watch:none |
          S.request S.answering S.between S.open S.sent C.connecting C.timed C.response C.open C.sent
      ended end:noted watch:none | S.draining S.half C.draining C.half
      . | S.ended C.ended
      ended end:closed-1001 watch:none | C.exchanged
    reset
      ended end:lost watch:none |
          S.securing S.request S.answering S.between S.open S.sent C.securing C.response C.open C.sent
      ended end:noted watch:none | S.draining S.half C.draining C.half
      . | S.ended C.ended
      ended end:refused-104 watch:none | C.connecting C.timed
      ended end:closed-1001 watch:none | C.exchanged
    broke
      ended end:failed-12 watch:none |
          S.securing S.request S.answering S.between S.open S.sent C.securing C.response C.open C.sent
      ended end:noted watch:none | S.draining S.half C.draining C.half
      . | S.ended C.ended
      ended end:refused-12 watch:none | C.connecting C.timed
      ended end:closed-1001 watch:none | C.exchanged
    writeBroke
      ended end:failed-12 watch:none |
          S.securing S.request S.answering S.between S.open S.sent S.draining C.securing C.response C.open
          C.sent C.draining
      ended end:noted watch:none | S.half C.half
      . | S.ended C.ended
      ended end:refused-12 watch:none | C.connecting C.timed
      ended end:closed-1001 watch:none | C.exchanged
    writeReset
      no-output | S.securing S.open S.sent C.securing C.response C.open C.sent C.exchanged
      ended end:lost watch:none | S.request S.answering S.between S.draining C.draining
      ended end:noted watch:none | S.half C.half
      . | S.ended C.ended
      ended end:refused-104 watch:none | C.connecting C.timed
    timedOut
      ended end:openHandshakeTimeout watch:none | S.securing S.request C.connecting C.securing C.response
      . | S.answering S.open S.ended C.open C.ended
      ended end:answered watch:none | S.between
      ended end:closeHandshakeTimeout watch:none | S.sent C.sent
      ended end:closed-1001 watch:none | C.exchanged
      ended reset end:noted watch:none | S.draining C.draining
      ended end:noted watch:none | S.half C.half
      ended end:refused-110 watch:none | C.timed
    givenUp
      ended end:stalled watch:none |
          S.securing S.request S.answering S.between S.open S.sent S.draining S.half C.connecting C.timed
          C.securing C.response C.open C.sent C.draining C.half
      ended end:closed-1001 watch:none | C.exchanged
      . | S.ended C.ended
    givenUpByReset
      ended reset end:pingTimeout watch:none |
          S.securing S.request S.answering S.between S.open S.sent S.draining S.half C.connecting C.timed
          C.securing C.response C.open C.sent C.draining C.half
      ended reset end:closed-1001 watch:none | C.exchanged
      . | S.ended C.ended
    allSent
      . |
          S.securing S.request S.answering S.between S.open S.sent S.half S.ended C.connecting C.timed
          C.securing C.response C.open C.sent C.exchanged C.half C.ended
      halfClosed shut | S.draining C.draining
    roomMissing
      watch:both |
          S.securing S.request S.between S.open S.sent S.draining S.half C.securing C.response C.open
          C.sent C.exchanged C.draining C.half
      watch:write | S.answering S.ended C.ended
      . | C.connecting C.timed
    paused
      . |
          S.securing S.request S.answering S.between S.draining S.half S.ended C.connecting C.timed
          C.securing C.response C.draining C.half C.ended
      watch:none | S.open S.sent C.open C.sent C.exchanged
    """
