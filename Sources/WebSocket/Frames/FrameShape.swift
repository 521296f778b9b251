package import RennbahnBytes

/// How an end writes its frames where that is not the plain way: cut into fragments, or masked by a server.
package struct FrameShape: Sendable, Equatable {
    /// Messages with more octets are cut into frames of so many; 0: never.
    package var fragmentSize: Int
    /// Whether frames are masked; a server must not by RFC 6455, section 5.1.
    package var masks: Bool
    /// Whether the payload of a masked frame is really combined with its key. Switched off, the frame only claims so: for
    /// tests between ends that both do it.
    package var appliesMask: Bool

    package init(fragmentSize: Int = 0, masks: Bool, appliesMask: Bool = true) {
        precondition(fragmentSize >= 0)
        self.fragmentSize = fragmentSize
        self.masks = masks
        self.appliesMask = appliesMask
    }

    /// Appends a message (or a control frame) in one frame or several.
    ///
    /// - Parameter nextKey: a fresh mask key; asked for each frame that is masked.
    package func append(
        opcode: Opcode, compressed: Bool = false, payload: Span<UInt8>, nextKey: () -> UInt32,
        to output: inout ByteBuffer
    ) {
        let most = fragmentSize > 0 && !opcode.isControl ? fragmentSize : Int.max
        var start = 0
        repeat {
            let end = start &+ min(most, payload.count &- start)
            let key = masks ? nextKey() : nil
            FrameHeader(
                opcode: start == 0 ? opcode : .continuation, isFinal: end == payload.count,
                isCompressed: compressed && start == 0, maskKey: key, payloadCount: end &- start
            ).append(to: &output)
            let place = output.count
            output.append(payload.extracting(start..<end))
            if let key, appliesMask {
                var mask = XORMask(bigEndianKey: key)
                output.applyMask(&mask, to: place..<output.count)
            }
            start = end
        } while start < payload.count
    }
}
