import Foundation
import RennbahnBytes
import RennbahnCookies
import RennbahnReactor
import RennbahnTransport
import Synchronization
import Testing

/// The file of cookies: what survives, and what does not come back.
@Suite(.serialized)
struct CookieFileTests {
    private final class Clock: Sendable {
        let seconds = Atomic<UInt64>(1000)
    }

    private final class Reports: Sendable {
        private let lines = Mutex<[String]>([])
        var all: [String] { lines.withLock { $0 } }
        func add(_ line: String) { lines.withLock { $0.append(line) } }
    }

    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("cookies-\(UUID().uuidString)")
        .path
    private var path: String { folder + "/cookies.log" }
    private let clock = Clock()
    private let reports = Reports()
    private let joe = CookieIdentity(authID: "joe", authRole: "user", authMethod: "ticket", realm: "realm1")

    init() throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    private func open(
        _ path: String? = nil, purges: Bool = false, capacity: Int = 1000, largestFile: Int = 1 << 20
    ) throws -> CookieStore {
        try CookieStore(
            CookiePolicy(maxAge: 100), path: path ?? self.path, purges: purges, capacity: capacity,
            largestFile: largestFile, clock: { [clock] in clock.seconds.load(ordering: .relaxed) },
            report: { [reports] in reports.add($0) })
    }

