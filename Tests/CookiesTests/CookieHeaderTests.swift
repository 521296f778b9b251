import RennbahnCookies
import RennbahnTestKit
import Testing

@Suite("Cookie header")
struct CookieHeaderTests {
    private func values(_ fields: String...) -> [String] { CookieHeader.values(of: "cbtid", in: fields) }

    /// The rule said with the standard library's means.
    private func reference(_ fields: [String]) -> [String] {
        let alphabet = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/=".unicodeScalars)
        var found: [String] = []
        for pair in fields.flatMap({ $0.unicodeScalars.split(separator: ";").map(Array.init) }) {
            var scalars = pair[...]
            while let first = scalars.first, " \t".unicodeScalars.contains(first) { scalars.removeFirst() }
            while let last = scalars.last, " \t".unicodeScalars.contains(last) { scalars.removeLast() }
            guard scalars.starts(with: "cbtid=".unicodeScalars) else { continue }
            scalars = scalars.dropFirst(6)
            if scalars.count > 1, scalars.first == "\"", scalars.last == "\"" {
                scalars = scalars.dropFirst().dropLast()
            }
            guard !scalars.isEmpty, scalars.count <= 64, scalars.allSatisfy(alphabet.contains) else { continue }
            found.append(scalars.reduce(into: "") { $0.unicodeScalars.append($1) })
        }
        return Array(found.prefix(8))
    }

    @Test("The value is found among others, in quotes or not, in any of several fields")
    func found() {
        #expect(values("cbtid=abc") == ["abc"])
        #expect(values("a=b; cbtid=abc; c=d") == ["abc"])
        #expect(values("a=b;cbtid=\"a+/=\";c") == ["a+/="])
        #expect(values("x=y", "\tcbtid=abc ") == ["abc"])
        #expect(values("cbtid=one; cbtid=two") == ["one", "two"])
    }

    @Test("Malformed pairs hide nothing, and are no values themselves")
    func malformed() {
        #expect(values("; ;=;==; cbtid=abc;;") == ["abc"])
        #expect(values("a=\"b; cbtid=abc") == ["abc"])
        for text in [
            "", "cbtid", "cbtid=", "cbtid=\"\"", "cbtid=\"", "CBTID=abc", "xcbtid=abc", "cbtid =abc", "cbtid= abc",
            "cbtid=a b", "cbtid=a,b", "cbtid=a\"b", "cbtid=ä", "cbtid=\"abc",
            "cbtid=" + String(repeating: "a", count: 65),
        ] {
            #expect(values(text) == [], "\(text)")
        }
        #expect(values("cbtid=" + String(repeating: "a", count: 64)).count == 1)
    }

    @Test("Any number of values ends at the limit")
    func bound() {
        let many = String(repeating: "cbtid=a;", count: 1000)
        #expect(values(many, many).count == CookieHeader.mostValues)
    }

    @Test("Garbage gives what the reference gives")
    func garbage() {
        let pieces = ["cbtid", "=", ";", " ", "\t", "\"", "a", "Z9", "+", "ä", ",", "cbtid=", "\u{0}", "🏁"]
        for seed: UInt64 in 0..<20_000 {
            var random = SeededGenerator(seed: seed)
            let fields = (0..<Int.random(in: 0...3, using: &random)).map { _ in
                (0..<Int.random(in: 0...14, using: &random)).map { _ in pieces.randomElement(using: &random)! }.joined()
            }
            #expect(CookieHeader.values(of: "cbtid", in: fields) == reference(fields), "seed \(seed): \(fields)")
        }
    }
}

@Suite("Cookie policy")
struct CookiePolicyTests {
    @Test("Set-Cookie is as Crossbar.io writes it")
    func header() {
        #expect(CookiePolicy().header(value: "v") == "cbtid=v;max-age=604800;HttpOnly;SameSite=Lax")
        let policy = CookiePolicy(
            name: "id", length: 32, maxAge: 60, isForTLSOnly: true, isHiddenFromScripts: false, sameSite: .none)
        #expect(policy.header(value: "v") == "id=v;max-age=60;Secure;SameSite=None")
    }

    @Test("A value has the asked length, and every bit of the randomness that it needs", arguments: 6...64)
    func value(length: Int) {
        let policy = CookiePolicy(length: length)
        let zero = [UInt8](repeating: 0, count: policy.randomCount)
        #expect(policy.value(zero) == String(repeating: "A", count: length))
        #expect(policy.value(zero.map { ~$0 }) == String(repeating: "_", count: length))
        var seen: Set<String> = []
        for bit in 0..<(length * 6) {
            var random = zero
            random[bit / 8] = 0x80 >> UInt8(bit % 8)
            seen.insert(policy.value(random))
        }
        #expect(seen.count == length * 6)
        #expect(CookieHeader.values(of: "cbtid", in: ["cbtid=" + policy.value(zero.map { ~$0 })]).count == 1)
    }
}
