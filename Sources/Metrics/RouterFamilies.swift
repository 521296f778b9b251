/// What `rennbahn router --metrics` tells. Counters count since the router began, and outlive connections.
package enum RouterFamilies {
    package static let accepted = MetricFamily(
        "rennbahn_router_connections_accepted", .counter, "Connections that were accepted.")
    package static let opened = MetricFamily(
        "rennbahn_router_connections_opened", .counter, "Connections whose opening handshake was completed.")
    package static let refused = MetricFamily(
        "rennbahn_router_connections_refused", .counter, labels: ["reason"],
        """
        Connections that were turned away: for what their address has (address), for want of room (room), or \
        since the system could not accept them (system; each attempt counts).
        """)
    package static let closed = MetricFamily(
        "rennbahn_router_connections_closed", .counter, labels: ["reason"], "Connections that ended, by how they did.")
    package static let connections = MetricFamily(
        "rennbahn_router_connections", .gauge, "Connections in any state, opening and closing ones included.")

    package static let sessionsOpened = MetricFamily(
        "rennbahn_router_sessions_opened", .counter, "Sessions that were welcome.")
    package static let sessionsClosed = MetricFamily(
        "rennbahn_router_sessions_closed", .counter, labels: ["reason"],
        """
        Sessions that ended: by GOODBYE or ABORT of the client (goodbye, abort), since it broke the protocol \
        (violation), with its connection (connection), or with the router (shutdown).
        """)
    package static let sessions = MetricFamily("rennbahn_router_sessions", .gauge, "Sessions.")
    package static let refusedLogins = MetricFamily(
        "rennbahn_router_logins_refused", .counter,
        "HELLOs and AUTHENTICATEs that led to no session, and challenges that nobody answered.")

    package static let messages = MetricFamily(
        "rennbahn_router_messages", .counter, labels: ["direction"],
        "Messages that came from clients (in) and that were queued for them (out), of all kinds.")
    package static let wireBytes = MetricFamily(
        "rennbahn_router_wire_bytes", .counter, unit: "bytes", labels: ["direction"],
        """
        Octets that came from sockets (in) and that they took (out), handshakes included; with TLS encrypted, \
        but for what the kernel encrypts.
        """)
    package static let publications = MetricFamily(
        "rennbahn_router_publications", .counter, "PUBLISHes of sessions, those included that reached nobody.")
    package static let refusedPublications = MetricFamily(
        "rennbahn_router_publications_refused", .counter,
        "PUBLISHes that reached nobody, since their exclude or eligible options are not offered.")
    package static let events = MetricFamily(
        "rennbahn_router_events", .counter, "EVENTs for subscribers, without those for subscribers with x_slow.")
    package static let eventsLeftOut = MetricFamily(
        "rennbahn_router_events_left_out", .counter,
        "EVENTs that were left out for a subscriber that was behind and had asked for that (x_slow).")
    package static let eventsTooLarge = MetricFamily(
        "rennbahn_router_events_too_large", .counter,
        "EVENTs that were not sent, since their receiver over RawSocket takes no messages of that size.")
    package static let calls = MetricFamily("rennbahn_router_calls", .counter, "CALLs that found a callee.")
    package static let results = MetricFamily("rennbahn_router_results", .counter, "RESULTs of calls.")
    package static let errors = MetricFamily(
        "rennbahn_router_errors", .counter, "ERRORs to clients, those of callees included.")
    package static let compressions = MetricFamily(
        "rennbahn_router_compressions", .counter,
        "Times that a message was compressed: once for all receivers that share the result.")
    package static let handshakes = MetricFamily(
        "rennbahn_router_tls_handshakes", .counter, labels: ["kind"],
        "TLS handshakes that were completed, those that resumed a session (resumed) apart from others (full).")

    package static let detached = MetricFamily(
        "rennbahn_router_slow_receivers_detached", .counter,
        "Times that those who send to a connection went on although it was behind.")
    package static let dropped = MetricFamily(
        "rennbahn_router_slow_receivers_ended", .counter, labels: ["reason"],
        """
        Connections that were ended for the sake of others: they took nothing for long (stalled), too much waited \
        for them (overflowed) or for too long (outdated), or they took most of the memory (crowded_out).
        """)
    package static let pauses = MetricFamily(
        "rennbahn_router_pauses", .counter, labels: ["reason"],
        """
        Times that a connection was not read for a while: a receiver was behind (receiver), or it had sent more \
        than its rates allow (rate).
        """)

    package static let subscriptions = MetricFamily(
        "rennbahn_router_subscriptions", .gauge, "Subscriptions of sessions; two of one topic are two.")
    package static let registrations = MetricFamily(
        "rennbahn_router_registrations", .gauge, "Registrations of sessions.")
    package static let pendingCalls = MetricFamily(
        "rennbahn_router_pending_calls", .gauge, "Calls that were not answered yet.")
    package static let queued = MetricFamily(
        "rennbahn_router_queued_bytes", .gauge, unit: "bytes", "Octets that wait to be sent.")
    package static let memory = MetricFamily(
        "rennbahn_router_memory_bytes", .gauge, unit: "bytes", labels: ["part"],
        """
        What clients make the router keep: unfinished messages (unfinished), input that waits (input), output \
        that waits (output), sessions with what they have (state).
        """)
    package static let memoryLimit = MetricFamily(
        "rennbahn_router_memory_limit_bytes", .gauge, unit: "bytes", labels: ["part"],
        "What each part of the memory may be, of all shards together.")
    package static let shards = MetricFamily(
        "rennbahn_router_shards", .gauge, labels: ["state"],
        """
        Threads of the router, by whether they answered in time (fresh), or what is told of them is older \
        (stale).
        """)

    /// In the order in which they are written.
    package static let all =
        [
            accepted, opened, refused, closed, connections, sessionsOpened, sessionsClosed, sessions, refusedLogins,
            messages, wireBytes, publications, refusedPublications, events, eventsLeftOut, eventsTooLarge, calls,
            results,
            errors, compressions, handshakes, detached, dropped, pauses, subscriptions, registrations, pendingCalls,
            queued, memory, memoryLimit, shards,
        ] + ProcessFamilies.all
}

/// What each program tells of its own process, by the names that Prometheus has for it.
package enum ProcessFamilies {
    package static let cpu = MetricFamily(
        "process_cpu_seconds", .counter, unit: "seconds", "CPU time of the process, user and system.")
    package static let resident = MetricFamily(
        "process_resident_memory_bytes", .gauge, unit: "bytes", "Resident memory of the process.")
    package static let openDescriptors = MetricFamily("process_open_fds", .gauge, "Open descriptors of the process.")
    package static let mostDescriptors = MetricFamily(
        "process_max_fds", .gauge, "Descriptors that the process may have open.")
    package static let start = MetricFamily(
        "process_start_time_seconds", .gauge, unit: "seconds", "When the process began, in seconds since 1970 UTC.")
    package static let build = MetricFamily(
        "rennbahn_build", .info, labels: ["version", "commit"], "What the program is; always 1.")

    /// In the order in which they are written.
    package static let all = [cpu, resident, openDescriptors, mostDescriptors, start, build]
}
