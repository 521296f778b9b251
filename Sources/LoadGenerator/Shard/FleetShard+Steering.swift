import RennbahnBytes

extension FleetShard {
    /// Whether nothing new is sent for now.
    var isPaused: Bool { factor == 0 }

    /// Does what whoever watches the run has asked for since the last turn: other edges of the window, another rate, a pause.
    func followSteering() {
        guard isLoading else { return }
        window = control.window
        let wanted = control.factor
        guard wanted != factor else { return }
        let wasPaused = isPaused
        factor = wanted
        pacer.value.scale(by: wanted, at: meter.value.time)
        if wasPaused, !isPaused { fill() }
    }

    /// Whether there is something of that to do.
    var isSteered: Bool { isLoading && (control.factor != factor || control.window != window) }

    /// A closed loop's senders fill their windows.
    func fill() {
        guard scenario != .connect, !pacer.value.isPaced, !isPaused else { return }
        for place in 0..<fleet.value.senders.count {
            while isLoading, operate(place, intendedAt: meter.value.time) {}
        }
    }
}
