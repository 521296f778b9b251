import CRennbahnLinux
import RennbahnBytes

/// How many descriptors the process may have open.
package enum DescriptorLimit {
    /// Raises the soft limit to the hard one; returns both as they are afterwards. A failure leaves the limit as it was.
    @discardableResult
    package static func raise() -> (soft: Int, hard: Int) {
        var limit = rlimit()
        guard unsafe clinux_get_descriptor_limit(&limit) == 0 else { return (0, 0) }
        if limit.rlim_cur < limit.rlim_max {
            var wanted = limit
            wanted.rlim_cur = limit.rlim_max
            if unsafe clinux_set_descriptor_limit(&wanted) == 0 { limit = wanted }
        }
        return (Int(clamping: limit.rlim_cur), Int(clamping: limit.rlim_max))
    }
}

/// The ports that the kernel gives to outgoing connections.
package enum PortRange {
    /// From /proc/sys/net/ipv4/ip_local_port_range; the kernel's default range if that cannot be read.
    package static var ephemeral: ClosedRange<UInt16> {
        let fallback: ClosedRange<UInt16> = 32768...60999
        guard let text = try? SystemFile.text("/proc/sys/net/ipv4/ip_local_port_range") else { return fallback }
        let bounds = text.split(whereSeparator: \.isWhitespace).compactMap { UInt16($0) }
        guard bounds.count == 2, bounds[0] <= bounds[1] else { return fallback }
        return bounds[0]...bounds[1]
    }
}

/// Reads files of /proc and /sys.
enum SystemFile {
    /// The whole file. These files have no size that could be asked for.
    static func text(_ path: String) throws(SystemError) -> String {
        let number = unsafe clinux_open_read(path)
        guard number >= 0 else { throw .last("open") }
        let descriptor = Descriptor(number)
        defer { Sockets.close(descriptor) }
        var buffer = ByteBuffer(capacity: 4096)
        while true {
            switch Sockets.read(descriptor, into: &buffer, minimumFree: 1024) {
            case .bytes: continue
            case .closed: return buffer.span.text()
            case .wouldBlock: throw SystemError(code: EAGAIN, operation: "read")
            case .failed(let code): throw SystemError(code: code, operation: "read")
            }
        }
    }

    /// The names of a directory's entries that are numbers: processes, threads, descriptors.
    static func numbers(in directory: String) throws(SystemError) -> [Int32] {
        guard let stream = unsafe opendir(directory) else { throw .last("opendir") }
        defer { _ = unsafe closedir(stream) }
        var numbers: [Int32] = []
        while let entry = unsafe readdir(stream) {
            guard let name = unsafe clinux_entry_name(entry) else { continue }
            if let number = unsafe Int32(String(cString: name)) { numbers.append(number) }
        }
        return numbers
    }

    /// The first 63 octets of where a link leads to; `nil`: it may not be read.
    static func link(_ path: String) -> String? {
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { text in
            guard let start = text.baseAddress else { return nil }
            let count = unsafe readlink(path, start, 63)
            guard count > 0 else { return nil }
            unsafe start[count] = 0
            return unsafe String(cString: start)
        }
    }

    /// Which file a path leads to, through whatever links; `nil`: to none, or to one that may not be seen.
    static func identity(_ path: String) -> FileIdentity? {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return nil }
        return FileIdentity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
    }

    /// The first number behind `label` at the start of a line, as in "VmRSS:   123 kB".
    static func number(labelled label: String, in text: String) -> UInt64? {
        for line in text.split(separator: "\n") where line.hasPrefix(label) {
            let digits = line.dropFirst(label.count).drop { !$0.isNumber }.prefix { $0.isNumber }
            return UInt64(digits)
        }
        return nil
    }
}
