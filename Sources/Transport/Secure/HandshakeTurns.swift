/// The TLS handshakes of a shard that are under way, and in which order those are gone on with that have news in a turn.
/// Handshakes cost a thousand times what a message does, so that there is an end to what is done for them in a turn; who floods
/// shall make nobody wait but himself. A value, without sockets or times.
///
/// * What answers our part goes before first words: its handshake has had its expensive part, and ends with it.
/// * Among those, addresses take turns: the one goes first that was served the longest ago, or never yet.
/// * Of one address, and of addresses that were never served, who came first goes first.
struct HandshakeTurns {
    private struct Address {
        /// Slots of its handshakes, in the order in which they began.
        var slots: [Int] = []
        /// Which service of all its last one was; 0: it had none yet.
        var served: UInt64 = 0
    }

    private struct Waiting {
        var slot: Int
        var address: IPAddress
        var isAnswer: Bool
        var served: UInt64

        func isBefore(_ other: Waiting) -> Bool {
            isAnswer == other.isAnswer ? served < other.served : isAnswer
        }
    }

    private struct Handshake {
        var address: IPAddress
        /// Whether our part was sent, and the peer's last word is awaited.
        var isAnswered = false
    }

    private var addresses: [IPAddress: Address] = [:]
    private var handshakes: [Int: Handshake] = [:]
    /// How many addresses have so many handshakes under way, by that number.
    private var addressesWith: [Int] = [0]
    /// The most that an address has.
    private var most = 0
    private var services: UInt64 = 0
    /// With news in this turn, in the order in which it was told.
    private var waiting: [Waiting] = []

    /// Handshakes that are under way.
    var count: Int { handshakes.count }
    var isIdle: Bool { waiting.isEmpty }

    // MARK: From beginning to end

    /// Whose handshake has to end where there is no room for one more, which is of `address`: the newest one of the address that
    /// has the most with it; `nil`: that is the one which is about to begin.
    func victim(for address: IPAddress) -> Int? {
        guard (addresses[address]?.slots.count ?? 0) + 1 < most else { return nil }
        return addresses.first { $0.value.slots.count == most }?.value.slots.last
    }

    mutating func begin(_ slot: Int, _ address: IPAddress) {
        handshakes[slot] = Handshake(address: address)
        let count = addresses[address, default: Address()].slots.count
        addresses[address, default: Address()].slots.append(slot)
        if addressesWith.count <= count + 1 { addressesWith.append(0) }
        if count > 0 { addressesWith[count] -= 1 }
        addressesWith[count + 1] += 1
        most = max(most, count + 1)
    }

    /// Our part was sent.
    mutating func answered(_ slot: Int) {
        handshakes[slot]?.isAnswered = true
    }

    /// The handshake is done, or its connection has ended.
    mutating func end(_ slot: Int) {
        // In place: a copy of the slots would cost a flood of ends, each of them, as much as there are.
        guard !handshakes.isEmpty, let address = handshakes.removeValue(forKey: slot)?.address,
            let count = addresses[address]?.slots.count, let index = addresses[address]?.slots.lastIndex(of: slot)
        else { return }
        if count > 1 { addresses[address]?.slots.remove(at: index) } else { addresses[address] = nil }
        addressesWith[count] -= 1
        if count > 1 { addressesWith[count - 1] += 1 }
        if count == most, addressesWith[count] == 0 { most -= 1 }
    }

    // MARK: A turn

    /// A handshake has news.
    mutating func note(_ slot: Int) {
        guard let handshake = handshakes[slot] else { return }
        waiting.append(
            Waiting(
                slot: slot, address: handshake.address, isAnswer: handshake.isAnswered,
                served: addresses[handshake.address]?.served ?? 0))
    }

    /// The handshake to go on with; `nil`: there is none.
    mutating func next() -> Int? {
        guard var best = waiting.indices.first else { return nil }
        for index in waiting.indices where waiting[index].isBefore(waiting[best]) { best = index }
        let chosen = waiting.remove(at: best)
        services += 1
        addresses[chosen.address]?.served = services
        for index in waiting.indices where waiting[index].address == chosen.address { waiting[index].served = services }
        return chosen.slot
    }

    /// There is no more time: who waits is told of again in the next turn.
    mutating func endTurn() {
        if !waiting.isEmpty { waiting.removeAll(keepingCapacity: true) }
    }
}
