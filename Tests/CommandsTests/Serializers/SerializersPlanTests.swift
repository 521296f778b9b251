import RennbahnTrial
import RennbahnWAMP
import RennbahnWebSocket
import RennbahnWorkload
import Testing

@testable import RennbahnCommands

struct SerializersPlanTests {
    private func plan(
        _ kinds: [DocumentKind], crossed: [DocumentKind] = [], crossesSerializers: Bool = false,
        clients: Int? = nil
    ) -> SerializersPlan {
        SerializersPlan(
            documents: kinds.map { .shipped($0, seed: 1) }, crossed: crossed.map { .shipped($0, seed: 1) },
            crossesSerializers: crossesSerializers, clients: clients, depth: 16, shards: 1)
    }

    private func others(_ chapter: SerializersPlan.Chapter) -> [String] {
        chapter.group.sides.filter { $0.role == .other }.map(\.name)
    }

    @Test func `Each document is measured in every format, against JSON without compression and its twin`() throws {
        let chapters = try plan([.tick, .article]).chapters()
        #expect(chapters.map(\.document.name) == ["tick", "article"])
        for chapter in chapters {
            #expect(others(chapter) == ["msgpack", "json+deflate", "msgpack+deflate"])
            #expect(!chapter.isCrossing)
            let group = chapter.group
            #expect(group.sides.prefix(2).map(\.name) == ["json", "json (twin)"])
            #expect(group.sides.prefix(2).map(\.role) == [.baseline, .twin])
            #expect(group.heats.allSatisfy { $0.count <= 4 } && group.emphasis == 1)
            #expect(group.openLoopRate == (chapter.document.name == "tick" ? 4000 : 1000))
            #expect(group.clients == (chapter.document.name == "tick" ? 8 : 4))
            for side in group.sides {
                #expect(side.task.payload == .documents(chapter.document) && side.task.depth == 16)
            }
        }
    }

    @Test func `All levels, windows and takeovers are crossed, each once, with one serializer or with both`() throws {
        let chapters = try plan([.chat], crossed: [.chat]).chapters()
        #expect(chapters.map(\.isCrossing) == [false, true])
        let names = others(chapters[1])
        #expect(names.count == 18 && Set(names).count == 18)
        #expect(names.contains("json+deflate") && names.contains("json+deflate 1 w9 fresh"))
        let group = chapters[1].group
        #expect(group.openLoopRate == nil && group.emphasis == 0.5)
        #expect(group.heats.count == 9 && group.heats.allSatisfy { $0.count == 4 })
        let both = try plan([.chat], crossed: [.chat], crossesSerializers: true).chapters()
        #expect(Set(others(both[1])).count == 36)
    }

    @Test func `What a setting is called is what is negotiated`() throws {
        for setting in SerializersPlan.Deflate.all {
            let policy = try #require(try setting.option.policy)
            let text = try setting.option.text
            #expect(text.contains("level=\(setting.level)") == (setting != SerializersPlan.Deflate()))
            #expect(text.contains("max_window_bits=\(setting.windowBits)") == (setting.windowBits < 15))
            #expect((policy.noContextTakeover == true) == !setting.hasTakeover)
            #expect(policy.requestNoContextTakeover == !setting.hasTakeover)
        }
    }

    @Test func `A smaller fleet has fewer pairs, of one publisher and one subscriber each`() throws {
        let group = try #require(try plan([.tick], clients: 100).chapters().first?.group)
        #expect(
            group.task(group.sides[0], clients: 100).scenario == .pubsub(publishers: 50, subscribers: 50, topics: 50))
        #expect(group.task(group.sides[2], clients: 7).scenario == .pubsub(publishers: 3, subscribers: 3, topics: 3))
        // What is told is how many are connected.
        #expect(group.connected(7) == 6 && group.connected(100) == 100)
    }

    @Test func `How many clients and publications a second there are is a matter of the document's octets alone`() {
        for (octets, clients, rate) in [
            (1.0, 8, 4000.0), (128, 8, 4000), (129, 8, 2000), (1024, 8, 2000), (1025, 4, 1000), (1e9, 4, 1000),
        ] {
            let load = DocumentLoad(octets: octets)
            #expect(load.clients == clients && load.rate == rate, "\(octets)")
        }
    }

    @Test func `Clients that the user asks for are those of every document`() throws {
        let chapters = try plan([.tick, .article], crossed: [.tick], clients: 10).chapters()
        #expect(chapters.allSatisfy { $0.group.clients == 10 })
    }
}
