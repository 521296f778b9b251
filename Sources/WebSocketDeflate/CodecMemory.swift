/// Where zlib's states come from.
///
/// A state is a few large pieces that come and go together. Mapped as one, its pages go back to the system when it is
/// freed; from a heap they would not, with smaller blocks in between.
@safe
package struct CodecMemory: Sendable {
    /// Takes a number of octets, aligned to 16; `nil` when there are none. The content does not matter.
    let take: @Sendable (Int) -> UnsafeMutableRawPointer?
    /// Takes back what ``take`` gave, with its number of octets.
    let giveBack: @Sendable (UnsafeMutableRawPointer, Int) -> Void

    package init(
        take: @escaping @Sendable (Int) -> UnsafeMutableRawPointer?,
        giveBack: @escaping @Sendable (UnsafeMutableRawPointer, Int) -> Void
    ) {
        unsafe self.take = unsafe take
        unsafe self.giveBack = unsafe giveBack
    }

    /// The allocator of the language.
    package static let heap = unsafe CodecMemory(
        take: { UnsafeMutableRawPointer.allocate(byteCount: $0, alignment: 16) },
        giveBack: { address, _ in unsafe address.deallocate() })
}
