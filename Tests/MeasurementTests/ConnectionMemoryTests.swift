import RennbahnMeasurement
import Testing

/// Memory per connection is told only where it can be.
struct ConnectionMemoryTests {
    private static let told = ConnectionMemory(
        before: 10_000_000, after: 10_000_000 + 200 * 4096, connections: 100, workBefore: 0.05)

    private func bytes(_ change: (inout ConnectionMemory) -> Void) -> Double? {
        var memory = Self.told
        change(&memory)
        return memory.bytesPerConnection
    }

    @Test func `The growth of a fresh process is shared by its connections`() {
        #expect(bytes { _ in } == 8192)
        #expect(bytes { $0.connections = 200 } == 4096)
    }

    @Test func `Few connections say nothing`() {
        #expect(bytes { $0.connections = 99 } == nil && bytes { $0.connections = 0 } == nil)
    }

    @Test func `A growth of a few pages says nothing, and neither does a process that shrank`() {
        #expect(bytes { $0.after = $0.before + 64 * 4096 } == 2621.44)
        #expect(bytes { $0.after = $0.before + 64 * 4096 - 1 } == nil)
        #expect(bytes { $0.after = $0.before } == nil && bytes { $0.after = 0 } == nil)
        #expect(bytes { $0.before = .max } == nil)
    }

    @Test func `A process that has served before gives its connections what it had`() {
        #expect(bytes { $0.workBefore = 0.25 } != nil && bytes { $0.workBefore = 0.26 } == nil)
    }
}
