// swift-tools-version: 6.2
import PackageDescription

// Language settings of every target. `strict` is for Sources; test targets leave strict memory safety
// off, since the expansions of `#expect` are not written for it.
let common: [SwiftSetting] =
    [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableExperimentalFeature("Lifetimes"),
    ] + (Context.environment["RENNBAHN_WARNINGS_AS_ERRORS"] == nil ? [] : [.treatAllWarnings(as: .error)])
let strict = common + [.strictMemorySafety()]

// With RENNBAHN_SANITIZE=thread, which `make sanitize` sets: ThreadSanitizer in every target but Router, at which Swift
// 6.3's optimizer fails with it ("invalid bitcast"). Nothing of Router is shared by threads.
let sanitizes = Context.environment["RENNBAHN_SANITIZE"] == "thread"
// With RENNBAHN_LIBFUZZER, the path of libFuzzer without its `main`, which `make fuzz` sets: AddressSanitizer, and the
// counters by which libFuzzer sees what an input reaches.
let libFuzzer = Context.environment["RENNBAHN_LIBFUZZER"]
func sanitizer(of target: String) -> [SwiftSetting] {
    guard target != "Router" else { return [] }
    if libFuzzer != nil { return [.unsafeFlags(["-sanitize=fuzzer,address"])] }
    return sanitizes ? [.unsafeFlags(["-sanitize=thread"])] : []
}

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let histogram = Target.Dependency.product(name: "Histogram", package: "hdrhistogram-swift")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let origin = Target.PluginUsage.plugin(name: "RennbahnOrigin")

let sanitizerLibrary: [LinkerSetting] = sanitizes ? [.unsafeFlags(["-sanitize=thread"])] : []

/// Names of targets are global in a graph of packages, so that each is this project's own, as no neighbour's is: `Bytes` is the
/// module RennbahnBytes. Their folders go by the short name.
func module(_ folder: String) -> String {
    switch folder {
    case "rennbahn", "WAMPClient": folder
    case "CLinux", "CVector", "CZlib", "COpenSSL", "CMsgPack": "CRennbahn" + folder.dropFirst()
    default: "Rennbahn" + folder
    }
}

func modules(_ folders: [String]) -> [Target.Dependency] { folders.map { .target(name: module($0)) } }

/// A library in `Sources`, standing on others there and on products of other packages.
func library(
    _ folder: String, _ others: [String] = [], _ products: [Target.Dependency] = [], plugins: [Target.PluginUsage] = []
) -> Target {
    .target(
        name: module(folder), dependencies: modules(others) + products, path: "Sources/\(folder)",
        swiftSettings: strict + sanitizer(of: folder), plugins: plugins)
}

/// A C target in `Sources`: headers with inline shims, no logic.
func headers(_ folder: String) -> Target { .target(name: module(folder), path: "Sources/\(folder)") }

/// A module map in `Sources` for a library of the system.
func system(_ folder: String, _ pkgConfig: String, _ package: String) -> Target {
    .systemLibrary(
        name: module(folder), path: "Sources/\(folder)", pkgConfig: pkgConfig, providers: [.apt([package])])
}

func tests(
    _ name: String, _ others: [String] = [], _ products: [Target.Dependency] = [], excluding files: [String] = []
) -> Target {
    .testTarget(
        name: name, dependencies: modules(others) + products, exclude: files,
        swiftSettings: common + sanitizer(of: name),
        linkerSettings: sanitizerLibrary)
}

