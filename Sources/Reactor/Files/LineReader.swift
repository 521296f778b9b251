import CRennbahnLinux
import RennbahnBytes

/// What came of waiting for a line.
package enum LineResult: Sendable, Equatable {
    /// Without its line feed. The last line of a stream may lack one.
    case line(String)
    case timedOut
    /// The stream has ended, or there is none.
    case ended
}

/// Cuts a nonblocking pipe's bytes into lines.
struct LineReader: ~Copyable {
    /// A longer line is delivered in pieces of this many bytes.
    private static let longestLine = 1 << 20

    private let descriptor: Descriptor?
    private var buffer = ByteBuffer()
    private var isOpen: Bool

    /// Takes over `descriptor` and closes it.
    init(_ descriptor: Descriptor?) {
        self.descriptor = descriptor
        isOpen = descriptor != nil
    }

    deinit {
        if let descriptor { Sockets.close(descriptor) }
    }

    /// Waits for the next line until `deadline` (of ``MonotonicClock``, in ns).
    mutating func next(deadline: UInt64) -> LineResult {
        var searched = 0
        while true {
            if let end = lineEnd(from: searched) { return .line(take(end, skipping: 1)) }
            if buffer.count >= LineReader.longestLine { return .line(take(LineReader.longestLine, skipping: 0)) }
            searched = buffer.count
            guard isOpen, let descriptor else {
                return buffer.isEmpty ? .ended : .line(take(buffer.count, skipping: 0))
            }
            switch Sockets.read(descriptor, into: &buffer, minimumFree: 4096) {
            case .bytes:
                continue
            case .closed, .failed:
                isOpen = false
            case .wouldBlock:
                if MonotonicClock.now() >= deadline { return .timedOut }
                DescriptorWait.untilReadable(descriptor, deadline: deadline)
            }
        }
    }

    private func lineEnd(from start: Int) -> Int? {
        let bytes = buffer.span
        var index = start
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "\n") { return index }
            index += 1
        }
        return nil
    }

    private mutating func take(_ count: Int, skipping separator: Int) -> String {
        let line = buffer.span.extracting(0..<count).text()
        buffer.removeFirst(count + separator)
        return line
    }
}

/// Blocking waits of control paths, which have no poller.
enum DescriptorWait {
    /// Returns when `descriptor` is readable or ended, at the deadline, or early for no reason. With `nil` just waits.
    static func untilReadable(_ descriptor: Descriptor?, deadline: UInt64) {
        let now = MonotonicClock.now()
        let left = deadline > now ? deadline - now : 0
        // Rounded up so that callers do not spin through the last millisecond.
        let milliseconds = Int32((min(left, 60_000_000_000) + 999_999) / 1_000_000)
        var request = pollfd(fd: descriptor?.rawValue ?? -1, events: Int16(POLLIN), revents: 0)
        _ = unsafe poll(&request, 1, milliseconds)
    }

    static func isReadable(_ descriptor: Descriptor) -> Bool {
        var request = pollfd(fd: descriptor.rawValue, events: Int16(POLLIN), revents: 0)
        return unsafe poll(&request, 1, 0) > 0
    }
}
