import Testing

@testable import RennbahnTransport

@Suite("Memory of a connection")
struct LinkSizeTests {
    /// What few connections have belongs into ``RareState``; an end that has much to tell is indirect.
    @Test("the slot that every connection has does not grow with what few of them need")
    func size() {
        #expect(MemoryLayout<Link>.stride <= 312)
        #expect(MemoryLayout<LinkEnd>.stride <= 16)
    }
}
