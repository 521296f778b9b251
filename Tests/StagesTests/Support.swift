import RennbahnTestKit
import RennbahnWAMP
import RennbahnWebSocket

@testable import RennbahnStages

/// Arguments that differ from message to message: a list of one text of so many octets.
func texts(_ serializer: Serializer, size: Int, count: Int) -> [[UInt8]] {
    var generator = SeededGenerator(seed: 7)
    return (0..<count).map { _ in
        let text = (0..<size).map { _ in UInt8(ascii: "a") + UInt8(generator.below(26)) }
        switch serializer {
        case .json: return utf8("[\"") + text + utf8("\"]")
        case .msgpack: return [0x91, 0xda, UInt8(size >> 8), UInt8(size & 0xff)] + text
        }
    }
}

/// Ways to compress, by name; `nil`: not at all.
let policies: [String: DeflatePolicy?] = [
    "none": nil,
    "disabled": DeflatePolicy(isEnabled: false),
    "takeover": DeflatePolicy(),
    "no takeover": DeflatePolicy(noContextTakeover: true, requestNoContextTakeover: true),
    "client alone takes over": DeflatePolicy(noContextTakeover: true, requestNoContextTakeover: false),
    "small windows": DeflatePolicy(maxWindowBits: 9, requestMaxWindowBits: 9, memoryLevel: 1),
    "level 1": DeflatePolicy(level: 1),
    "level 9": DeflatePolicy(memoryLevel: 9, level: 9),
    "level 0": DeflatePolicy(level: 0),
]
