import RennbahnTestKit
import Testing

@testable import RennbahnTransport

/// The same as ``HandshakeTurns``, found by looking at all there is.
private struct SlowTurns {
    struct Handshake {
        var slot: Int
        var address: IPAddress
        var isAnswered = false
    }

    /// In the order in which they began.
    private(set) var handshakes: [Handshake] = []
    /// When each address was served last, of those that have a handshake.
    private var served: [IPAddress: Int] = [:]
    private var services = 0
    private var waiting: [(slot: Int, isAnswer: Bool)] = []

    private func count(_ address: IPAddress) -> Int { handshakes.filter { $0.address == address }.count }

    /// Whose newest handshake may be ended for one more of `address`; none: that one is not begun.
    func victims(for address: IPAddress) -> Set<Int> {
        let counts = Set(handshakes.map(\.address)).map { (address: $0, count: count($0)) }
        let most = counts.map(\.count).max() ?? 0
        guard count(address) + 1 < most else { return [] }
        return Set(
            counts.filter { $0.count == most }.compactMap { largest in
                handshakes.last { $0.address == largest.address }?.slot
            })
    }

    mutating func begin(_ slot: Int, _ address: IPAddress) {
        handshakes.append(Handshake(slot: slot, address: address))
    }

    mutating func answered(_ slot: Int) {
        for index in handshakes.indices where handshakes[index].slot == slot { handshakes[index].isAnswered = true }
    }

    mutating func end(_ slot: Int) {
        guard let index = handshakes.firstIndex(where: { $0.slot == slot }) else { return }
        let address = handshakes.remove(at: index).address
        if count(address) == 0 { served[address] = nil }
    }

    mutating func note(_ slot: Int) {
        guard let handshake = handshakes.first(where: { $0.slot == slot }) else { return }
        waiting.append((slot: slot, isAnswer: handshake.isAnswered))
    }

    /// Answers first, and then by the last service of the address.
    private func rank(_ entry: (slot: Int, isAnswer: Bool)) -> Int {
        let address = handshakes.first { $0.slot == entry.slot }?.address
        let service = address.flatMap { served[$0] } ?? 0
        return entry.isAnswer ? service : 1_000_000 + service
    }

    mutating func next() -> Int? {
        guard let first = waiting.map({ rank($0) }).min(), let index = waiting.firstIndex(where: { rank($0) == first })
        else { return nil }
        let slot = waiting.remove(at: index).slot
        services += 1
        if let address = handshakes.first(where: { $0.slot == slot })?.address { served[address] = services }
        return slot
    }

    mutating func endTurn() { waiting.removeAll() }
}

@Suite("The order of TLS handshakes")
struct HandshakeTurnsTests {
    private static func address(_ number: Int) -> IPAddress { IPAddress(v4: UInt32(number)) }

    @Test("order, and whose handshake ends for another, are those of a look at all", arguments: 0..<20 as Range<UInt64>)
    func random(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var (turns, slow) = (HandshakeTurns(), SlowTurns())
        var slot = 0
        for _ in 0..<300 {
            for _ in 0..<random.below(6) {
                let address = Self.address(random.below(random.oneIn(2) ? 2 : 8))
                if turns.count >= 12 {
                    let victims = slow.victims(for: address)
                    let found = turns.victim(for: address)
                    #expect(found.map { victims.contains($0) } ?? victims.isEmpty)
                    guard let victim = found else { continue }
                    turns.end(victim)
                    slow.end(victim)
                }
                slot += 1
                turns.begin(slot, address)
                slow.begin(slot, address)
            }
            for handshake in slow.handshakes where random.oneIn(2) {
                turns.note(handshake.slot)
                slow.note(handshake.slot)
            }
            for _ in 0..<random.below(8) {
                let (next, expected) = (turns.next(), slow.next())
                #expect(next == expected)
                guard let chosen = next else { break }
                if random.oneIn(2) {
                    turns.answered(chosen)
                    slow.answered(chosen)
                }
            }
            turns.endTurn()
            slow.endTurn()
            for handshake in slow.handshakes where random.oneIn(5) {
                turns.end(handshake.slot)
                slow.end(handshake.slot)
            }
            #expect(turns.count == slow.handshakes.count && turns.isIdle)
        }
        for handshake in slow.handshakes { turns.end(handshake.slot) }
        #expect(turns.count == 0 && turns.victim(for: Self.address(1)) == nil)
    }

    @Test("a flood from one address makes it wait, and nobody else")
    func flood() {
        var turns = HandshakeTurns()
        for slot in 0..<1000 { turns.begin(slot, Self.address(1)) }
        for _ in 0..<10 {
            for slot in 0..<1000 { turns.note(slot) }
            _ = turns.next()
            turns.endTurn()
        }
        turns.begin(2000, Self.address(2))
        for slot in 0..<1000 { turns.note(slot) }
        turns.note(2000)
        #expect(turns.next() == 2000)
        turns.answered(2000)
        turns.endTurn()
        // It was served last, and comes first with its second flight.
        for slot in 0..<1000 { turns.note(slot) }
        turns.note(2000)
        #expect(turns.next() == 2000)
        turns.end(2000)
        #expect(turns.next() == 0)
    }

    @Test("addresses take turns with their first words, and each has its own in order")
    func rotation() {
        var turns = HandshakeTurns()
        for slot in 0..<9 {
            turns.begin(slot, Self.address(slot / 3))
            turns.note(slot)
        }
        var order: [Int] = []
        while let slot = turns.next() { order.append(slot) }
        #expect(order == [0, 3, 6, 1, 4, 7, 2, 5, 8])
    }

    @Test("for one more than there may be the newest of the address with the most ends, or is not begun")
    func victims() {
        var turns = HandshakeTurns()
        #expect(turns.victim(for: Self.address(1)) == nil)
        for slot in 0..<5 { turns.begin(slot, Self.address(1)) }
        turns.begin(5, Self.address(2))
        #expect(turns.victim(for: Self.address(1)) == nil)
        #expect(turns.victim(for: Self.address(2)) == 4 && turns.victim(for: Self.address(3)) == 4)
        turns.end(4)
        #expect(turns.victim(for: Self.address(3)) == 3)
        for slot in [3, 2] { turns.end(slot) }
        #expect(turns.victim(for: Self.address(2)) == nil && turns.victim(for: Self.address(3)) == 1)
        turns.end(1)
        #expect(turns.victim(for: Self.address(3)) == nil)
    }
}
