import Foundation
import RennbahnMeasurement
import RennbahnReactor
import RennbahnWAMP
import RennbahnWorkload
import Testing

@testable import RennbahnLoadGenerator

/// Whose figures are told as the router's.
@Suite(.serialized)
struct TargetProcessesTests {
    private static let url = "ws://127.0.0.1:80/"

    /// What is made of processes 7 and 8, of this process, 1000, and of who was named.
    private func choose(
        _ named: [Int32], _ owners: SocketOwners..., isHere: Bool = true
    ) throws(LoadFailure) -> TargetProcesses.Choice {
        try TargetProcesses.choose(named, of: owners, url: Self.url, own: 1000, isHere: { _ in isHere })
    }

    @Test("all who listen are measured, whether one of them is named or none")
    func found() throws {
        let all = TargetProcesses.Choice(listening: [7, 8], areFound: true)
        #expect(try choose([], SocketOwners(listening: [7, 8])) == all)
        #expect(try choose([8], SocketOwners(listening: [7, 8])) == all)
        #expect(try choose([7], SocketOwners(listening: [8]), SocketOwners(listening: [7])) == all, "at two addresses")
    }

    @Test("a process that does not listen fails the run, and is told who does")
    func stranger() {
        do throws(LoadFailure) {
            _ = try choose([7, 9], SocketOwners(listening: [7, 8]))
            Issue.record("9 is taken for the router")
        } catch {
            #expect("\(error)" == "process 9 does not listen at \(Self.url): processes 7, 8 do")
            #expect(error.isConfiguration)
        }
    }

    @Test("where it cannot be told, the figures come with a warning")
    func unknown() throws {
        let doubt = "whether process 9 listens at \(Self.url) cannot be told: its CPU time may not be the router's"
        func expectDoubt(_ choice: TargetProcesses.Choice) {
            #expect(choice.listening == [9] && !choice.areFound)
            #expect(choice.warning == RunWarning(.routerProcessUnknown, doubt))
        }
        expectDoubt(try choose([9], SocketOwners(listening: [7], areSomeHidden: true)))
        expectDoubt(try choose([9], SocketOwners(listening: [], areElsewhere: true)))
        expectDoubt(try choose([9], SocketOwners(listening: [7]), isHere: false))

        func text(_ owners: SocketOwners...) throws -> String? {
            try TargetProcesses.choose([], of: owners, url: Self.url, own: 1000, isHere: { _ in true }).warning?.text
        }
        #expect(
            try text(SocketOwners(listening: [], areElsewhere: true))
                == "no process of this machine listens at \(Self.url): the router's CPU time is not measured")
        #expect(
            try text(SocketOwners(listening: [], areSomeHidden: true))
                == "the process listening at \(Self.url) cannot be looked into: the router's CPU time is not measured")
        #expect(
            try text(SocketOwners(listening: [7], areSomeHidden: true))
                == "some of the processes listening at \(Self.url) cannot be looked into: the router's CPU time is not "
                + "measured whole")
        #expect(
            try text(SocketOwners(listening: [7]), SocketOwners(listening: [], areElsewhere: true))
                == "no process of this machine listens at \(Self.url): the router's CPU time is not measured whole")
    }

    @Test("a router in this very process is measured only where that is asked for")
    func ownProcess() throws {
        let owners = SocketOwners(listening: [7, 1000])
        #expect(try choose([1000], owners) == TargetProcesses.Choice(listening: [1000]))
        let none = try choose([], owners)
        #expect(none.listening.isEmpty && none.warning?.kind == .routerProcessUnknown)
    }

    // MARK: With processes

    private func configuration(_ address: SocketAddress, named: [Int32] = []) throws -> LoadConfiguration {
        var configuration = LoadConfiguration(
            target: try LoadTarget(parsing: "ws://\(address)/"),
            workload: .short(.rpc(callers: 1, callees: 1), clients: 2), serializer: .json)
        configuration.targetProcesses = named
        return configuration
    }

    /// A process that has the only socket that listens at an address.
    private func holder() throws -> (process: Process, address: SocketAddress) {
        let listener = try Sockets.listen(.loopback(port: 0))
        defer { Sockets.close(listener) }
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sleep")
        process.arguments = ["1000"]
        process.standardInput = FileHandle(fileDescriptor: listener.rawValue, closeOnDealloc: false)
        try process.run()
        return (process, try Sockets.boundAddress(of: listener))
    }

    @Test("the process behind the socket is found; another one that is named fails the run before it begins")
    func processes() throws {
        let (process, address) = try holder()
        defer {
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
        let found = try TargetProcesses(try configuration(address), [address])
        #expect(found.listening == [process.processIdentifier] && found.warning == nil)
        #expect(found.serving == [process.processIdentifier])
        #expect(!found.candidates.contains(getpid()))
        let named = try TargetProcesses(try configuration(address, named: [process.processIdentifier]), [address])
        #expect(named.listening == [process.processIdentifier])
        // Who started it knows it, and nobody looks.
        var own = try configuration(address, named: [getpid()])
        own.targetIsOwn = true
        #expect(try TargetProcesses(own, [address]).serving == [getpid()])
        guard
            case .foreignProcess(getpid(), _, [process.processIdentifier])? = failure(
                of: try configuration(address, named: [getpid()]))
        else {
            Issue.record("this process is taken for the router")
            return
        }
    }
}
