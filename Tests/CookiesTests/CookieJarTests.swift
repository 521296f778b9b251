import RennbahnCookies
import RennbahnTestKit
import Testing

/// A jar with a source of different values.
final class Jar {
    var jar: CookieJar
    private var random = SeededGenerator(seed: 1)

    init(maxAge: UInt64 = 100, capacity: Int = 1000) {
        jar = CookieJar(policy: CookiePolicy(maxAge: maxAge), capacity: capacity)
    }

    func visit(_ brought: String..., renewsUnproved: Bool = false, at now: UInt64) -> CookieJar.Visit {
        var random = random
        defer { self.random = random }
        return jar.visit(brought, renewsUnproved: renewsUnproved, now: now) { random.bytes($0) }
    }

    func identity(of value: String, now: UInt64) -> CookieIdentity? { jar.identity(of: value, now: now) }

    @discardableResult
    func identify(_ value: String, _ identity: CookieIdentity, now: UInt64) -> Bool {
        jar.identify(value, identity, now: now)
    }

    func takeChanges() -> [CookieChange] { jar.takeChanges() }

    /// Issues one and returns its value.
    func issue(at now: UInt64 = 0) -> String {
        guard case .issued(let value) = visit(at: now) else { return "none issued" }
        return value
    }
}

let somebody = CookieIdentity(authID: "joe", authRole: "user", authMethod: "ticket", realm: "realm1")

@Suite("Cookie jar")
struct CookieJarTests {
    @Test("Who brings none gets one; who brings it back is known; who brings another's invention gets one")
    func visits() {
        let jar = Jar()
        let value = jar.issue()
        #expect(value.count == 24)
        #expect(jar.visit(value, at: 1) == .known(value))
        #expect(jar.visit("invented", value, at: 1) == .known(value))
        guard case .issued(let other) = jar.visit("invented", at: 1) else {
            Issue.record("not issued")
            return
        }
        #expect(other != value && other != "invented")
        #expect(jar.takeChanges() == [.issued(value, at: 0), .issued(other, at: 1)])
    }

    @Test(
        "Where cookies authenticate, one that stands for nobody gives way to a new one; one that stands for somebody stays"
    )
    func renewal() {
        let jar = Jar()
        let planted = jar.issue()
        guard case .issued(let fresh) = jar.visit(planted, renewsUnproved: true, at: 1) else {
            Issue.record("the planted one is good")
            return
        }
        #expect(fresh != planted && jar.jar.count == 1)
        #expect(!jar.identify(planted, somebody, now: 1))
        jar.identify(fresh, somebody, now: 1)
        #expect(jar.visit(planted, fresh, renewsUnproved: true, at: 2) == .known(fresh))
        jar.jar.forget(fresh)
        #expect(jar.visit(fresh, renewsUnproved: true, at: 3) != .known(fresh))
    }

    @Test("A cookie stands for whom it was authenticated for, until it is forgotten or deleted")
    func identities() {
        let jar = Jar()
        let value = jar.issue()
        #expect(jar.identity(of: value, now: 0) == nil)
        #expect(jar.identify(value, somebody, now: 0))
        #expect(jar.identity(of: value, now: 5) == somebody)
        jar.jar.forget(value)
        #expect(jar.identity(of: value, now: 5) == nil)
        #expect(jar.visit(value, at: 5) == .known(value))
        jar.identify(value, somebody, now: 5)
        jar.jar.delete(value)
        #expect(jar.identity(of: value, now: 5) == nil)
        #expect(!jar.identify(value, somebody, now: 5))
        #expect(jar.visit(value, at: 5) != .known(value))
    }

    @Test("What changes nothing is not written down")
    func changes() {
        let jar = Jar()
        let value = jar.issue()
        _ = jar.takeChanges()
        jar.jar.forget(value)
        _ = jar.visit(value, at: 1)
        #expect(jar.takeChanges().isEmpty)
        jar.identify(value, somebody, now: 1)
        jar.identify(value, somebody, now: 2)
        #expect(jar.takeChanges() == [.identified(value, somebody)])
        jar.jar.delete(value)
        jar.jar.delete(value)
        jar.jar.forget(value)
        #expect(jar.takeChanges() == [.deleted(value)])
    }

    @Test("After max_age a cookie is none, whatever it was used for; a clock that is set back ages nothing")
    func age() {
        let jar = Jar(maxAge: 100)
        let value = jar.issue(at: 1000)
        jar.identify(value, somebody, now: 1000)
        #expect(jar.visit(value, at: 0) == .known(value))
        #expect(jar.visit(value, at: 1100) == .known(value))
        #expect(jar.identity(of: value, now: 1100) == somebody)
        #expect(jar.identity(of: value, now: 1101) == nil)
        #expect(jar.visit(value, at: 1101) != .known(value))
        #expect(jar.jar.count == 1)
    }

