package import RennbahnWebSocket
import RennbahnWebSocketDeflate

extension Limits {
    /// Octets that a shard with so many compressed connections keeps for them at most.
    package func codecMemory(connections: Int, _ policy: DeflatePolicy) -> Int {
        codecs.mostMemory(
            connections: connections, windowBits: policy.maxWindowBits ?? 15, memoryLevel: policy.memoryLevel)
    }
}
