/// What `rennbahn load --metrics` tells. Counters count since the run began, the warm-up included.
package enum LoadFamilies {
    package static let phase = MetricFamily(
        "rennbahn_load_phase", .gauge, labels: ["phase"], "1 for the phase that the run is in, 0 for the others.")
    package static let elapsed = MetricFamily(
        "rennbahn_load_elapsed_seconds", .gauge, unit: "seconds", "Time since the run began.")
    package static let clients = MetricFamily(
        "rennbahn_load_clients", .gauge, labels: ["state"],
        """
        Clients: how many there are to be (asked), are ready (ready), and lost their connection before they were \
        asked to (lost).
        """)
    package static let operations = MetricFamily(
        "rennbahn_load_operations", .counter, "Operations that were sent in the measured window.")
    package static let messages = MetricFamily(
        "rennbahn_load_messages", .counter, "Units of work that were completed: deliveries, calls, sessions, echoes.")
    package static let wireBytes = MetricFamily(
        "rennbahn_load_wire_bytes", .counter, unit: "bytes", labels: ["direction"],
        "Octets that went to the router (to_router) and came from it (from_router).")
    package static let outstanding = MetricFamily(
        "rennbahn_load_outstanding_operations", .gauge, "Operations without their completion.")
    package static let errors = MetricFamily(
        "rennbahn_load_errors", .counter, labels: ["kind"],
        "Connections that failed or ended too early, and requests that were answered with an error.")
    package static let response = MetricFamily(
        "rennbahn_load_response_seconds", .histogram, unit: "seconds",
        "From the intended send to receipt, in the measured window.")
    package static let lag = MetricFamily(
        "rennbahn_load_lag_seconds", .histogram, unit: "seconds",
        """
        From the intended send to the hand-over to the socket, in the measured window: the generator's own delay.
        """)
    package static let cpu = MetricFamily(
        "rennbahn_load_cpu_seconds", .counter, unit: "seconds", labels: ["side"],
        "CPU time that a side used; of the router, where its processes are on this machine.")
    package static let resident = MetricFamily(
        "rennbahn_load_resident_bytes", .gauge, unit: "bytes", labels: ["side"], "Resident memory of a side.")

    /// In the order in which they are written.
    package static let all =
        [
            phase, elapsed, clients, operations, messages, wireBytes, outstanding, errors, response, lag, cpu, resident,
        ] + ProcessFamilies.all
}
