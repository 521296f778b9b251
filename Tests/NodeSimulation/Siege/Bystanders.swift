import RennbahnTestKit

/// Two who keep the rules, a publisher and its subscriber or a caller and its callee: what they say is numbered, and has to arrive
/// once, in order, and soon, whatever others do. They read all that comes.
final class Bystanders {
    enum Work {
        case events
        case calls
    }

    /// What others may subscribe to, and call, too.
    static func uri(_ place: Int) -> String { "com.example.shared\(place)" }

    /// An argument of calls that are not the pair's.
    static let foreign = 999_999_999

    private static let window = 8
    private static let filler = String(repeating: "#", count: 48 * 1024)
    private static let fillers = [0, 40, 500, 4000, 48 * 1024].map { String(filler.prefix($0)) }

    let work: Work
    private let uri: String
    /// The publisher, or the caller.
    private let active: BarePeer
    /// The subscriber, or the callee.
    private let passive: BarePeer
    /// Largest of the messages, as an index of the fillers.
    private let size: Int
    private var said = 0
    private(set) var heard = 0
    /// Since when something is on its way without anything having arrived.
    private var since: UInt64 = 0
    private(set) var longestSilence: UInt64 = 0
    private(set) var faults: [String] = []

    /// Both have joined already, and the passive one has subscribed or registered.
    init(_ work: Work, _ uri: String, active: BarePeer, passive: BarePeer, size: Int) {
        (self.work, self.uri, self.active, self.passive, self.size) = (work, uri, active, passive, size)
    }

    var isWaiting: Bool { heard < said }

    /// Sends what waits for room, and begins nothing.
    func settle() {
        active.pump()
        passive.pump()
    }

    /// - Parameter now: time that has passed for the router, in nanoseconds.
    func speak(_ random: inout SeededGenerator, now: UInt64) {
        settle()
        guard said - heard < Bystanders.window, active.backlog == 0, random.chance(60) else { return }
        if !isWaiting { since = now }
        said += 1
        let filler = Bystanders.fillers[random.chance(80) ? random.below(min(size, 2) + 1) : random.below(size + 1)]
        let code = work == .events ? 16 : 48
        active.say("[\(code),\(said),{},\"\(uri)\",[\(said),\"\(filler)\"]]")
    }

    func listen(now: UInt64) {
        let before = heard
        passive.read { message in
            let fields = WireFields(message)
            switch (work, fields.type) {
            case (.events, 36): arrived(fields.argument)
            case (.calls, 68): answer(fields)
            case (_, _): fault("the one who listens", fields)
            }
        }
        active.read { message in
            let fields = WireFields(message)
            switch (work, fields.type) {
            case (.calls, 50): arrived(fields.argument)
            case (_, _): fault("the one who speaks", fields)
            }
        }
        look(passive, "the one who listens")
        look(active, "the one who speaks")
        if isWaiting || heard > before { longestSilence = max(longestSilence, now - since) }
        if heard > before { since = now }
    }

    private func answer(_ invocation: WireFields) {
        let filler = invocation.argument == Bystanders.foreign ? Bystanders.fillers[3] : ""
        passive.say("[70,\(invocation.first),{},[\(invocation.argument),\"\(filler)\"]]")
    }

    private func arrived(_ number: Int) {
        heard += 1
        if number != heard { faults.append("\(number) came where \(heard) was due of \(uri)") }
        heard = max(heard, number)
    }

    private func fault(_ who: String, _ fields: WireFields) {
        faults.append("\(who) of \(uri) got a message of type \(fields.type), \(fields.first)")
    }

    private func look(_ peer: BarePeer, _ who: String) {
        guard peer.hasEnded || peer.closeCode != nil else { return }
        if faults.count < 10 { faults.append("\(who) of \(uri) was ended: \(peer.closeCode ?? 0), \(peer.errno ?? 0)") }
    }

    /// They go, one in order, one not.
    func leave() {
        active.say("[6,{},\"wamp.close.close_realm\"]")
        active.close()
        passive.close(resets: true)
    }
}
