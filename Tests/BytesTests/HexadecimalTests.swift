import RennbahnBytes
import Testing

@Suite("Hexadecimal")
struct HexadecimalTests {
    @Test("Every octet comes back, and is written in lower case")
    func roundTrip() {
        let octets = Array(UInt8.min...UInt8.max)
        let text = Hexadecimal.encode(octets)
        #expect(text.hasPrefix("000102030405060708090a0b0c") && text.hasSuffix("fdfeff"))
        #expect(Hexadecimal.decode(text) == octets)
        #expect(Hexadecimal.decode(text.uppercased()) == octets)
        #expect(Hexadecimal.decode("") == [])
    }

    @Test(
        "What are no pairs of digits is refused", arguments: ["a", "abc", "0g", "g0", "0x", " 00", "00 ", "ää", "-1"])
    func refused(text: String) {
        #expect(Hexadecimal.decode(text) == nil)
    }
}
