import CRennbahnLinux

/// Whole pages straight from the system, which has them back as soon as they are given up.
package enum Pages {
    /// At least `count` octets, zero, and in memory only as far as they are touched; `nil` when there are none.
    package static func map(_ count: Int) -> UnsafeMutableRawPointer? {
        unsafe clinux_map(count)
    }

    package static func unmap(_ address: UnsafeMutableRawPointer, _ count: Int) {
        unsafe munmap(address, count)
    }
}
