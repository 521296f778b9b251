/// What the bystanders and attackers of a simulation read in messages of a router: JSON without white space.
struct WireFields {
    /// The type of the message and what stands behind it, as far as those are numbers: -1 for what is none.
    var type = -1
    var first = -1
    var second = -1
    /// The first of the arguments.
    var argument = -1

    init(_ message: Span<UInt8>) {
        var position = 1
        type = WireFields.integer(message, &position)
        first = WireFields.integer(message, &position)
        second = WireFields.integer(message, &position)
        while position < message.count, message[position] != UInt8(ascii: "[") { position += 1 }
        position += 1
        argument = WireFields.integer(message, &position)
    }

    /// The number at a place, which moves behind the comma that follows; -1, and the place stays, if there is none.
    private static func integer(_ message: Span<UInt8>, _ position: inout Int) -> Int {
        var (index, value) = (position, 0)
        // As many digits as fit.
        let end = min(message.count, position + 18)
        while index < end, message[index] >= UInt8(ascii: "0"), message[index] <= UInt8(ascii: "9") {
            value = value * 10 + Int(message[index] - UInt8(ascii: "0"))
            index += 1
        }
        guard index > position else { return -1 }
        position = index + 1
        return value
    }
}
