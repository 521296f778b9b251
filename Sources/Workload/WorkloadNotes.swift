import RennbahnMeasurement

extension WorkloadParameters {
    /// What does not divide, in a sentence each: some clients then have more to do than others.
    package var notes: [String] {
        switch scenario {
        case .pubsub(let publishers, let subscribers, let topics):
            return [
                WorkloadParameters.uneven(publishers, "publisher", among: topics, "topic"),
                WorkloadParameters.uneven(subscribers - laggards.count, "subscriber", among: topics, "topic"),
                WorkloadParameters.uneven(topics, "topic", among: shards, "thread"),
            ].compactMap(\.self)
        case .rpc(let callers, let callees):
            return [
                WorkloadParameters.uneven(callers, "caller", among: callees, "callee"),
                WorkloadParameters.uneven(callees, "callee", among: shards, "thread"),
            ].compactMap(\.self)
        case .connect, .echo, .push:
            return [WorkloadParameters.uneven(clients, "client", among: shards, "thread")].compactMap(\.self)
        }
    }

    private static func uneven(_ count: Int, _ noun: String, among places: Int, _ place: String) -> String? {
        guard count > 0, places > 0, count % places != 0 else { return nil }
        let least = count / places
        return "\(count.of(noun)) cannot be shared evenly by \(places.of(place)): \(least) or \(least + 1) each"
    }
}
