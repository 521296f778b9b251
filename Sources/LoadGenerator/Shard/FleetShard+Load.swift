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
        } else {
            if factor != 1 { pacer.value.scale(by: factor, at: meter.value.time) }
            fill()
        }
    }

    /// Starts what is due, each operation with the time at which it was.
    func pace() {
        guard pacer.value.isPaced else { return }
        while let arrival = pacer.value.next(now: meter.value.time) {
            guard operate(arrival.sender, intendedAt: arrival.dueAt) else {
                pacer.value.hold(arrival)
                return
            }
            if tick() { flush() }
        }
    }

    /// Within a turn: what has become due must not wait until a thousand other messages are worked off.
    func keepPace() {
        guard pacer.value.isDue(at: meter.value.time) else { return }
        pace()
        flush()
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
        case .connect, .push: return false
        }
    }

    /// An operation of a sender is complete: a closed loop starts the next one.
    func goOn(_ place: Int) {
        guard isLoading, !isPaused, !pacer.value.isPaced else { return }
        _ = operate(place, intendedAt: meter.value.time)
    }

    /// An operation is in the queue of its connection.
    func left(_ place: Int, _ sequence: UInt64, intendedAt: UInt64) {
        meter.value.sent()
        guard pacer.value.isPaced else { return }
        departures.value.append(
            Departure(
                place: place, sequence: sequence, intendedAt: intendedAt))
    }

    /// Hands what is queued to the sockets, and notes for the operations of an open loop when that was.
    func flush() {
        loop.flush()
        guard !departures.value.isEmpty else { return }
        let time = kernel.now()
        for departure in departures.value {
            let (place, sequence) = (departure.place, departure.sequence)
            if scenario == .pubsub {
                publications.value.handedOver(publisher: place, sequence: sequence, at: time)
            } else {
                calls.value.handedOver(caller: place, sequence: sequence, at: time)
            }
            meter.value.handedOver(intendedAt: departure.intendedAt, at: time)
        }
        departures.value.removeAll(keepingCapacity: true)
    }

    /// The time to drain is over: what has no answer, or was never sent, is recorded with the time that it has waited.
    func noteUnanswered() {
        guard hasLoaded else { return }
        while pacer.value.rest > 0, let arrival = pacer.value.next(now: .max) {
            let units = scenario == .pubsub ? publications.value.receivers(ofPublisher: arrival.sender) : 1
            meter.value.unanswered(intendedAt: arrival.dueAt, units: units)
        }
        pacer.value.stop()
        switch scenario {
        case .pubsub:
            for (intendedAt, receivers) in publications.value.waiting {
                meter.value.unanswered(intendedAt: intendedAt, units: receivers)
            }
        case .rpc, .echo:
            for intendedAt in calls.value.waiting { meter.value.unanswered(intendedAt: intendedAt, units: 1) }
        case .connect:
            for client in 0..<fleet.value.count where fleet.value.states[client].isArriving {
                meter.value.unanswered(intendedAt: fleet.value.openedAt[client], units: 1)
            }
        case .push: break
        }
    }

    /// Operations that are not complete.
    var outstanding: UInt64 {
        switch scenario {
        case .pubsub:
            var sum = pacer.value.rest
            for place in 0..<fleet.value.senders.count {
                sum += UInt64(publications.value.inFlight(publisher: place))
            }
            sum += UInt64(fleet.value.unacknowledged)
            // Where some read slowly, the publications that healthy ones have are not all that is on its way.
            return max(sum, laggards.value.slow.isEmpty ? 0 : tracker.value.outstanding(sent: published))
        case .rpc, .echo: return pacer.value.rest + calls.value.outstanding
        case .connect: return UInt64(fleet.value.pending)
        case .push: return 0
        }
    }

    /// Publications of one sender of the fleet, in all phases.
    func published(_ sender: Int) -> UInt64 {
        fleet.value.place(ofSender: sender).map { publications.value.sent(publisher: $0) } ?? 0
    }
}

/// An operation of an open loop between its connection's queue and its socket.
struct Departure: Sendable {
    /// Of its sender.
    let place: Int
    let sequence: UInt64
    let intendedAt: UInt64
}
