import RennbahnBytes
import RennbahnMeasurement
import RennbahnWAMP
import RennbahnWorkload

// What is checked of every message: loss, duplication, order and integrity between each two, and ids that were granted.

extension FleetShard {
    /// Names a fault, if it is among the first.
    func note(_ path: MessageFault.Path, _ kind: MessageFault.Kind) {
        faults.value.note(MessageFault(path, kind))
    }

    /// Counts and names what is wrong with a message that the load is not made of.
    @inline(never)
    func noteStray(_ client: Int, _ name: String, _ kind: MessageFault.Kind) {
        switch kind {
        case .lost(let count): strays.lost += count
        case .repeated: strays.duplicated += 1
        default: strays.unexpected += 1
        }
        note(.message(name, to: fleet.value.roles[client]), kind)
    }

    /// Checks an EVENT or INVOCATION against those before it; `nil` where it is of no use, or a repetition.
    ///
    /// - Parameter path: between whom it went, given the sender where the payload says it.
    @inline(__always)
    func observed(
        _ client: Int, _ scanned: ScannedRouterMessage, _ bytes: Span<UInt8>, _ path: (Int?) -> MessageFault.Path
    ) -> Stamp? {
        var fault = Stamp.Fault.corrupted
        guard let stamp = stamp(scanned, bytes, fault: &fault) else {
            switch fault {
            case .corrupted:
                tracker.value.noteCorrupted()
                note(path(nil), .corrupted)
            case .otherRun:
                tracker.value.noteUnexpected()
                note(path(nil), .otherRun)
            }
            return nil
        }
        let receiver = Int(fleet.value.places[client])
        switch tracker.value.observe(sender: stamp.sender, receiver: receiver, sequence: stamp.sequence) {
        case .ok, .gap: return stamp
        case .reordered:
            note(path(stamp.sender), .reordered(sequence: stamp.sequence))
            return stamp
        case .duplicate:
            note(path(stamp.sender), .duplicated(sequence: stamp.sequence))
            return nil
        case .unexpected:
            note(path(stamp.sender), .misdirected)
            return nil
        }
    }

    // MARK: At the end

    /// The final account.
    var verification: VerificationCounters {
        var counters = loadVerification
        counters += strays
        return counters
    }

    private var loadVerification: VerificationCounters {
        switch scenario {
        case .pubsub:
            var counters = tracker.value.finish(sent: published)
            counters.lost += UInt64(fleet.value.unacknowledged)
            return counters
        case .rpc:
            // What a callee did not get, or got damaged, has no sound answer either: it counts once, as that.
            var counters = calls.value.finish()
            let heard = tracker.value.counters
            counters.duplicated += heard.duplicated
            counters.reordered += heard.reordered
            counters.unexpected += heard.unexpected
            return counters
        case .echo: return calls.value.finish()
        case .connect: return visits.value.finish()
        case .push: return meter.value.pushes
        }
    }

    /// Between whom something is missing.
    func nameLosses() {
        let limit = FaultList.capacity
        switch scenario {
        case .pubsub:
            let subscribers = fleet.value.roles.compactMap { role in
                if case .subscriber(let index, _) = role { index } else { nil }
            }
            for loss in tracker.value.losses(atMost: limit, sent: published) {
                note(.event(publisher: loss.sender, subscriber: subscribers[loss.receiver]), .lost(loss.count))
            }
            for client in 0..<fleet.value.count where fleet.value.granted[client] == 0 {
                if case .publisher(let sender, _) = fleet.value.roles[client], published(sender) > 0 {
                    note(.published(publisher: sender), .lost(1))
                }
            }
        case .rpc, .echo:
            for loss in calls.value.losses(atMost: limit) {
                let sender = fleet.value.senderNumbers[loss.caller]
                note(scenario == .rpc ? .result(caller: sender) : .echo(client: sender), .lost(loss.count))
            }
        case .connect, .push: break
        }
    }
}
