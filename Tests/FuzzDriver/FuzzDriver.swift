import RennbahnFuzzTargets
import RennbahnLibFuzzer

#if canImport(Glibc)
import Glibc
#else
import Musl
#endif

/// One target under libFuzzer, whose options and folders are the arguments: `RENNBAHN_FUZZ_TARGET=NAME FuzzDriver …`.
/// `--list` prints the names, each with the octets of its longest input.
@main
enum FuzzDriver {
    fileprivate static let target = getenv("RENNBAHN_FUZZ_TARGET").flatMap { FuzzTarget.named(String(cString: $0)) }

    static func main() {
        guard CommandLine.arguments.dropFirst() != ["--list"] else {
            for target in FuzzTarget.all { print(target.name, target.longest) }
            return
        }
        guard target != nil else {
            print("RENNBAHN_FUZZ_TARGET is none of \(FuzzTarget.all.map(\.name).joined(separator: ", "))")
            exit(64)
        }
        var count = CommandLine.argc
        var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
        exit(LLVMFuzzerRunDriver(&count, &arguments, tryInput))
    }
}

/// Ends the process where a property does not hold, so that libFuzzer keeps the input.
private func tryInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    do {
        try FuzzDriver.target?.run(Array(UnsafeBufferPointer(start: start, count: count)))
    } catch {
        fatalError("\(error)")
    }
    return 0
}
