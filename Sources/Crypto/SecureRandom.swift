import CRennbahnOpenSSL

/// Numbers that nobody can guess: session ids (WAMP 2.1.2), hash seeds, mask keys.
///
/// A generator that fails is a broken system, which no caller could make good: it ends the process.
package enum SecureRandom {
    package static func fill(_ words: inout [UInt64]) {
        unsafe words.withUnsafeMutableBytes { unsafe fill($0) }
    }

    package static func fillBytes(_ bytes: inout [UInt8]) {
        unsafe bytes.withUnsafeMutableBytes { unsafe fill($0) }
    }

    package static func word() -> UInt64 {
        var word: UInt64 = 0
        unsafe withUnsafeMutableBytes(of: &word) { unsafe fill($0) }
        return word
    }

    /// The generator counts in C's `int`, so a large request is split.
    @unsafe
    static func fill(_ target: UnsafeMutableRawBufferPointer) {
        var filled = 0
        while filled < target.count {
            let step = min(target.count - filled, Int(Int32.max))
            let start = unsafe target.baseAddress?.advanced(by: filled).assumingMemoryBound(to: UInt8.self)
            guard unsafe RAND_bytes(start, Int32(step)) == 1 else {
                preconditionFailure("the system's random number generator failed")
            }
            filled += step
        }
    }
}
