import Foundation
import Testing

@testable import RennbahnReactor

@Suite("What a process writes")
struct StandardStreamTests {
    private func open(_ path: String) throws -> FileHandle { try FileHandle(forWritingTo: URL(filePath: path)) }

    @Test("a full disk is an error that says so")
    func full() throws {
        let file = try open("/dev/full")
        let error = #expect(throws: SystemError.self) {
            try StandardStream.write("figures", to: Descriptor(file.fileDescriptor), named: "standard output")
        }
        #expect(error?.description.hasPrefix("standard output: No space left on device") == true)
    }

    @Test("a pipe that nobody reads any more is an error; one that is full is waited for")
    func pipe() throws {
        try Signals.block([Signals.brokenPipe])
        let pipe = Pipe()
        let text = String(repeating: "figures ", count: 40_000)
        let end = Descriptor(pipe.fileHandleForWriting.fileDescriptor)
        // A pipe holds 64 KiB: the rest waits for the reader.
        _ = fcntl(end.rawValue, F_SETFL, O_NONBLOCK)
        let reader = try RennbahnReactor.Thread.spawn(name: "reader") { [handle = pipe.fileHandleForReading] in
            var count = 0
            while count < 8 * 40_000, let data = try? handle.read(upToCount: 10_000) { count += data.count }
        }
        try StandardStream.write(text, to: end, named: "pipe")
        reader.join()
        try pipe.fileHandleForReading.close()
        #expect(throws: SystemError.self) { try StandardStream.write("more", to: end, named: "pipe") }
    }
}

@Suite("What a process writes to a reader that has only so much time", .timeLimit(.minutes(2)))
struct BoundedWriteTests {
    @Test("a pipe that nobody reads is an error when the time is over, one that is read takes all")
    func patience() throws {
        let text = String(repeating: "figures ", count: 40_000)
        let unread = Pipe()
        #expect(throws: SystemError(code: SystemError.timedOut, operation: "pipe")) {
            try StandardStream.write(
                text, to: Descriptor(unread.fileHandleForWriting.fileDescriptor), named: "pipe", within: 1_000_000)
        }
        let pipe = Pipe()
        let reader = try RennbahnReactor.Thread.spawn(name: "reader") { [handle = pipe.fileHandleForReading] in
            var count = 0
            while count < 8 * 40_000, let data = try? handle.read(upToCount: 10_000) { count += data.count }
        }
        try StandardStream.write(
            text, to: Descriptor(pipe.fileHandleForWriting.fileDescriptor), named: "pipe", within: 60_000_000_000)
        reader.join()
    }

    @Test("a disk that is full is told as that")
    func full() throws {
        let file = try FileHandle(forWritingTo: URL(filePath: "/dev/full"))
        let error = #expect(throws: SystemError.self) {
            try StandardStream.write(
                "figures", to: Descriptor(file.fileDescriptor), named: "file", within: 60_000_000_000)
        }
        #expect(error?.description.hasPrefix("file: No space left on device") == true)
    }
}

@Suite("CPU time of processes")
struct ProcessClockTests {
    @Test("it counts threads that have ended, and never goes back")
    func ended() throws {
        let pid = ProcessInfo.processInfo.processIdentifier
        let before = try #require(ProcessClock.now(of: pid))
        try RennbahnReactor.Thread.spawn(name: "work") {
            let start = ThreadClock.now()
            while ThreadClock.now() - start < 5_000_000 {}
        }.join()
        let after = try #require(ProcessClock.now(of: pid))
        #expect(after >= before + 5_000_000)
        #expect(try ProcessSampler().sample().onCPUNanoseconds ?? 0 >= after)
    }

    @Test("there is none of a process that is not there")
    func missing() {
        #expect(ProcessClock.now(of: 0x3fff_ffff) == nil)
    }
}
