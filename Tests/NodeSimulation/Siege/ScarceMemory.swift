import RennbahnTestKit
import RennbahnWebSocketDeflate

/// Memory for zlib that is not there now and then, as its seed says. Of one thread.
final class ScarceMemory: @unchecked Sendable {
    /// Octets that a shard keeps for the next message: one state for either direction.
    static let spare = 600 * 1024

    private var random: SeededGenerator
    /// Of a hundred.
    private let shortage: Int
    private(set) var refused = 0
    /// Octets that were taken and not given back.
    private(set) var octets = 0

    init(seed: UInt64, shortage: Int) {
        random = SeededGenerator(seed: seed)
        self.shortage = shortage
    }

    var memory: CodecMemory {
        CodecMemory(
            take: { count in
                guard !self.random.chance(self.shortage) else {
                    self.refused += 1
                    return nil
                }
                self.octets += count
                return UnsafeMutableRawPointer.allocate(byteCount: count, alignment: 16)
            },
            giveBack: { address, count in
                self.octets -= count
                address.deallocate()
            })
    }
}
