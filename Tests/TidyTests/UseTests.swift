import Testing

struct UseTests {
    @Test func `What is used by nobody is found, by name or by the labels of its parameters`() {
        let text = """
            struct Used: P { init(a: Int) {}; init(b: Int, c: Int = 0) {}; init(d: Int) {} }
            struct Unused { }
            extension Unused { }
            enum Kind { case first, second(Int), third; case fourth = 4 }
            extension Used {
                var reads: Int { 1 }
                let never = 2, `default`: Int
                static func make(_ x: Int, with f: () -> Void = {}) -> Kind { x == reads ? .first : .second(x) }
                func make(_ x: Int, otherwise: Int) {}
                func generic<T: P>(_ t: T, list: [(Int, T)]) where T: Q {}
                func closed(by body: (Int) -> Void) {}
                func referred() {}
                func uncalled() {}
                private func text() -> String { "uncalled() \\(uncommented())" } // uncalled()
                func uncommented() -> Int { 0 }
            }
            let kinds = [Kind.fourth, Used(a: 1).make(1) { _ in }, Used.init(b: 1, c: 2), Used(b: 3).closed { $0 }]
            kinds.map(Used.referred).generic<Int>(1, list: []).text(); print(kinds)
            """
        let code = codeOnly(text).split(separator: "\n", omittingEmptySubsequences: false)
        let dead = Usage([(path: "A.swift", tokens: tokens(of: code))]).dead.map(\.declaration)
        #expect(
            dead.map { "\($0.line) \($0.signature)" } == [
                "1 init(d:)", "2 Unused", "4 third", "7 never", "9 make(_:otherwise:)", "13 uncalled()",
            ])
    }

    @Test func `Something in Sources uses every declaration there`() throws {
        let dead = try Repository.usage().dead.filter { !($0.declaration.isPublic && $0.path.contains("/WAMPClient/")) }
        var (found, places) = (Set<String>(), [String]())
        for (declaration, path) in dead {
            let target = path.split(separator: "/")[1]
            let name = [String(target), declaration.owner, declaration.signature].filter { !$0.isEmpty }
                .joined(separator: ".")
            found.insert(name)
            guard calledByLanguage[declaration.signature] == nil, usedElsewhere[name] == nil else { continue }
            places.append("\(path):\(declaration.line): nothing in Sources uses \(name)")
        }
        for place in places.sorted() { Issue.record("\(place)") }
        let signatures = Set(dead.map(\.declaration.signature))
        #expect(
            signatures.isSuperset(of: calledByLanguage.keys), "\(Set(calledByLanguage.keys).subtracting(signatures))")
        let listed = Set(usedElsewhere.keys)
        #expect(listed.isSubset(of: found), "listed as unused, but gone or used: \(listed.subtracting(found).sorted())")
    }
}
