import RennbahnTestKit
import Testing

@testable import RennbahnTransport

/// The same as ``AddressBudget`` says of connections, found by counting all there are.
private struct SlowBudget {
    private(set) var open: [(address: IPAddress, isOpening: Bool)] = []
    let limits: AddressLimits

    func refusal(_ address: IPAddress) -> AddressBudget.Refusal? {
        let own = open.filter { $0.address == address }
        if let most = limits.connections, own.count >= most { return .connections }
        if let most = limits.handshakes, own.filter(\.isOpening).count >= most { return .handshakes }
        return nil
    }

    mutating func add(_ address: IPAddress) { open.append((address: address, isOpening: true)) }
    mutating func finish(_ index: Int) { open[index].isOpening = false }
    mutating func remove(_ index: Int) { open.remove(at: index) }
}

@Suite("What an address may have")
struct AddressBudgetTests {
    private static let second: UInt64 = 1_000_000_000
    private static let joe = IPAddress(v4: 0x0a00_0001)
    private static let ann = IPAddress(v4: 0x0a00_0002)

    private func limits(_ connections: Int?, _ handshakes: Int?, _ logins: Int? = nil) -> AddressLimits {
        var limits = AddressLimits()
        (limits.connections, limits.handshakes, limits.failedLogins) = (connections, handshakes, logins)
        return limits
    }

    @Test("connections and handshakes are those of a count of all that there are", arguments: 0..<20 as Range<UInt64>)
    func random(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let bounds = limits(
            random.oneIn(4) ? nil : 1 + random.below(8), random.oneIn(4) ? nil : 1 + random.below(5))
        var budget = AddressBudget(bounds)
        var slow = SlowBudget(limits: bounds)
        var refused = 0
        for _ in 0..<2000 {
            let index = slow.open.isEmpty ? 0 : random.below(slow.open.count)
            switch random.below(5) {
            case 0, 1:
                let address = IPAddress(v4: UInt32(random.below(5)))
                let refusal = slow.refusal(address)
                #expect(budget.open(address) == refusal)
                if refusal == nil { slow.add(address) } else { refused += 1 }
            case _ where slow.open.isEmpty: break
            case 2, 3:
                guard slow.open[index].isOpening else { continue }
                budget.opened(slow.open[index].address)
                slow.finish(index)
            case _:
                budget.close(slow.open[index].address, isOpening: slow.open[index].isOpening)
                slow.remove(index)
            }
            #expect(budget.addresses == Set(slow.open.map(\.address)).count)
        }
        #expect(refused > 0 || bounds.connections == nil || bounds.handshakes == nil)
        for open in slow.open { budget.close(open.address, isOpening: open.isOpening) }
        #expect(budget.addresses == 0)
    }

    @Test("without limits nothing is refused, and no login waits")
    func off() {
        var budget = AddressBudget(.off)
        for _ in 0..<20_000 { #expect(budget.open(Self.joe) == nil) }
        for time in 0..<1000 as Range<UInt64> { budget.loginFailed(Self.joe, at: time) }
        #expect(budget.turn(of: Self.joe, at: 1000) == .now && budget.remembered == 0)
    }

    @Test("logins that fail in a row have those behind them wait, twice as long each time, up to a minute")
    func delays() {
        var budget = AddressBudget(limits(nil, nil, 5))
        var now = Self.second
        for _ in 0..<5 {
            #expect(budget.turn(of: Self.joe, at: now) == .now)
            budget.loginFailed(Self.joe, at: now)
        }
        var waits: [UInt64] = []
        for _ in 0..<9 {
            guard case .later(let due) = budget.turn(of: Self.joe, at: now) else {
                Issue.record("no delay")
                return
            }
            waits.append((due - now) / Self.second)
            now = due
            budget.loginFailed(Self.joe, at: now)
            // Nobody else waits for it.
            #expect(budget.turn(of: Self.ann, at: now) == .now)
        }
        #expect(waits == [1, 2, 4, 8, 16, 32, 60, 60, 60])
        #expect(budget.turn(of: Self.joe, at: now + 60 * Self.second) == .now)
    }

    @Test("logins on many connections are judged one behind the other, and those that would wait too long are refused")
    func together() {
        var budget = AddressBudget(limits(nil, nil, 2))
        for _ in 0..<6 { budget.loginFailed(Self.joe, at: 0) }
        // 16 s each.
        let turns = (0..<6).map { _ in budget.turn(of: Self.joe, at: 0) }
        let expected: [AddressBudget.Turn] = [
            .later(16 * Self.second), .later(32 * Self.second), .later(48 * Self.second), .refused, .refused, .refused,
        ]
        #expect(turns == expected)
        // Later there is room again.
        #expect(budget.turn(of: Self.joe, at: 10 * Self.second) == .later(64 * Self.second))
    }

    @Test("a login that succeeds, or ten minutes without one that fails, have the failed ones forgotten")
    func forgotten() {
        var budget = AddressBudget(limits(nil, nil, 1))
        budget.loginFailed(Self.joe, at: 0)
        #expect(budget.turn(of: Self.joe, at: 0) == .later(Self.second))
        budget.loginSucceeded(Self.joe)
        #expect(budget.turn(of: Self.joe, at: 0) == .now && budget.remembered == 0)
        budget.loginFailed(Self.joe, at: 0)
        let last = Self.second + AddressBudget.memory
        var other = budget
        #expect(budget.turn(of: Self.joe, at: last - 1) == .now && budget.remembered == 1)
        #expect(other.turn(of: Self.joe, at: last) == .now && other.remembered == 0)
    }

    @Test("only so many addresses are remembered, those that failed last")
    func bounded() {
        var budget = AddressBudget(limits(nil, nil, 1))
        let count = AddressBudget.mostRemembered
        for number in 0..<(count + 10) { budget.loginFailed(IPAddress(v4: UInt32(number)), at: UInt64(number)) }
        #expect(budget.remembered == count)
        let now = UInt64(count + 10)
        #expect(budget.turn(of: IPAddress(v4: 9), at: now) == .now)
        #expect(budget.turn(of: IPAddress(v4: 10), at: now) != .now)
        #expect(budget.turn(of: IPAddress(v4: UInt32(count + 9)), at: now) != .now)
    }
}
