import AsyncHTTPClient
import Configuration
import Crypto
import NIOSSL
import WAMPClient

/// Uses a little of each package, so that each is linked. That it builds is the test; that it runs shows that their two BoringSSLs
/// and WAMPClient's OpenSSL keep out of each other's way.
@main
struct Neighbours {
    static func main() async throws {
        let digest = SHA256.hash(data: Array("abc".utf8))
        precondition(digest.description.contains("ba7816bf8f01cfea414140de5dae2223"), "Crypto: \(digest)")

        let reader = ConfigReader(provider: InMemoryProvider(values: ["realm": "realm1"]))
        let realm = try reader.requiredString(forKey: "realm")

        let context = try NIOSSLContext(configuration: .makeClientConfiguration())
        precondition(context === context, "NIOSSL")

        let request = HTTPClientRequest(url: "http://127.0.0.1:1/")
        precondition(request.method == .GET, "AsyncHTTPClient: \(request.method)")

        // Nobody listens at port 1 of a machine as one finds it.
        let configuration = WAMPClientConfiguration(url: "wss://127.0.0.1:1/ws", realm: realm)
        do {
            let session = try await WAMPSession.connect(configuration)
            await session.close()
            preconditionFailure("WAMPClient: a router at port 1")
        } catch {
            print("WAMPClient beside its neighbours; without a router: \(error)")
        }
    }
}
