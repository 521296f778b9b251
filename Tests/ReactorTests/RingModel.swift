/// One ring and the sleep of its consumer, step by step as `Ring.swift` and `WakeUp.swift` take them: a step is one access
/// to memory that the other side may see, or one system call.
///
/// Each side's stores wait in a store buffer of its own, one place a variable. The producer's leave it in the order of
/// the program, as stores with release do; the consumer's in any. A sequentially consistent fence waits until the buffer is
/// empty. Additions and exchanges work on memory at once, which is weaker than what any processor does. A record
/// is a cell; blocks take a cell and count their bytes. `Tests/model` has a model for `spin` with more producers.
struct RingModel: Model {
    /// One part of the protocol left out or done wrong.
    enum Mutation: CaseIterable {
        case noProducerFence, noConsumerFence, noRecheck, noWake
        case publishesFirst, freesFirst, overwrites
        case keepsBlockBytes, addsBlockBytesLate, addsBlockBytesBeforeRoom, ignoresBlockLimit, limitsLoneBlocks
    }

    /// Number of bytes that each record has in a block; 0: it stands in the ring.
    let blocks: [Int]
    let capacity: Int
    let blockLimit: Int
    var mutation: Mutation?

    enum Name: Int, CaseIterable {
        // Memory.
        case cells, tail = 3, head, asleep, edge, blockBytes
        // Store buffers: 0 for nothing, else the value and one more; for a cell its number and one more.
        case cellStored, tailStored, headStored, asleepStored
        // The producer: its step, its position, the consumer's as it knows it, whether it owes a wake-up, blocks made.
        case producer, produced, knownHead, owes, made
        // The consumer: its step, position, the producer's as it knows it, blocks freed, wake-ups without a reason left.
        case consumer, consumed, knownTail, freed, spurious
        case wrong
    }

    typealias State = Packed<Name>

    private enum Producer: Int { case free, account, write, publish, accountLate, fence, look, exchange }
    private enum Consumer: Int { case take, read, release, advance, announce, fence, recheck, sleep, awake }
    private enum Wrong: Int { case none, record }

    var initial: State { State().with { $0[.spurious, 0] = 1 } }

    func isDone(_ state: State) -> Bool {
        state[.consumed] == blocks.count && state[.headStored] == 0 && state[.consumer] == Consumer.take.rawValue
    }

    func fault(in state: State) -> String? {
        if state[.wrong] != 0 { return "a record is lost, doubled or read before it is written" }
        let underway = blocks[min(state[.freed], state[.made])..<state[.made]]
        let bytes = underway.reduce(0, +)
        if bytes != state[.blockBytes], !isBetweenSteps(state) { return "bytes of blocks are not counted" }
        if bytes > blockLimit, underway.count(where: { $0 > 0 }) > 1 { return "more blocks than the limit allows" }
        return nil
    }

    /// A block is counted with the step that makes it, and with the one that frees it, except under a mutation.
    private func isBetweenSteps(_ state: State) -> Bool {
        let step = Producer(rawValue: state[.producer])
        return mutation == .addsBlockBytesLate && (step == .write || step == .publish || step == .accountLate)
    }

    func successors(of state: State) -> [State] {
        buffered(state) + produce(state) + consume(state)
    }

    // MARK: Store buffers

    private func buffered(_ state: State) -> [State] {
        var next: [State] = []
        let writesFirst = mutation != .publishesFirst
        if state[.cellStored] > 0, writesFirst || state[.tailStored] == 0 {
            next.append(
                state.with {
                    let record = state[.cellStored] - 1
                    $0[.cells, record % capacity] = record + 1
                    $0[.cellStored, 0] = 0
                })
        }
        if state[.tailStored] > 0, !writesFirst || state[.cellStored] == 0 {
            next.append(
                state.with {
                    $0[.tail, 0] = state[.tailStored] - 1
                    $0[.tailStored, 0] = 0
                })
        }
        if state[.headStored] > 0 {
            next.append(
                state.with {
                    $0[.head, 0] = state[.headStored] - 1
                    $0[.headStored, 0] = 0
                })
        }
        if state[.asleepStored] > 0 {
            next.append(
                state.with {
                    $0[.asleep, 0] = state[.asleepStored] - 1
                    $0[.asleepStored, 0] = 0
                })
        }
        return next
    }

    // MARK: Producer

