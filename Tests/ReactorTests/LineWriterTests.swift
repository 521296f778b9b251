import Foundation
import Testing

@testable import RennbahnReactor

/// A log that nobody needs to read.
@Suite(.timeLimit(.minutes(2)))
struct LineWriterTests {
    /// Nanoseconds; only a fault uses them up.
    private static let patience: UInt64 = 60_000_000_000

    private func writer(
        to pipe: Pipe, lines: Int = 1000, octets: Int = 1 << 20
    ) throws -> LineWriter {
        var bounds = LineWriter.Bounds()
        bounds.lines = lines
        bounds.octets = octets
        return try LineWriter(to: Descriptor(pipe.fileHandleForWriting.fileDescriptor), bounds: bounds) {
            "\($0) left out\n"
        }
    }

    /// Everything that was written until the writer has ended.
    private func text(of pipe: Pipe) throws -> String {
        try pipe.fileHandleForWriting.close()
        return String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    }

    /// - Returns: how many octets there were room for.
    private func fill(_ pipe: Pipe) throws -> Int {
        let descriptor = pipe.fileHandleForWriting.fileDescriptor
        let flags = fcntl(descriptor, F_GETFL)
        try #require(fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) == 0)
        let page = [UInt8](repeating: UInt8(ascii: "."), count: 4096)
        var inside = 0
        while case let written = write(descriptor, page, page.count), written > 0 { inside += written }
        try #require(errno == EAGAIN && fcntl(descriptor, F_SETFL, flags) == 0)
        return inside
    }

    @Test func `Lines are written whole and in order, those of before the start too`() throws {
        let pipe = Pipe()
        let writer = try writer(to: pipe)
        writer.write("one\n")
        try writer.start()
        for number in 2...500 { writer.write("\(number)\n") }
        #expect(writer.finish(within: Self.patience))
        let expected = ["one"] + (2...500).map { "\($0)" }
        #expect(try text(of: pipe) == expected.map { $0 + "\n" }.joined())
    }

    @Test func `What was never started is written at the end`() throws {
        let pipe = Pipe()
        let writer = try writer(to: pipe)
        writer.write("last words\n")
        #expect(writer.finish(within: Self.patience))
        #expect(try text(of: pipe) == "last words\n")
    }

    @Test func `Lines beyond the bound are left out, counted, and told in their place`() throws {
        let pipe = Pipe()
        let writer = try writer(to: pipe, lines: 4)
        for line in ["a", "b", "c", "d", "e", "f"] { writer.write(line + "\n") }
        #expect(writer.finish(within: Self.patience))
        #expect(try text(of: pipe) == "a\nb\nc\nd\n2 left out\n")
    }

    @Test func `Octets are bounded as well, and what fits is written behind the word of what did not`() throws {
        let pipe = Pipe()
        let writer = try writer(to: pipe, octets: 100)
        writer.write(String(repeating: "x", count: 101) + "\n")
        writer.write("short\n")
        #expect(writer.finish(within: Self.patience))
        #expect(try text(of: pipe) == "1 left out\nshort\n")
    }

    /// The pipe is full from the beginning; a writer that waited for its reader would hang here.
    @Test func `Without a reader nobody waits, and when it comes back it learns how much it missed`() throws {
        let pipe = Pipe()
        let inside = try fill(pipe)
        let writer = try writer(to: pipe, lines: 10)
        try writer.start()
        for number in 0..<1000 { writer.write("\(number)\n") }
        #expect(!writer.finish(within: 1_000_000))
        #expect(try pipe.fileHandleForReading.read(upToCount: inside)?.count == inside)
        var (last, lines, leftOut) = (-1, 0, 0)
        var rest = ""
        while lines + leftOut < 1000 {
            // What there is: a count would be waited for, and the pipe has no end.
            let data = pipe.fileHandleForReading.availableData
            try #require(!data.isEmpty)
            rest += String(decoding: data, as: UTF8.self)
            while let end = rest.firstIndex(of: "\n") {
                let words = rest[..<end].split(separator: " ")
                rest = String(rest[rest.index(after: end)...])
                let number = try #require(words.first.flatMap { Int($0) })
                if words.last == "out" {
                    leftOut += number
                } else {
                    #expect(number > last)
                    (last, lines) = (number, lines + 1)
                }
            }
        }
        #expect(lines + leftOut == 1000 && leftOut > 980)
        #expect(writer.finish(within: Self.patience))
    }

    @Test func `A stream that takes nothing any more ends nothing`() throws {
        let full = try FileHandle(forWritingTo: URL(filePath: "/dev/full"))
        let writer = try LineWriter(to: Descriptor(full.fileDescriptor), bounds: LineWriter.Bounds()) { "\($0)\n" }
        try writer.start()
        for _ in 0..<100 { writer.write("nowhere\n") }
        #expect(writer.finish(within: Self.patience))
    }
}
