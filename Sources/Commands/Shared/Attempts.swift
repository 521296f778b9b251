extension [String] {
    /// What a part of a command line makes; a problem more where it cannot be made, so that all are told at once.
    ///
    /// - Parameter what: the option, and its value where that may be shown.
    mutating func attempt<Value>(_ what: String, _ body: () throws -> Value) -> Value? {
        do {
            return try body()
        } catch {
            append("\(what): \(error)")
            return nil
        }
    }
}
