import RennbahnConfiguration

let somewhere = Place(line: 1, column: 1)

func tree(_ value: Tree.Value) -> Tree { Tree(value, at: somewhere) }

/// A small working node in the layout of Crossbar.io; `%` is replaced by more keys of the transport's options.
let node = """
    version: 2
    workers:
      - type: router
        realms:
          - name: realm1
            roles:
              - name: anonymous
                permissions:
                  - uri: "*"
                    allow: {call: true, register: true, publish: true, subscribe: true}
        transports:
          - type: websocket
            endpoint: {type: tcp, port: 8080}
    """

/// The problems of a text, as `path: message`.
func problems(_ text: String) throws -> [String] {
    Checker.check(try TreeReader.read(text)).map { "\($0.path): \($0.message)" }
}

func readProblems(_ text: String, bounds: TreeReader.Bounds = TreeReader.Bounds()) -> [Problem] {
    do throws(Problems) {
        _ = try TreeReader.read(text, bounds: bounds)
        return []
    } catch {
        return error.all
    }
}
