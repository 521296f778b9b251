import RennbahnMeasurement
import Testing

@testable import RennbahnTrial

struct AdviceTests {
    private func told(_ value: Double, _ reach: Double = 0.005) -> Told {
        Told(value: value, lower: value * (1 - reach), upper: value * (1 + reach), turns: 30, starts: 3)
    }

    private func side(
        _ name: String, bytes: Double, cpu: Double, baseBytes: Double = 100, baseCPU: Double = 4
    ) -> SideResult {
        var side = SideResult(name, .other)
        side.ratios = [.bytes: told(bytes, 0), .routerCPU: told(cpu)]
        side.figures = [.bytes: told(bytes * baseBytes, 0), .routerCPU: told(cpu * baseCPU)]
        return side
    }

    private func document(_ name: String, _ content: String?, _ sides: [SideResult]) -> SerializerAdvice.Document {
        let result = TrialResult(work: name, load: "16 in flight", clients: 200, clientsAsked: 200, sides: sides)
        return SerializerAdvice.Document(name: name, content: content, results: [result])
    }

    @Test func `Fewer octets and more CPU time pay below the bandwidth at which JSON's octets no longer fit`() throws {
        // 100 octets of JSON at the 50,000 messages a second that 20 µs allow are 40 Mbit/s.
        let cost = try #require(FormatCost([side("json+deflate", bytes: 0.4, cpu: 5)]))
        #expect((try #require(cost.breakEven) - 40).magnitude < 1e-9)
        let sentences = SerializerAdvice.sentences(
            [document("a", nil, [side("json+deflate", bytes: 0.4, cpu: 5)])], baseline: "json")
        #expect(
            sentences == [
                "For this document json+deflate saves 60 % of the octets and costs the router more CPU time, "
                    + "5.000 (4.975 to 5.025) ×, against json. It pays below 40 Mbit/s for each core of the router."
            ])
    }

    @Test func `What is smaller and no dearer needs no bandwidth to pay`() throws {
        let cost = try #require(FormatCost([side("msgpack", bytes: 0.82, cpu: 0.98)]))
        #expect(cost.breakEven == nil)
        let larger = try #require(FormatCost([side("msgpack", bytes: 1.1, cpu: 1.2)]))
        #expect(larger.breakEven == nil)
    }

    @Test func `A difference that the interval does not bear is not claimed`() {
        let sentences = SerializerAdvice.sentences(
            [document("a", nil, [side("msgpack", bytes: 0.998, cpu: 1.003)])], baseline: "json")
        #expect(
            sentences == [
                "For this document msgpack takes as many octets and costs the router the same CPU time, "
                    + "as far as 0.5 % would show, against json."
            ])
    }

    @Test func `Kinds of documents are set against each other where they differ`() {
        let sentences = SerializerAdvice.sentences(
            [
                document("a", "numeric", [side("msgpack", bytes: 0.5, cpu: 1)]),
                document("b", "textual", [side("msgpack", bytes: 1, cpu: 1)]),
            ], baseline: "json")
        #expect(sentences.count == 2)
        #expect(sentences[0].hasPrefix("For these 2 documents msgpack saves 29 % of the octets"))
        #expect(
            sentences[1]
                == "msgpack is smallest against it with numeric documents (0.50 ×), and largest with textual ones (1.00 ×)."
        )
    }

    @Test func `A side that has no rate is advised on by its ratios`() {
        var starved = side("msgpack", bytes: 0.5, cpu: 1)
        starved.problem = "messages a second: too few turns have the figure"
        let without = SideResult("msgpack", .other)
        let sentences = SerializerAdvice.sentences(
            [document("a", nil, [starved]), document("b", nil, [without])], baseline: "json")
        #expect(sentences.first?.hasPrefix("For this document msgpack saves 50 % of the octets") == true)
    }

    @Test func `Sides with lost messages, twins and floors are not advised on`() {
        var broken = side("msgpack", bytes: 0.5, cpu: 1)
        broken.verification.lost = 1
        var floor = side("floor", bytes: 1, cpu: 1)
        floor.role = .floor
        #expect(SerializerAdvice.sentences([document("a", nil, [broken, floor])], baseline: "json").isEmpty)
        #expect(FormatCost([]) == nil)
    }
}
