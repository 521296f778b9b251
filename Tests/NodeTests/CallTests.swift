import RennbahnBytes
import RennbahnTransport
import RennbahnWAMP
import RennbahnWebSocket
import Testing

/// Calls through whole nodes, of one shard and of several.
@Suite(.serialized)
struct CallTests {
    @Test("every call gets its own result, and a callee sees each caller's calls in order", arguments: [1, 2, 3])
    func order(shards: Int) throws {
        let arena = try Arena(shards: shards)
        var all: [Client] = []
        for crowd in try arena.mixedCrowds() { all += try arena.join(crowd, 5) }
        let callees = [all[0], all[6], all[12], all[18]]
        var seen = [[[Int64]]](repeating: [[Int64]](repeating: [], count: all.count), count: callees.count)
        for (index, callee) in callees.enumerated() {
            try arena.register(callee, "com.example.echo\(index)")
            callee.onMessage = { message in
                guard message[0] == 68, let arguments = message[4]?.listValue else { return false }
                seen[index][Int(arguments[0].integerValue ?? 0)].append(arguments[1].integerValue ?? -1)
                callee.send([70, message[1] ?? .null, [:], .list(arguments)])
                return true
            }
        }
        let callers = all.enumerated().filter { entry in !callees.contains { $0 === entry.element } }
        let count = 40
        for number in 0..<count {
            for (offset, caller) in callers {
                caller.send([
                    48, .init(caller.nextRequest()), [:], .string("com.example.echo\(number % 4)"),
                    [.integer(Int64(offset)), .integer(Int64(number))],
                ])
            }
        }
        try arena.until { callers.allSatisfy { $0.element.heard(.result).count == count } }
        for (offset, caller) in callers {
            let results = caller.heard(.result).sorted { ($0[1]?.integerValue ?? 0) < ($1[1]?.integerValue ?? 0) }
            #expect(
                results.map { $0[3] } == (0..<count).map { [.integer(Int64(offset)), .integer(Int64($0))] })
            for index in callees.indices {
                #expect(seen[index][offset] == stride(from: Int64(index), to: Int64(count), by: 4).map { $0 })
            }
        }
    }

    @Test("errors come back with their payload; what is unknown is no_such_procedure", arguments: [1, 2])
    func errors(shards: Int) throws {
        let arena = try Arena(shards: shards)
        let callees = try arena.join(try arena.crowd(.msgpack), 6)
        let callers = try arena.join(try arena.crowd(.json), 6)
        for (index, callee) in callees.enumerated() {
            try arena.register(callee, "com.example.fail\(index)")
            callee.onMessage = { message in
                guard message[0] == 68 else { return false }
                callee.send([8, 68, message[1] ?? .null, [:], "com.example.error", ["no", 3], ["why": true]])
                return true
            }
        }
        for (index, caller) in callers.enumerated() {
            let error = try arena.call(caller, "com.example.fail\((index + 3) % 6)")
            #expect(error[4] == "com.example.error" && error[5] == ["no", 3] && error[6] == ["why": true])
            #expect(try arena.call(caller, "com.example.nothing")[4] == "wamp.error.no_such_procedure")
        }
    }

    @Test(
        "a call whose arguments have no form in the callee's serializer fails with invalid_argument",
        arguments: [1, 2, 3])
    func extensionArgument(shards: Int) throws {
        let arena = try Arena(shards: shards)
        let callees = try arena.join(try arena.crowd(.json), 8)
        let callers = try arena.join(try arena.crowd(.msgpack), 8)
        for (index, callee) in callees.enumerated() {
            try arena.register(callee, "com.ext.p\(index)")
            callee.yieldEcho()
        }
        for (index, caller) in callers.enumerated() {
            // [48, 1, {}, "com.ext.p…", [fixext1(5, 0x2a)]]
            let uri = Array("com.ext.p\(index)".utf8)
            caller.sendBytes([0x95, 48, 1, 0x80, 0xa0 | UInt8(uri.count)] + uri + [0x91, 0xd4, 5, 0x2a])
            try arena.until { caller.heard(.error).count == 1 }
            #expect(caller.inbox[0][4] == "wamp.error.invalid_argument" && caller.inbox[0][2] == 1)
            caller.inbox.removeAll()
            _ = caller.nextRequest()
            #expect(try arena.call(caller, "com.ext.p\(index)", [9])[3] == [9])
        }
    }

    @Test("a result without a form in the caller's serializer becomes invalid_argument", arguments: [1, 2])
    func extensionResult(shards: Int) throws {
        let arena = try Arena(shards: shards)
        let callees = try arena.join(try arena.crowd(.msgpack), 4)
        let caller = try arena.join(try arena.crowd(.json))[0]
        for (index, callee) in callees.enumerated() {
            try arena.register(callee, "com.ext.r\(index)")
            callee.onMessage = { message in
                guard message[0] == 68, let request = message[1]?.integerValue, request < 128 else { return false }
                callee.sendBytes([0x94, 70, UInt8(request), 0x80, 0x91, 0xd4, 5, 0x2a])
                return true
            }
            #expect(try arena.call(caller, "com.ext.r\(index)")[4] == "wamp.error.invalid_argument")
        }
    }

    @Test("calls that a vanished callee owes are failed, and its procedures are free again", arguments: [1, 2])
    func vanishedCallee(shards: Int) throws {
        let arena = try Arena(shards: shards)
        let crowd = try arena.crowd(.json)
        let clients = try arena.join(crowd, 8)
        try arena.register(clients[0], "com.example.gone")
        for caller in clients.dropFirst() {
            caller.send([48, .init(caller.nextRequest()), [:], "com.example.gone"])
        }
        try arena.until { clients[0].heard(.invocation).count == 7 }
        clients[0].hangUp()
        try arena.until { clients.dropFirst().allSatisfy { $0.heard(.error).count == 1 } }
        #expect(clients.dropFirst().allSatisfy { $0.inbox[0][4]?.stringValue?.hasPrefix("wamp.error.") == true })
        try arena.register(clients[1], "com.example.gone")
        clients[1].yieldEcho()
        clients[2].inbox.removeAll()
        #expect(try arena.call(clients[2], "com.example.gone", [5])[3] == [5])
    }

    @Test("binary payloads survive the way through JSON and back")
    func binaries() throws {
        let arena = try Arena(shards: 2)
        let callee = try arena.join(try arena.crowd(.json))[0]
        let caller = try arena.join(try arena.crowd(.msgpack))[0]
        try arena.register(callee, "com.example.echo")
        callee.yieldEcho()
        for bytes in [[], [0], [0, 0xff, 0x80], [UInt8](0...255)] as [[UInt8]] {
            #expect(try arena.call(caller, "com.example.echo", [.binary(bytes)])[3] == [.binary(bytes)])
            caller.inbox.removeAll()
        }
    }
}
