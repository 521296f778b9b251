import Testing

@testable import WAMPClient

@Suite(.timeLimit(.minutes(5)))
struct EventBufferTests {
    private func event(_ number: UInt64) -> WAMPEvent {
        WAMPEvent(topic: "a", publication: number, arguments: [], keywords: [:])
    }

    @Test func `Events come out in order, before the end`() async throws {
        let buffer = EventBuffer(capacity: 100)
        for number in 0..<100 { #expect(buffer.push(event(UInt64(number)))) }
        buffer.finish(nil)
        for number in 0..<100 { #expect(try await buffer.next().get()?.publication == UInt64(number)) }
        #expect(try await buffer.next().get() == nil)
        #expect(try await buffer.next().get() == nil)
    }

    @Test func `A full buffer takes no event until one was taken out`() async throws {
        let buffer = EventBuffer(capacity: 2)
        #expect(buffer.push(event(1)))
        #expect(buffer.push(event(2)))
        #expect(!buffer.push(event(3)))
        #expect(try await buffer.next().get()?.publication == 1)
        #expect(buffer.push(event(4)))
        #expect(!buffer.push(event(5)))
    }

    @Test func `An error is thrown once, behind the events`() async throws {
        let buffer = EventBuffer(capacity: 2)
        _ = buffer.push(event(1))
        buffer.finish(WAMPError(.connectionLost))
        buffer.finish(nil)
        #expect(buffer.push(event(2)))
        #expect(try await buffer.next().get()?.publication == 1)
        #expect(await buffer.next() == .failure(WAMPError(.connectionLost)))
        #expect(try await buffer.next().get() == nil)
    }

    @Test func `Readers that wait get what comes, one each`() async throws {
        let buffer = EventBuffer(capacity: 1)
        let sum = try await withThrowingTaskGroup(of: UInt64.self) { group in
            for _ in 0..<10 { group.addTask { try await buffer.next().get()?.publication ?? 0 } }
            for number in 1...9 {
                while !buffer.push(event(UInt64(number))) { await Task.yield() }
            }
            buffer.finish(nil)
            return try await group.reduce(0, +)
        }
        #expect(sum == 45)
    }

    @Test func `A canceled reader gets the end and leaves the events to others`() async throws {
        let buffer = EventBuffer(capacity: 1)
        let reader = Task { await buffer.next() }
        reader.cancel()
        #expect(try await reader.value.get() == nil)
        #expect(buffer.push(event(1)))
        #expect(try await buffer.next().get()?.publication == 1)
    }

    @Test func `A reader that waits is told the error`() async {
        let buffer = EventBuffer(capacity: 1)
        async let waiting = buffer.next()
        buffer.finish(WAMPError(.connectionLost))
        #expect(await waiting == .failure(WAMPError(.connectionLost)))
    }
}