    @Test("When it is full, the oldest that stands for nobody makes room; those that stand for somebody never do")
    func capacity() {
        let jar = Jar(capacity: 3)
        let first = jar.issue()
        let second = jar.issue()
        let third = jar.issue()
        jar.identify(first, somebody, now: 0)
        let fourth = jar.issue()
        #expect(jar.jar.count == 3)
        #expect(jar.visit(first, at: 0) == .known(first))
        #expect(jar.visit(third, at: 0) == .known(third))
        jar.identify(third, somebody, now: 0)
        jar.identify(fourth, somebody, now: 0)
        #expect(jar.visit(second, at: 0) == .full)
        #expect(jar.identity(of: first, now: 0) == somebody)
        jar.jar.forget(third)
        #expect(jar.visit(at: 0) != .full)
        #expect(jar.visit(third, at: 0) != .known(third))
        #expect(jar.visit(at: 200) != .full)
        #expect(jar.jar.count == 1)
    }

    @Test("Any course of events gives what an obvious model gives, bounded, and restored the same")
    func model() {
        for seed: UInt64 in 0..<200 {
            var random = SeededGenerator(seed: seed)
            let jar = Jar(maxAge: 50, capacity: 20)
            var model: [String: (created: UInt64, identity: CookieIdentity?)] = [:]
            var history: [CookieChange] = []
            var now: UInt64 = 100
            for step in 0..<300 {
                now += UInt64.random(in: 0...3, using: &random)
                model = model.filter { now - $0.value.created <= 50 }
                let value = model.keys.sorted().randomElement(using: &random) ?? "none"
                switch Int.random(in: 0..<6, using: &random) {
                case 0, 1:
                    let isFull = model.count == 20
                    switch jar.visit("foreign", at: now) {
                    case .issued(let fresh):
                        if isFull {
                            let unproved = model.filter { $0.value.identity == nil }
                            let oldest = unproved.map(\.value.created).min()
                            let gone = model.keys.filter { !jar.jar.holds($0) }
                            #expect(
                                gone.count == 1 && gone.allSatisfy { unproved[$0]?.created == oldest },
                                "\(seed), \(step)")
                            for key in gone { model[key] = nil }
                        }
                        model[fresh] = (now, nil)
                    case .full: #expect(isFull && model.allSatisfy { $0.value.identity != nil }, "\(seed), \(step)")
                    case .known: Issue.record("seed \(seed): a foreign value is known")
                    }
                case 2: if model[value] != nil { #expect(jar.visit(value, at: now) == .known(value)) }
                case 3:
                    jar.identify(value, somebody, now: now)
                    model[value]?.identity = somebody
                case 4:
                    jar.jar.forget(value)
                    model[value]?.identity = nil
                default:
                    jar.jar.delete(value)
                    model[value] = nil
                }
                history += jar.takeChanges()
            }
            for (value, cookie) in model { #expect(jar.identity(of: value, now: now) == cookie.identity) }
            _ = jar.identity(of: "none", now: now)
            #expect(jar.jar.count == model.count, "seed \(seed)")
            let restored = Jar(maxAge: 50, capacity: 20)
            restored.jar.restore(history + jar.takeChanges(), now: now)
            #expect(restored.jar.snapshot == jar.jar.snapshot, "seed \(seed)")
            let again = Jar(maxAge: 50, capacity: 20)
            again.jar.restore(jar.jar.snapshot, now: now)
            #expect(again.jar.snapshot == jar.jar.snapshot, "seed \(seed)")
        }
    }

    @Test("What is restored beyond the capacity or the age stays out, those without an identity first")
    func restoring() {
        var history: [CookieChange] = []
        for number in 0..<10 { history.append(.issued("cookie\(number)", at: UInt64(number))) }
        history += [.identified("cookie1", somebody), .identified("cookie2", somebody), .deleted("cookie9")]
        let jar = Jar(maxAge: 100, capacity: 3)
        jar.jar.restore(history, now: 101)
        #expect(jar.jar.count == 3)
        #expect(jar.identity(of: "cookie1", now: 101) == somebody)
        #expect(jar.identity(of: "cookie2", now: 101) == somebody)
        #expect(jar.visit("cookie8", at: 101) == .known("cookie8"))
        #expect(jar.visit("cookie9", at: 101) != .known("cookie9"))
        #expect(jar.takeChanges().count == 2)
    }
}

extension CookieJar {
    fileprivate func holds(_ value: String) -> Bool {
        snapshot.contains { change in
            if case .issued(value, _) = change { true } else { false }
        }
    }
}
