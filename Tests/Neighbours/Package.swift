// swift-tools-version: 6.2
import PackageDescription

// A program that uses WAMPClient beside packages whose modules have plain names: `Crypto` of swift-crypto, `Configuration` of
// swift-configuration. Names of targets are global in a graph of packages, so it builds only while this project's names are its
// own. It is a package of its own, so that nobody else fetches what it depends on.
let package = Package(
    name: "neighbours",
    dependencies: [
        // By name: the folder of a clone may be called anything.
        .package(name: "rennbahn", path: "../.."),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.0"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    ],
    targets: [
        .executableTarget(
            name: "Neighbours",
            dependencies: [
                .product(name: "WAMPClient", package: "rennbahn"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
            ])
    ]
)
