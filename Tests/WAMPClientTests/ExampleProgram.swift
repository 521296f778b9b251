import WAMPClient

struct Thermometer {
    static func main() async throws {
        try await run(url: "ws://127.0.0.1:8080/ws")
    }

    static func run(url: String) async throws {
        let configuration = WAMPClientConfiguration(url: url, realm: "realm1")
        let session = try await WAMPSession.connect(configuration)

        // A procedure. What it throws is the caller's error.
        try await session.register("com.example.to_fahrenheit") { invocation in
            guard let celsius = invocation.arguments.first?.doubleValue else {
                throw WAMPError.application("com.example.error.not_a_number")
            }
            return WAMPPayload(arguments: [.double(celsius * 9 / 5 + 32)])
        }

        // A call, with an answer or an error.
        let boiling = try await session.call("com.example.to_fahrenheit", arguments: [100], timeout: .seconds(60))
        print("water boils at \(boiling.arguments)")
        do {
            _ = try await session.call("com.example.to_fahrenheit", arguments: ["hot"])
        } catch {
            guard error.code == .application else { throw error }
            print("refused: \(error.uri)")
        }

        // Events. A publisher does not get its own, unless it asks for them.
        let subscription = try await session.subscribe("com.example.temperature")
        for celsius in [19.5, 20, 20.5] {
            try await session.publish(
                "com.example.temperature", arguments: [.double(celsius)], keywords: ["room": "kitchen"],
                excludeMe: false)
        }
        for try await event in subscription {
            print("kitchen: \(event.arguments)")
            if event.arguments == [20.5] { break }
        }

        await session.close()
    }
}
