/// The work of a thread on its way there, such as the life of a shard.
///
/// Unchecked: what it refers to belongs to the thread that runs it. Whoever made it gives it away and never touches it again.
package struct ThreadWork: @unchecked Sendable {
    package let run: () -> Void

    package init(_ run: @escaping () -> Void) {
        self.run = run
    }
}
