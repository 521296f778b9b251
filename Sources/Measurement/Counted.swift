extension BinaryInteger {
    /// The number and what there is of it, in the singular or the plural: `1 client`, `2 clients`.
    ///
    /// - Parameter plural: where it is more than the singular and an s.
    package func of(_ singular: String, _ plural: String? = nil) -> String {
        "\(self) \(self == 1 ? singular : plural ?? singular + "s")"
    }
}
