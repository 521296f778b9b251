import ArgumentParser

extension LoadOptions {
    /// An option that has no meaning beside `--config`, and another value than it has at first.
    var givenBesideConfiguration: String? {
        guard let initial = try? LoadOptions.parse([]) else { return nil }
        let given: [(String, Bool)] = [
            ("--url", url != nil), ("--receiver-url", receiverUrl != nil), ("--realm", realm != initial.realm),
            ("--scenario", scenario != initial.scenario), ("--clients", clients != initial.clients),
            ("--publishers", publishers != nil), ("--subscribers", subscribers != nil), ("--topics", topics != nil),
            ("--slow", slow != nil), ("--stuck", stuck != nil), ("--slow-interval", slowInterval != nil),
            ("--callers", callers != nil), ("--callees", callees != nil), ("--payload", payload != initial.payload),
            ("--filler", filler != initial.filler), ("--serializer", serializer != initial.serializer),
            ("--compression", compression.text != initial.compression.text), ("--rate", rate != nil),
            ("--poisson", poisson), ("--depth", depth != nil), ("--warmup", warmup != initial.warmup),
            ("--ramp", ramp != initial.ramp), ("--drain-timeout", drainTimeout != initial.drainTimeout),
            ("--connect-timeout", connectTimeout != initial.connectTimeout), ("--shards", shards != initial.shards),
            ("--cpus", cpus != nil), ("--seed", seed != initial.seed), ("--source", source != nil),
            ("--tls-…", tls.isGiven), ("--router-pid", routerPid != nil),
        ]
        return given.first(where: \.1)?.0
    }
}
