import RennbahnBytes
import RennbahnMeasurement
import RennbahnReactor
import RennbahnTransport
import RennbahnWorkload

extension FleetShard {
    /// The load begins: a closed loop fills its windows, an open one starts its timetable.
    func startLoad() {
        pacer.value.begin(setting, ownRate: control.ownRate, start: meter.value.time)
        if scenario == .connect {
            for client in 0..<fleet.value.count where fleet.value.states[client] == .ready { leave(client) }
        } else if !pacer.value.isPaced {
            for place in 0..<fleet.value.senders.count {
                while isLoading, operate(place, intendedAt: meter.value.time) {}
            }
        }
    }

    /// Starts what is due, each operation with the time at which it was.
    func pace() {
        guard pacer.value.isPaced else { return }
        guard isLoading else {
            pacer.value.end()
            return
        }
        while let arrival = pacer.value.next(now: meter.value.time) {
            guard operate(arrival.sender, intendedAt: arrival.dueAt) else {
                pacer.value.hold(arrival)
                return
            }
            tick()
        }
    }

    /// Within a turn: what has become due must not wait until a thousand other messages are worked off.
    func keepPace() {
        guard pacer.value.isDue(at: meter.value.time) else { return }
        pace()
        loop.flush()
    }

    /// Starts one operation of a sender; false when it has too many in flight, or is not there any more.
    func operate(_ place: Int, intendedAt: UInt64) -> Bool {
        let client = Int(fleet.value.senders[place])
        // A lost connection sends nothing: what it should have sent is missed as rate, and its loss is reported.
        guard fleet.value.states[client] == .ready else { return pacer.value.isPaced }
        switch scenario {
        case .pubsub: return publish(place, client, intendedAt: intendedAt)
        case .rpc: return call(place, client, intendedAt: intendedAt)
        case .echo: return sendEcho(place, client, intendedAt: intendedAt)
        case .connect: return false
        }
    }

    /// An operation of a sender is complete: a closed loop starts the next one.
    func goOn(_ place: Int) {
        guard isLoading, !pacer.value.isPaced else { return }
        _ = operate(place, intendedAt: meter.value.time)
    }

    /// Operations that are not complete.
    var outstanding: UInt64 {
        switch scenario {
        case .pubsub:
            var sum: UInt64 = 0
            for place in 0..<fleet.value.senders.count {
                sum += UInt64(publications.value.inFlight(publisher: place))
            }
            sum += UInt64(fleet.value.unacknowledged)
            // Where some read slowly, the publications that healthy ones have are not all that is on its way.
            return max(sum, laggards.value.slow.isEmpty ? 0 : tracker.value.outstanding(sent: published))
        case .rpc, .echo: return calls.value.outstanding
        case .connect: return UInt64(fleet.value.pending)
        }
    }

    /// Publications of one sender of the fleet, in all phases.
    func published(_ sender: Int) -> UInt64 {
        fleet.value.place(ofSender: sender).map { publications.value.sent(publisher: $0) } ?? 0
    }
}