let package = Package(
    name: "rennbahn",
    products: [
        .executable(name: "rennbahn", targets: ["rennbahn"]),
        .library(name: "WAMPClient", targets: ["WAMPClient"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
    ],
    targets: [
        // The commit that the program is built from: the plugin asks git.
        .plugin(name: "RennbahnOrigin", capability: .buildTool(), path: "Plugins/Origin"),
        library("Build", plugins: [origin]),

        // C headers and module maps.
        headers("CLinux"),
        headers("CVector"),
        system("CZlib", "zlib", "zlib1g-dev"),
        system("COpenSSL", "openssl", "libssl-dev"),
        system("CMsgPack", "msgpack", "libmsgpack-dev"),

        // The pure half: bytes or messages in, values out.
        library("Bytes", ["CVector"]),
        library("WebSocket", ["Bytes"]),
        library("WebSocketDeflate", ["Bytes", "WebSocket", "CZlib"]),
        library("Web", ["Bytes", "WebSocket"]),
        library("WAMP", ["Bytes", "CMsgPack"]),
        library("Crypto", ["COpenSSL"]),
        library("Authentication", ["WAMP", "Crypto", "Bytes"]),
        library("Router", ["WAMP", "Bytes"]),
        library("Measurement", [], [histogram]),
        library("Workload", ["WAMP", "Measurement", "Bytes"]),
        library("Trial", ["Measurement", "Workload"]),
        library("Gate", ["Trial", "Measurement", "Workload"]),
        library("Configuration", [], [yams]),
        library("Cookies", ["Bytes"]),
        library("Metrics", ["Web", "WebSocket", "Bytes"]),

        // The upper half: moves bytes and carries out what the lower half decides.
        library("Reactor", ["Bytes", "CLinux"]),
        library("TLS", ["Bytes", "COpenSSL"]),
        library(
            "Transport",
            [
                "Reactor", "TLS", "Web", "WebSocket", "WebSocketDeflate", "Authentication", "Crypto", "Cookies",
                "Bytes",
            ]),
        library(
            "Stages",
            ["Transport", "Router", "WAMP", "WebSocket", "WebSocketDeflate", "Measurement", "Crypto", "Bytes"]),
        library(
            "RouterNode",
            [
                "Configuration", "Transport", "TLS", "Router", "Reactor", "Web", "WebSocket", "WAMP", "Authentication",
                "Crypto", "Cookies", "Bytes",
            ], [logging]),
        library(
            "LoadGenerator",
            [
                "Transport", "TLS", "Workload", "Measurement", "Reactor", "WebSocket", "WAMP", "Authentication",
                "Crypto", "Bytes",
            ]),
        library(
            "WAMPClient", ["Transport", "TLS", "Reactor", "WebSocket", "WAMP", "Authentication", "Crypto", "Bytes"]),
        library(
            "Components",
            [
                "Configuration", "RouterNode", "WAMPClient", "Transport", "TLS", "WebSocket", "WAMP", "Authentication",
                "Bytes",
            ], [logging]),
        library("Report", ["Gate", "Trial", "Stages", "Measurement", "CZlib"]),
        library(
            "Commands",
            [
                "Components", "RouterNode", "LoadGenerator", "Stages", "Report", "Gate", "Trial", "Measurement",
                "Workload", "Transport", "TLS", "Reactor", "WAMP", "WebSocket", "Authentication", "Bytes",
                "Configuration", "Metrics", "Build",
            ], [argumentParser, logging]),
        .executableTarget(
            name: "rennbahn", dependencies: modules(["Commands"]), swiftSettings: strict,
            linkerSettings: sanitizerLibrary),

        // A network in memory, for tests and for what is counted.
        .target(
            name: module("SimulationKit"), dependencies: modules(["TestKit", "Reactor", "Bytes"]),
            path: "Tests/SimulationKit",
            swiftSettings: common + sanitizer(of: "SimulationKit")),

        // A whole node over it.
        .target(
            name: module("NodeSimulation"),
            dependencies: modules([
                "SimulationKit", "TestKit", "RouterNode", "Transport", "TLS", "Reactor", "Web", "WAMP", "WebSocket",
                "WebSocketDeflate", "Authentication", "Bytes",
            ]) + [logging],
            path: "Tests/NodeSimulation", swiftSettings: common + sanitizer(of: "NodeSimulation")),
        // What the tests share.
        .target(
            name: module("TestKit"), dependencies: modules(["Bytes"]), path: "Tests/TestKit",
            swiftSettings: common + sanitizer(of: "TestKit")),

        // Slow and obvious readers, to compare with.
        .target(
            name: module("References"), dependencies: modules(["WebSocket", "Bytes"]), path: "Tests/References",
            swiftSettings: common + sanitizer(of: "References")),

        // What must hold of hostile input.
        .target(
            name: module("FuzzTargets"),
            dependencies: modules([
                "References", "Configuration", "Report", "Gate", "Measurement", "Cookies", "Web", "WebSocketDeflate",
                "WebSocket", "WAMP", "Bytes",
            ]),
            path: "Tests/FuzzTargets", swiftSettings: common + sanitizer(of: "FuzzTargets")),
        tests("FuzzTests", ["TestKit", "FuzzTargets"]),
        tests("BytesTests", ["TestKit", "Bytes"]),
        tests("WebSocketTests", ["TestKit", "References", "WebSocket", "Bytes"]),
        tests("WebSocketDeflateTests", ["TestKit", "WebSocketDeflate", "WebSocket", "Bytes"]),
        tests("WebTests", ["Web", "WebSocket", "Bytes"]),
        tests("WAMPTests", ["TestKit", "References", "WAMP", "Bytes", "CMsgPack"]),
        tests("CryptoTests", ["TestKit", "Crypto", "Bytes"]),
        tests("AuthenticationTests", ["TestKit", "Authentication", "WAMP", "Crypto", "Bytes"]),
        tests("RouterTests", ["TestKit", "Router", "WAMP", "Bytes"]),
        tests("MeasurementTests", ["TestKit", "Measurement"], [histogram]),
        tests("WorkloadTests", ["Workload", "WAMP", "WebSocketDeflate", "Measurement", "Bytes"]),
        tests("ConfigurationTests", ["Configuration"]),
        tests("CookiesTests", ["TestKit", "Cookies", "Bytes"]),
        tests("MetricsTests", ["TestKit", "Metrics"]),
        tests("TrialTests", ["Trial", "Workload", "Measurement"]),
        tests("GateTests", ["Gate", "Trial", "Workload", "Measurement"]),
        tests("ReactorTests", ["TestKit", "Reactor", "Bytes"]),
        tests(
            "TransportTests",
            [
                "TestKit", "SimulationKit", "Transport", "TLS", "COpenSSL", "Reactor", "Web", "WebSocket",
                "WebSocketDeflate",
                "Crypto",
                "Cookies", "Bytes",
            ]),
        tests(
            "NodeTests",
            [
                "TestKit", "SimulationKit", "NodeSimulation", "Configuration", "RouterNode", "LoadGenerator",
                "Workload",
                "Measurement", "Transport", "TLS", "COpenSSL", "Router",
                "Reactor", "Web", "WebSocket", "WAMP", "Authentication", "Crypto", "Cookies", "Bytes",
            ], [logging]),
        tests("StagesTests", ["TestKit", "Stages", "WAMP", "WebSocket", "WebSocketDeflate", "Bytes"]),
        tests(
            "WAMPClientTests",
            [
                "WAMPClient", "RouterNode", "Transport", "Reactor", "WebSocket", "WAMP", "Authentication", "Crypto",
                "Bytes",
            ]),
        tests(
            "ComponentTests",
            [
                "Components", "Configuration", "RouterNode", "WAMPClient", "Transport", "TLS", "COpenSSL", "Reactor",
                "WebSocket", "WAMP", "Bytes",
            ], [logging]),
        tests(
            "LoadGeneratorTests",
            [
                "SimulationKit", "LoadGenerator", "Workload", "Measurement", "Transport", "Reactor", "WebSocket",
                "WAMP",
                "Authentication", "Crypto", "Bytes",
            ]),
        tests("ReportTests", ["TestKit", "Report", "Gate", "Trial", "Stages", "Measurement", "CZlib"]),
        tests(
            "CommandsTests",
            [
                "TestKit", "Commands", "Gate", "Trial", "LoadGenerator", "Stages", "Report", "Measurement", "Reactor",
                "RouterNode", "TLS", "Transport", "WAMP", "WebSocket", "Authentication", "Workload", "Metrics",
                "Bytes",
            ],
            [argumentParser], excluding: ["Snapshots"]),
        tests("TidyTests"),
    ]
)

// With RENNBAHN_BENCHMARKS=1: micro-benchmarks, the count of allocations and peers, which nobody else fetches or builds.
// With RENNBAHN_SIMDJSON=1, which `make benchmarks` sets where the library is: simdjson among the peers.
if Context.environment["RENNBAHN_BENCHMARKS"] != nil {
    let withSimdJSON = Context.environment["RENNBAHN_SIMDJSON"] != nil
    package.dependencies += [
        .package(url: "https://github.com/ordo-one/benchmark", exact: "1.38.1", traits: []),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
    ]
    package.targets += [
        .executableTarget(
            name: "CoreBenchmarks",
            dependencies: modules([
                "Bytes", "WebSocket", "WebSocketDeflate", "WAMP", "Router", "Reactor", "Transport", "CMsgPack",
            ]) + [.product(name: "Benchmark", package: "benchmark")] + (withSimdJSON ? ["SimdJSON"] : []),
            path: "Benchmarks/CoreBenchmarks",
            swiftSettings: common + (withSimdJSON ? [.define("SIMDJSON")] : []),
            plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]),
        .target(name: "AllocationCounter", path: "Benchmarks/Allocations/AllocationCounter"),
        .executableTarget(
            name: "SteadyState",
            dependencies: ["AllocationCounter", "RennbahnSimulationKit", logging]
                + modules([
                    "RouterNode", "Transport", "Reactor", "Bytes", "WebSocket", "WebSocketDeflate", "WAMP", "Workload",
                ]),
            path: "Benchmarks/Allocations/SteadyState", swiftSettings: common),
        .executableTarget(
            name: "SimulateNodes", dependencies: ["RennbahnNodeSimulation", "RennbahnReactor"],
            path: "Benchmarks/SimulateNodes", swiftSettings: common),
        .executableTarget(
            name: "NIOEcho",
            dependencies: [
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOWebSocket", package: "swift-nio"),
            ],
            path: "Benchmarks/Peers/NIOEcho", swiftSettings: common),
    ]
    if withSimdJSON {
        package.targets.append(
            .target(
                name: "SimdJSON", path: "Benchmarks/Peers/SimdJSON",
                linkerSettings: [.linkedLibrary("simdjson")]))
    }
}

// The targets under libFuzzer, which nobody else builds.
if let libFuzzer {
    let archive = ["--whole-archive", libFuzzer, "--no-whole-archive"].flatMap { ["-Xlinker", $0] }
    package.targets += [
        .target(name: module("LibFuzzer"), path: "Tests/LibFuzzer"),
        .executableTarget(
            name: "FuzzDriver", dependencies: modules(["LibFuzzer", "FuzzTargets"]), path: "Tests/FuzzDriver",
            swiftSettings: common + sanitizer(of: "FuzzDriver"),
            linkerSettings: [.unsafeFlags(["-sanitize=address"] + archive), .linkedLibrary("stdc++")]),
    ]
}
