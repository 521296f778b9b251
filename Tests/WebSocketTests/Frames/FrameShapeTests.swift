import RennbahnBytes
import RennbahnReferences
import RennbahnWebSocket
import Testing

@Suite("Frame shape")
struct FrameShapeTests {
    private func frames(
        _ shape: FrameShape, _ payload: [UInt8], _ opcode: Opcode = .binary, compressed: Bool = false
    )
        -> [UInt8]
    {
        var buffer = ByteBuffer()
        var key: UInt32 = 0x0102_0304
        shape.append(
            opcode: opcode, compressed: compressed, payload: payload.span,
            nextKey: {
                key += 1
                return key
            }, to: &buffer)
        return buffer.span.copied()
    }

    @Test("Fragments have the size that is asked for, the last what is left, and none is empty")
    func fragments() {
        let shape = FrameShape(fragmentSize: 64, masks: false)
        for count in 0...200 {
            let payload = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
            var expected: [UInt8] = []
            var start = 0
            repeat {
                let end = min(start + 64, count)
                let head: UInt8 = (end == count ? 0x80 : 0) | (start == 0 ? 2 : 0)
                expected += WireFrame(head, Array(payload[start..<end]), mask: nil).bytes
                start = end
            } while start < count
            #expect(frames(shape, payload) == expected, "\(count) octets")
        }
    }

    @Test("Only the first fragment says that the message is compressed")
    func compressed() {
        let bytes = frames(FrameShape(fragmentSize: 2, masks: false), [1, 2, 3, 4], .text, compressed: true)
        #expect(bytes == [0x41, 2, 1, 2, 0x80, 2, 3, 4])
    }

    @Test("Control frames are never cut")
    func control() {
        #expect(frames(FrameShape(fragmentSize: 1, masks: false), [1, 2, 3], .ping) == [0x89, 3, 1, 2, 3])
    }

    @Test("Each fragment has a mask key of its own, which may be left unapplied")
    func masks() {
        let payload: [UInt8] = [9, 9, 9]
        let masked = frames(FrameShape(fragmentSize: 2, masks: true), payload)
        #expect(masked == [0x02, 0x82, 1, 2, 3, 5, 8, 11, 0x80, 0x81, 1, 2, 3, 6, 8])
        let claimed = frames(FrameShape(masks: true, appliesMask: false), payload)
        #expect(claimed == [0x82, 0x83, 1, 2, 3, 5, 9, 9, 9])
    }

    @Test("A reader that applies no mask reads payloads as they are, whole and under every cut")
    func unappliedMask() {
        let payload = (0..<40).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        let setup = ReaderSetup(appliesMask: false)
        for fragmentSize in [0, 7] {
            let bytes = frames(FrameShape(fragmentSize: fragmentSize, masks: true, appliesMask: false), payload)
            for cut in 0...bytes.count {
                let reading = read(bytes, cuts: [cut], setup)
                #expect(reading.events == [.message(.binary, compressed: false, payload)], "cut at \(cut)")
            }
        }
    }
}
