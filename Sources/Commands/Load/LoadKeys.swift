import RennbahnLoadGenerator
import RennbahnReactor
import RennbahnWorkload

/// What a key asks for.
enum LoadKey: Equatable {
    case pauseOrResume
    case faster
    case slower
    case endPhase
    case quit

    /// By how much the rate goes up, and by how much down: one undoes the other.
    static let step = 1.1

    /// What is asked for by what a terminal sent.
    static func keys(in bytes: [UInt8]) -> [LoadKey] {
        var keys: [LoadKey] = []
        var rest = bytes[...]
        while let byte = rest.popFirst() {
            if byte == escape {
                skipSequence(&rest)
            } else if let key = LoadKey(byte) {
                keys.append(key)
            }
        }
        return keys
    }

    private static let escape: UInt8 = 0x1B

    private init?(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "p"), UInt8(ascii: " "): self = .pauseOrResume
        case UInt8(ascii: "+"), UInt8(ascii: "="): self = .faster
        case UInt8(ascii: "-"): self = .slower
        case UInt8(ascii: "e"): self = .endPhase
        case UInt8(ascii: "q"): self = .quit
        default: return nil
        }
    }

    /// Behind ESC comes what a terminal sends for an arrow, a function key or a key with Alt: none has a meaning here, and no letter
    /// of it is a key.
    private static func skipSequence(_ rest: inout ArraySlice<UInt8>) {
        switch rest.popFirst() {
        case UInt8(ascii: "["): while let byte = rest.popFirst(), !(0x40...0x7E).contains(byte) {}
        case UInt8(ascii: "O"): _ = rest.popFirst()
        default: break
        }
    }

    /// What is to be done to the run; `nil`: to end it.
    func steering(isPaused: Bool) -> Steering? {
        switch self {
        case .pauseOrResume: isPaused ? .resume : .pause
        case .faster: .rate(factor: LoadKey.step)
        case .slower: .rate(factor: 1 / LoadKey.step)
        case .endPhase: .endPhase
        case .quit: nil
        }
    }

    /// What may be pressed in a run, for whoever watches it.
    static func legend(_ workload: WorkloadParameters, isPaused: Bool) -> [String] {
        var keys: [String] = []
        if workload.canPause { keys.append(isPaused ? "[p] go on" : "[p] pause") }
        if workload.load.isOpen, workload.canPause { keys.append("[+] [-] rate") }
        return keys + ["[e] end the phase", "[q] quit"]
    }
}

/// The keys of whoever watches a run, from the beginning to ``giveBack()``.
final class LoadKeys {
    private let interruption: Interruption
    private var pending: [LoadKey] = []
    /// Whether the run is paused once all that was handed out is done.
    private var isPaused = false
    let areTaken: Bool

    /// - Parameter areWanted: whether somebody watches who would know what to press.
    init(areWanted: Bool, _ interruption: Interruption) {
        self.interruption = interruption
        areTaken = areWanted && TerminalKeys.take()
        if areTaken { interruption.beforeExit = { TerminalKeys.giveBack() } }
    }

    /// The next thing that is to be done to the run.
    func next() -> Steering? {
        guard areTaken else { return nil }
        if pending.isEmpty { pending = LoadKey.keys(in: TerminalKeys.pressed()) }
        while !pending.isEmpty {
            guard let steering = pending.removeFirst().steering(isPaused: isPaused) else {
                interruption.ask()
                continue
            }
            if steering == .pause || steering == .resume { isPaused = steering == .pause }
            return steering
        }
        return nil
    }

    /// The run has told whether it is paused.
    func note(isPaused: Bool) { self.isPaused = isPaused }

    func giveBack() {
        guard areTaken else { return }
        TerminalKeys.giveBack()
        interruption.beforeExit = nil
    }
}
