import Testing

@testable import RennbahnRouter
@testable import RennbahnTransport

@Suite("Memory of an idle session")
struct IdleSessionTests {
    /// `make goals` measures 0.56 KiB, the allocator's part included.
    @Test("what the transport and the router keep of a session that is idle stays below half a kibibyte")
    func size() {
        // And the generation of the slot, and the serializer of the session.
        let octets = MemoryLayout<Link>.stride + MemoryLayout<Session>.stride + 4 + 1
        #expect(octets <= 512, "\(octets)")
    }
}
