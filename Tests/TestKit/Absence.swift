import Foundation

/// Places in a value, and in all that it consists of, at which something is nil or empty.
///
/// - Parameter place: what the value itself is called.
package func placesOfAbsence(in value: Any, _ place: String) -> [String] {
    if value is Data { return [] }
    let mirror = Mirror(reflecting: value)
    if mirror.displayStyle == .optional {
        return mirror.children.first.map { placesOfAbsence(in: $0.value, place) } ?? [place]
    }
    let holdsMany = mirror.displayStyle == .collection || mirror.displayStyle == .dictionary
    if holdsMany, mirror.children.isEmpty { return [place] }
    return mirror.children.flatMap { placesOfAbsence(in: $0.value, "\(place).\($0.label ?? "")") }
}
