import RennbahnBytes
import RennbahnCookies
import RennbahnTestKit
import Testing

@Suite("Cookie log")
struct CookieLogTests {
    private let changes: [CookieChange] = [
        .issued("first", at: 1), .identified("first", somebody), .issued("second", at: 2),
        .identified("second", CookieIdentity(authID: "ä€🏁", authRole: "", authMethod: "anonymous", realm: "r")),
        .deleted("first"), .forgotten("second"), .issued(String(repeating: "x", count: 64), at: .max),
    ]

    private func encoded(_ changes: [CookieChange]) -> (bytes: [UInt8], ends: [Int]) {
        var buffer = ByteBuffer()
        buffer.append(CookieLog.magic)
        var ends = [buffer.count]
        for change in changes {
            CookieLog.append(change, to: &buffer)
            ends.append(buffer.count)
        }
        return (buffer.span.copied(), ends)
    }

    private func contents(_ bytes: [UInt8]) throws -> CookieLog.Contents { try CookieLog.contents(of: bytes.span) }

    @Test("What is written is read, and the layout stays as it is")
    func roundTrip() throws {
        let (bytes, ends) = encoded(changes)
        let read = try contents(bytes)
        #expect(read.changes == changes && read.soundCount == ends.last && !read.isDamaged)
        #expect(
            encoded([.deleted("ab")]).bytes == Array("RBCOOK1\n".utf8) + [
                0, 0, 0, 4, 0x72, 0xf8, 0xc6, 0xb7, 4, 2, 0x61, 0x62,
            ])
    }

    @Test("Cut at any octet, exactly the whole records before the cut are there")
    func everyCut() throws {
        let (bytes, ends) = encoded(changes)
        for cut in 0...bytes.count {
            let read = try contents(Array(bytes[..<cut]))
            let whole = max(0, ends.count { $0 <= cut } - 1)
            #expect(read.changes == Array(changes[..<whole]), "cut at \(cut)")
            #expect(read.soundCount == (cut < ends[0] ? 0 : ends[whole]), "cut at \(cut)")
            #expect(!read.isDamaged)
            // As when the file was made longer before its bytes were there.
            guard cut >= ends[0] else { continue }
            let zeros = try contents(Array(bytes[..<cut]) + [UInt8](repeating: 0, count: 700))
            #expect(zeros.changes == read.changes && !zeros.isDamaged, "cut at \(cut), zeros")
        }
    }

    @Test("Whatever octet is damaged, no cookie comes to stand for somebody whom it does not stand for")
    func damage() throws {
        let (bytes, _) = encoded(changes)
        for index in 8..<bytes.count {
            for flip: UInt8 in [1, 0x80, 0xff] {
                var damaged = bytes
                damaged[index] ^= flip
                let read = try contents(damaged)
                #expect(read.changes.allSatisfy(changes.contains), "octet \(index)")
                var jar = CookieJar(policy: CookiePolicy(), capacity: 10)
                jar.restore(read.changes, now: 2)
                let identity = jar.identity(of: "first", now: 2)
                // Only where all from the damage to the end is torn may the deletion be unknown.
                #expect(identity == nil || !read.isDamaged && read.soundCount < bytes.count, "octet \(index)")
            }
        }
    }

    @Test("Damage in front of a record is noted, and makes nobody of everybody before it; at the end it is torn")
    func noted() throws {
        let (bytes, ends) = encoded(changes)
        for (record, start) in ends.dropLast().enumerated() {
            var damaged = bytes
            damaged[start + 8] ^= 0x40
            let read = try contents(damaged)
            let (before, behind) = (changes[..<record], changes[(record + 1)...])
            #expect(read.isDamaged == !behind.isEmpty, "record \(record)")
            let kept = before.filter { change in
                if case .identified = change { behind.isEmpty } else { true }
            }
            #expect(read.changes == kept + behind, "record \(record)")
        }
    }

    @Test("A file of somebody else's is refused, and never taken for an empty one")
    func foreign() {
        for text in ["RBCOOK2\n", "{", "RBCOOK1\r", "\n", "something longer than the head"] {
            #expect(throws: CookieLog.Foreign.self) { try contents(Array(text.utf8)) }
        }
    }

    @Test("Garbage behind the head never traps and holds nothing")
    func garbage() throws {
        for seed: UInt64 in 0..<5000 {
            var random = SeededGenerator(seed: seed)
            var bytes = Array("RBCOOK1\n".utf8) + random.bytes(Int.random(in: 0...120, using: &random))
            for index in bytes.indices.dropFirst(8) where index % 4 < 3 { bytes[index] &= 7 }
            #expect(try contents(bytes).changes.isEmpty, "seed \(seed)")
        }
    }
}