    private func produce(_ state: State) -> [State] {
        func at(_ step: Producer, _ change: (inout State) -> Void = { _ in }) -> State {
            state.with {
                $0[.producer, 0] = step.rawValue
                change(&$0)
            }
        }
        let record = state[.produced]
        switch Producer(rawValue: state[.producer]) ?? .free {
        case .free:
            var next = record < blocks.count ? [push(state)] : []
            // The end of a batch may come after any record.
            if state[.owes] == 1 { next.append(mutation == .noWake ? at(.free) { $0[.owes, 0] = 0 } : at(.fence)) }
            return next
        case .account:
            return [
                at(.write) {
                    $0[.made, 0] += 1
                    if mutation != .addsBlockBytesLate { $0[.blockBytes, 0] += blocks[record] }
                }
            ]
        case .write:
            guard state[.cellStored] == 0 else { return [] }
            return [
                at(.publish) { $0[.cellStored, 0] = record + 1 }
            ]
        case .publish:
            guard state[.tailStored] == 0 else { return [] }
            return [
                at(mutation == .addsBlockBytesLate ? .accountLate : .free) {
                    $0[.tailStored, 0] = record + 2
                    $0[.produced, 0] += 1
                    $0[.owes, 0] = 1
                }
            ]
        case .accountLate:
            return [at(.free) { $0[.blockBytes, 0] += blocks[record - 1] }]
        case .fence:
            let isEmpty = state[.cellStored] == 0 && state[.tailStored] == 0
            return isEmpty || mutation == .noProducerFence ? [at(.look)] : []
        case .look:
            return [state[.asleep] == 1 ? at(.exchange) : at(.free) { $0[.owes, 0] = 0 }]
        case .exchange:
            return [
                at(.free) {
                    $0[.owes, 0] = 0
                    if state[.asleep] == 1 { $0[.edge, 0] = 1 }
                    $0[.asleep, 0] = 0
                }
            ]
        }
    }

    /// Looks whether the next record fits; where it does not nothing happens, and the producer looks again later.
    private func push(_ state: State) -> State {
        let size = blocks[state[.produced]]
        if size > 0, !hasBlockRoom(state[.blockBytes], size) { return state }
        let hasRoom = state[.produced] - state[.knownHead] < capacity || mutation == .overwrites
        return state.with {
            if hasRoom {
                $0[.producer, 0] = Producer.account.rawValue
            } else {
                $0[.knownHead, 0] = state[.head]
                // What is counted for a block that then finds the ring full is never taken back.
                if mutation == .addsBlockBytesBeforeRoom, size > 0 {
                    $0[.blockBytes, 0] = min(15, $0[.blockBytes] + size)
                }
            }
        }
    }

    private func hasBlockRoom(_ underway: Int, _ size: Int) -> Bool {
        if mutation == .ignoresBlockLimit { return true }
        return underway == 0 && mutation != .limitsLoneBlocks || underway + size <= blockLimit
    }

    // MARK: Consumer

    private func consume(_ state: State) -> [State] {
        func at(_ step: Consumer, _ change: (inout State) -> Void = { _ in }) -> State {
            state.with {
                $0[.consumer, 0] = step.rawValue
                change(&$0)
            }
        }
        let mine = state[.consumed]
        switch Consumer(rawValue: state[.consumer]) ?? .take {
        case .take:
            if mine == blocks.count { return [] }
            if mine != state[.knownTail] { return [mutation == .freesFirst ? at(.advance) : at(.read)] }
            return state[.tail] == mine ? [at(.announce)] : [at(.take) { $0[.knownTail, 0] = state[.tail] }]
        case .read:
            let isRight = state[.cells, mine % capacity] == mine + 1
            return [at(.release) { if !isRight { $0[.wrong, 0] = Wrong.record.rawValue } }]
        case .release:
            return [
                at(mutation == .freesFirst ? .take : .advance) {
                    $0[.freed, 0] += 1
                    if mutation != .keepsBlockBytes { $0[.blockBytes, 0] = max(0, $0[.blockBytes] - blocks[mine]) }
                    if mutation == .freesFirst { $0[.consumed, 0] += 1 }
                }
            ]
        case .advance:
            guard state[.headStored] == 0 else { return [] }
            return [
                at(mutation == .freesFirst ? .read : .take) {
                    $0[.headStored, 0] = mine + 2
                    if mutation != .freesFirst { $0[.consumed, 0] += 1 }
                }
            ]
        case .announce:
            guard state[.asleepStored] == 0 else { return [] }
            return [at(.fence) { $0[.asleepStored, 0] = 2 }]
        case .fence:
            let isEmpty = state[.asleepStored] == 0 && state[.headStored] == 0
            return isEmpty || mutation == .noConsumerFence ? [at(.recheck)] : []
        case .recheck:
            return [state[.tail] != mine && mutation != .noRecheck ? at(.awake) : at(.sleep)]
        case .sleep:
            var next = state[.edge] == 1 ? [at(.awake) { $0[.edge, 0] = 0 }] : []
            // A socket or a timer.
            if state[.spurious] > 0 { next.append(at(.awake) { $0[.spurious, 0] -= 1 }) }
            return next
        case .awake:
            guard state[.asleepStored] == 0 else { return [] }
            return [at(.take) { $0[.asleepStored, 0] = 1 }]
        }
    }
}
