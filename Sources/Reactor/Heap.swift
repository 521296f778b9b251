import CRennbahnLinux

/// What the C library has of the system's memory for all threads.
package enum Heap {
    /// Gives what was freed back to the system, in whole pages. Takes milliseconds for a gigabyte, for which threads that
    /// allocate may have to wait.
    package static func trim() {
        clinux_trim_heap()
    }
}
