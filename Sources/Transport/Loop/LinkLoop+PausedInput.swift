import RennbahnBytes
import RennbahnWebSocket

extension LinkLoop {
    /// A connection is not read for a while, although it has sent more. Where all such input takes more memory than the shard has
    /// for it the connection with the most is ended, unless it is one of those that wait as long as it takes.
    @inline(never)
    func notePausedInput(_ slot: Int) {
        let count = links.value[slot].kept.count
        guard count > PausedInput.leastCounted else { return }
        pausedInput.value.note(slot, count)
        guard pausedInput.value.octets > limits.maxPausedInput, let most = pausedInput.value.largest,
            slowReceivers(most) == .disconnect
        else { return }
        pausedInput.value.forget(most)
        counters.value.crowdedOut += 1
        fail(most, .tryAgainLater, "input takes too much memory")
        // The connection stays until it has said so.
        links.value[most].kept.removeAll(keepingCapacity: false)
    }
}
