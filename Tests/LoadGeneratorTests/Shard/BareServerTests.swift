import RennbahnMeasurement
import RennbahnTransport
import RennbahnWorkload
import Testing

@testable import RennbahnLoadGenerator

/// Servers that speak no WAMP: what is sent to them, what answers what, and what is told of it.
struct BareServerTests {
    private func workload(
        _ text: String?, _ reply: ReplyCheck = .same, scenario: Scenario = .echo, clients: Int = 1, depth: Int = 1
    ) throws -> WorkloadParameters {
        var workload = WorkloadParameters(scenario: scenario, clients: clients, load: .closed(depth: depth))
        if let text { workload.payload = .message(try MessageTemplate(parsing: Array(text.utf8), isBinary: false)) }
        workload.reply = reply
        return workload
    }

    /// What clients sent, and a number for each message that came.
    private final class Log {
        var texts: [String] = []
    }

    @Test func `A template's messages come back, each as it was`() throws {
        let log = Log()
        let stage = try Stage(try workload(#"{"n":{sequence},"c":{client}}"#, clients: 2)) { link, text in
            log.texts.append(String(decoding: text, as: UTF8.self))
            return [StagedServer.Answer(link: link, text: text)]
        }
        let figures = try stage.run(warmUp: ms(5), window: ms(20))
        #expect(figures.messages == 40 && figures.verification.isClean && figures.verification.received == 50)
        #expect(figures.latencies.response.summary().max == ms(1))
        #expect(log.texts.prefix(2).sorted() == [#"{"n":0,"c":0}"#, #"{"n":0,"c":1}"#])
        #expect(Set(log.texts).count == 50)
    }

    @Test func `One that came back damaged is told, and the next one goes on`() throws {
        let log = Log()
        let stage = try Stage(try workload("ping {sequence}")) { link, text in
            log.texts.append("")
            var text = text
            if log.texts.count == 3 { text[0] ^= 1 }
            return [StagedServer.Answer(link: link, text: text)]
        }
        let figures = try stage.run(warmUp: ms(0), window: ms(20))
        #expect(figures.verification.corrupted == 1 && figures.verification.lost == 0)
        #expect(figures.messages == 18, "of 19 that came within the window")
        #expect(figures.faults.faults.map(\.description) == ["echo to client 0: damaged"])
    }

    @Test func `Answers that change places are told where stamps tell them apart`() throws {
        let log = Log()
        let stage = try Stage(try workload("{stamp}", depth: 2)) { link, text in
            log.texts.append("")
            // The third answer is later than the fourth.
            return [StagedServer.Answer(link: link, text: text, delay: log.texts.count == 3 ? ms(1) : 0)]
        }
        let figures = try stage.run(warmUp: ms(0), window: ms(20))
        #expect(figures.verification.reordered == 1 && figures.verification.corrupted == 0)
        #expect(figures.verification.lost == 0)
    }

    @Test func `What nobody asked for is told, unless any answer will do`() throws {
        func figures(_ reply: ReplyCheck) throws -> FleetFigures {
            let log = Log()
            let stage = try Stage(try workload("{sequence}", reply)) { link, text in
                log.texts.append("")
                let answer = StagedServer.Answer(link: link, text: text)
                // The second of the two comes while nothing is in flight: the load is over.
                return log.texts.count == 20
                    ? [answer, StagedServer.Answer(link: link, text: text, delay: ms(2))] : [answer]
            }
            return try stage.run(warmUp: ms(0), window: ms(20))
        }
        let same = try figures(.same)
        #expect(same.verification.unexpected == 1)
        #expect(same.faults.faults.map(\.description) == ["a message to client 0: nobody asked for it"])
        #expect(try figures(.any).verification.isClean)
    }

    @Test func `An answer with the stamp somewhere answers its message; others are not looked at`() throws {
        let stage = try Stage(try workload(#"{"say":"{stamp}"}"#, .stamped, depth: 2)) { link, text in
            let answer = Array(#"{"type":"said","data":"#.utf8) + text + Array("}".utf8)
            return [
                StagedServer.Answer(link: link, text: Array("chatter".utf8)),
                StagedServer.Answer(link: link, text: answer),
            ]
        }
        let figures = try stage.run(warmUp: ms(5), window: ms(20))
        #expect(figures.messages == 40 && figures.verification.isClean && figures.verification.received == 50)
    }

    @Test func `A stamped answer that never comes is lost, and one that comes twice is told`() throws {
        func verification(_ answers: Int) throws -> VerificationCounters {
            let log = Log()
            let stage = try Stage(try workload("{stamp}", .stamped, depth: 2)) { link, text in
                log.texts.append("")
                let count = log.texts.count == 5 ? answers : 1
                return Array(repeating: StagedServer.Answer(link: link, text: text), count: count)
            }
            return try stage.run(warmUp: ms(0), window: ms(20)).verification
        }
        #expect(try verification(0).lost == 1)
        #expect(try verification(2).duplicated == 1)
        #expect(try verification(1).isClean)
    }

    @Test func `Any answer is one: the first to the oldest message`() throws {
        let stage = try Stage(try workload("hello", .any, depth: 3)) { link, _ in
            [StagedServer.Answer(link: link, text: Array("ok".utf8))]
        }
        let figures = try stage.run(warmUp: ms(5), window: ms(20))
        #expect(figures.messages == 60 && figures.verification.isClean)
        #expect(figures.latencies.response.summary().max == ms(1))
    }

    @Test func `What a server sends unasked is counted, and each client says first what it is told to`() throws {
        let log = Log()
        let stage = try Stage(try workload("subscribe {client}", scenario: .push, clients: 2)) { link, text in
            log.texts.append(String(decoding: text, as: UTF8.self))
            return (1...30).map { StagedServer.Answer(link: link, text: Array("news".utf8), delay: ms($0)) }
        }
        try stage.connect()
        stage.load(warmUp: ms(5), window: ms(10))
        stage.advance(ms(60))
        let figures = try stage.finish()
        #expect(log.texts.sorted() == ["subscribe 0", "subscribe 1"])
        #expect(figures.messages == 20, "those of the window")
        #expect(figures.verification.received == 60 && figures.verification.isClean)
        #expect(figures.latencies.response.count == 0 && figures.operations == 0)
    }
}
