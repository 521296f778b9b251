/// Something with a finite number of states, whose steps happen in any order.
protocol Model {
    associatedtype State: Hashable

    var initial: State { get }
    /// The states that one step of anybody leads to.
    func successors(of state: State) -> [State]
    /// What is wrong with the state as such.
    func fault(in state: State) -> String?
    /// Whether all work is done.
    func isDone(_ state: State) -> Bool
}

/// All states of a model, each visited once, and what is wrong with any of them.
struct Exploration<M: Model> {
    enum Verdict: Equatable {
        /// No state has a fault, and from each of them all work can still be done.
        case holds
        case faulty(String)
        /// A state from which the work is never done: a deadlock, or going round for ever.
        case stuck(state: String)
    }

    private(set) var verdict = Verdict.holds
    var stateCount: Int { states.count }
    private var states: [M.State] = []
    private var numbers: [M.State: Int32] = [:]
    /// Where each step leads to and whence, by step.
    private var sources: [Int32] = []
    private var targets: [Int32] = []
    private var done: [Int32] = []

    init(_ model: M) {
        note(model.initial)
        var next = 0
        while next < states.count {
            let state = states[next]
            if let fault = model.fault(in: state) {
                verdict = .faulty(fault)
                return
            }
            if model.isDone(state) { done.append(Int32(next)) }
            for successor in model.successors(of: state) where successor != state {
                sources.append(Int32(next))
                targets.append(note(successor))
            }
            next += 1
        }
        if let stuck = firstStuck() { verdict = .stuck(state: "\(states[stuck])") }
    }

    @discardableResult
    private mutating func note(_ state: M.State) -> Int32 {
        if let known = numbers[state] { return known }
        let number = Int32(states.count)
        numbers[state] = number
        states.append(state)
        return number
    }

    /// A state that leads to no final one: what walking all steps backwards from the final states does not reach.
    private func firstStuck() -> Int? {
        // The steps into each state stand together: `starts[s]..<starts[s + 1]` in `order`.
        var starts = [Int](repeating: 0, count: states.count + 1)
        for target in targets { starts[Int(target) + 1] += 1 }
        for index in 0..<states.count { starts[index + 1] += starts[index] }
        var order = [Int32](repeating: 0, count: targets.count)
        var fill = starts
        for (step, target) in targets.enumerated() {
            order[fill[Int(target)]] = sources[step]
            fill[Int(target)] += 1
        }
        var reaches = [Bool](repeating: false, count: states.count)
        var waiting = done
        for state in done { reaches[Int(state)] = true }
        while let state = waiting.popLast() {
            for source in order[starts[Int(state)]..<starts[Int(state) + 1]] where !reaches[Int(source)] {
                reaches[Int(source)] = true
                waiting.append(source)
            }
        }
        return reaches.firstIndex(of: false)
    }
}

/// Up to 32 small numbers, 0 to 15 each, by the name that a model gives them: quick to hash and to copy.
struct Packed<Name: RawRepresentable & CaseIterable>: Hashable, Comparable, CustomStringConvertible
where Name.RawValue == Int {
    private var low: UInt64 = 0
    private var high: UInt64 = 0

    subscript(_ name: Name) -> Int { self[name, 0] }

    /// Of several of a kind that stand one behind the other.
    subscript(_ name: Name, _ index: Int) -> Int {
        get {
            let place = name.rawValue + index
            return Int((place < 16 ? low >> UInt64(place * 4) : high >> UInt64((place - 16) * 4)) & 15)
        }
        set {
            precondition((0...15).contains(newValue), "\(name) is \(newValue)")
            let place = name.rawValue + index
            let shift = UInt64(place % 16 * 4)
            if place < 16 {
                low = low & ~(15 << shift) | UInt64(newValue) << shift
            } else {
                high = high & ~(15 << shift) | UInt64(newValue) << shift
            }
        }
    }

    static func < (left: Self, right: Self) -> Bool { (left.low, left.high) < (right.low, right.high) }

    /// The same state after `change`.
    func with(_ change: (inout Self) -> Void) -> Self {
        var copy = self
        change(&copy)
        return copy
    }

    var description: String {
        Name.allCases.map { "\($0) \(self[$0])" }.joined(separator: ", ")
    }
}