    private func bytes() throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: path))) }

    private func issue(_ store: CookieStore) throws -> String { try #require(store.visit([]).value) }

    private func isKnown(_ value: String, _ store: CookieStore) -> Bool {
        store.visit(["cbtid=\(value)"]).header == nil
    }

    private func remove() { try? FileManager.default.removeItem(atPath: folder) }

    @Test("a disk that hangs stops nobody: cookies are given and known, and the store ends without it")
    func hangingDisk() throws {
        defer { remove() }
        let (entered, released) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        let passed = Clock()
        do {
            let store = try CookieStore(
                CookiePolicy(maxAge: 100), path: path,
                synchronizes: { _ in
                    entered.signal()
                    released.wait()
                    passed.seconds.store(0, ordering: .relaxed)
                }, report: { [reports] in reports.add($0) })
            let first = try issue(store)
            entered.wait()
            let second = try issue(store)
            #expect(first != second && isKnown(first, store) && isKnown(second, store))
        }
        #expect(passed.seconds.load(ordering: .relaxed) != 0, "the store has ended, and its thread waits yet")
        #expect(reports.all.isEmpty)
        // Once for each cookie, and once more at the end.
        for _ in 0..<4 { released.signal() }
    }

    @Test("what was told to anybody is in the file at once: another process would find it, had this one been killed")
    func atOnce() throws {
        defer { remove() }
        let store = try open()
        let kept = try issue(store)
        let gone = try issue(store)
        store.identify(kept, joe)
        store.identify(gone, joe)
        store.delete(gone)
        // The store is not closed: a copy of the file is what kill -9 leaves.
        let copy = folder + "/copy"
        try Data(bytes()).write(to: URL(fileURLWithPath: copy))
        let other = try open(copy)
        #expect(other.identity(of: kept) == joe && other.count == 1)
        #expect(!isKnown(gone, other))
    }

    @Test("cut off at any octet, the file gives what its whole records say, and goes on from there")
    func everyCut() throws {
        defer { remove() }
        var values: [String] = []
        var states: [(size: Int, first: CookieIdentity?, count: Int)] = []
        do {
            let store = try open()
            func note() throws {
                states.append((try bytes().count, store.identity(of: values.first ?? ""), store.count))
            }
            try note()
            values.append(try issue(store))
            try note()
            store.identify(values[0], joe)
            try note()
            values.append(try issue(store))
            try note()
            store.delete(values[0])
            try note()
        }
        let whole = try bytes()
        for cut in 0...whole.count {
            try Data(whole[..<cut]).write(to: URL(fileURLWithPath: path))
            let expected = states.last { $0.size <= cut } ?? (size: 0, first: nil, count: 0)
            let added: String
            do {
                let store = try open()
                #expect(store.identity(of: values[0]) == expected.first, "cut at \(cut)")
                #expect(store.count == expected.count, "cut at \(cut)")
                added = try issue(store)
            }
            let again = try open()
            #expect(again.count == expected.count + 1 && isKnown(added, again), "cut at \(cut)")
        }
        #expect(reports.all.isEmpty)
    }

    @Test("a logged-out cookie stays out through restarts, and through writing the file anew")
    func logout() throws {
        defer { remove() }
        var value = ""
        for round in 0..<3 {
            let store = try open(purges: round == 2)
            if round == 0 {
                value = try issue(store)
                store.identify(value, joe)
                store.delete(value)
            }
            #expect(store.identity(of: value) == nil && store.count == 0)
        }
        #expect(try bytes().count == 8)
    }

    @Test("what is too old stays out, and out of the file with purge_on_startup")
    func age() throws {
        defer { remove() }
        let value = try issue(try open())
        let size = try bytes().count
        clock.seconds.store(1101, ordering: .relaxed)
        #expect(try open().count == 0)
        #expect(try bytes().count == size)
        #expect(try !isKnown(value, open(purges: true)))
        #expect(try bytes().count == size)
    }

    @Test("a file that is mostly of no use is written anew, with all that holds")
    func rewriting() throws {
        defer { remove() }
        var kept: [String] = []
        do {
            let store = try open()
            for _ in 0..<20 { kept.append(try issue(store)) }
            for round in 0..<4000 {
                store.identify(
                    kept[round % 20],
                    CookieIdentity(authID: "user\(round)", authRole: "user", authMethod: "ticket", realm: "realm1"))
            }
        }
        // The last 64 KiB may stand behind what was written anew.
        #expect(try bytes().count < 200_000)
        let store = try open()
        #expect(store.count == 20)
        for (index, value) in kept.enumerated() {
            #expect(store.identity(of: value)?.authID == "user\(3980 + index)")
        }
        #expect(reports.all.isEmpty)
        #expect(!FileManager.default.fileExists(atPath: path + ".new"))
    }

    @Test("a full disk is told once; the cookies go on in memory, and the file holds what fitted")
    func fullDisk() throws {
        defer { remove() }
        var values: [String] = []
        do {
            let store = try open(largestFile: 500)
            for _ in 0..<30 { values.append(try issue(store)) }
            store.identify(values[29], joe)
            #expect(store.count == 30 && store.identity(of: values[29]) == joe)
            #expect(values.allSatisfy { isKnown($0, store) })
            #expect(reports.all.count == 1 && reports.all[0].contains("No space left"), "\(reports.all)")
        }
        #expect(try bytes().count <= 500)
        let store = try open()
        #expect(values.prefix(store.count).allSatisfy { isKnown($0, store) } && store.count > 5)
    }

    @Test("a logout that cannot be written empties the file rather than let the cookie come back")
    func logoutOnFullDisk() throws {
        defer { remove() }
        var first = ""
        do {
            let store = try open(largestFile: 500)
            first = try issue(store)
            store.identify(first, joe)
            while reports.all.isEmpty { _ = try issue(store) }
            store.delete(first)
            #expect(try bytes().isEmpty)
            #expect(!isKnown(first, store))
        }
        #expect(try open().identity(of: first) == nil)
    }

    @Test("one file has one user, and a file of somebody else's is not touched")
    func occupied() throws {
        defer { remove() }
        let store = try open()
        #expect(throws: CookieFileFailure.inUse(path: path)) { try open() }
        _ = store.count
        let other = folder + "/other"
        try Data("name: something else\n".utf8).write(to: URL(fileURLWithPath: other))
        #expect(throws: CookieFileFailure.foreign(path: other)) { try open(other) }
        #expect(try String(contentsOfFile: other, encoding: .utf8) == "name: something else\n")
        #expect(throws: CookieFileFailure.self) { try open(folder + "/no/such/folder") }
    }

    @Test("threads that share a store lose nothing")
    func threads() throws {
        defer { remove() }
        let values = Mutex<[String]>([])
        let store = try open()
        let done = DispatchSemaphore(value: 0)
        for _ in 0..<4 {
            Foundation.Thread { [joe] in
                for _ in 0..<100 {
                    guard let value = store.visit([]).value else { continue }
                    store.identify(value, joe)
                    values.withLock { $0.append(value) }
                }
                done.signal()
            }.start()
        }
        for _ in 0..<4 { done.wait() }
        let all = values.withLock { $0 }
        let copy = folder + "/copy"
        try Data(bytes()).write(to: URL(fileURLWithPath: copy))
        let other = try open(copy)
        #expect(other.count == 400 && Set(all).count == 400)
        #expect(all.allSatisfy { other.identity(of: $0) == joe })
    }
}
