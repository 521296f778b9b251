import RennbahnWeb
import Testing

@Suite struct RequestPathTests {
    @Test(arguments: [
        ("/", [], true), ("/a", ["a"], false), ("/a/", ["a"], true), ("/a/b.html?x=/..", ["a", "b.html"], false),
        ("/%61%2E", ["a."], false), ("/a%20b", ["a b"], false), ("/%C3%A4/ü", ["ä", "ü"], false),
        ("/...", ["..."], false), ("/a?b", ["a"], false), ("/?", [], true), ("/%25", ["%"], false),
    ])
    func `components are decoded`(target: String, components: [String], isFolder: Bool) {
        #expect(RequestPath(target: target) == RequestPath(components, isFolder: isFolder))
    }

    @Test(arguments: [
        "", "a", "//", "//a", "/a//b", "/.", "/..", "/../a", "/a/../b", "/%2e%2e/a", "/%2E%2e", "/a%2fb", "/a%00",
        "/%", "/%2", "/%zz", "/%ff", "/%C3", "/a/./b",
    ])
    func `a path that could lead astray leads nowhere`(target: String) {
        #expect(RequestPath(target: target) == nil)
    }

    @Test func `whatever octets are escaped, no component leads out of its folder`() {
        var state: UInt64 = 7
        let alphabet = Array("/%.2eEfF0a\u{5c}5c".unicodeScalars)
        for _ in 0..<20_000 {
            var target = "/"
            for _ in 0..<8 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                target.unicodeScalars.append(alphabet[Int(state >> 33) % alphabet.count])
            }
            for component in RequestPath(target: target)?.components ?? [] {
                #expect(component != "." && component != ".." && !component.isEmpty && !component.contains("/"))
            }
        }
    }

    @Test(arguments: [("/ws", "ws"), ("/ws/x", "ws"), ("/", "/"), ("/?a=/b", "/"), ("/ws?x", "ws"), ("//ws", "ws")])
    func `the place of a service is the first component`(target: String, place: String) {
        #expect(RequestPath.place(in: target) == place)
    }
}
