import RennbahnBytes
import RennbahnWebSocket

extension LinkLoop {
    /// A connection is not read for a while, although it has sent more. Where all such input takes more memory than the shard has
    /// for it the connection with the most is ended. Those that wait as long as it takes do not count.
    @inline(never)
    func notePausedInput(_ slot: Int) {
        let count = links.value[slot].kept.count
        guard count > PausedInput.leastCounted, slowReceivers(slot) == .disconnect else { return }
        pausedInput.value.note(slot, count)
        guard pausedInput.value.octets > limits.maxPausedInput, let most = pausedInput.value.largest else { return }
        pausedInput.value.forget(most)
        counters.value.crowdedOut += 1
        noteEnding(most)
        fail(most, .tryAgainLater, "input takes too much memory")
    }
}
