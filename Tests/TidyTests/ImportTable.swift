/// What each target may import besides the standard library: the architecture as data. Imports point down only.
///
/// `Glibc` stands for what a target computes with (`sin`, `strlen`), never for system calls below the line: those are
/// CLinux's, and only Reactor has it.
let importTable: [String: Set<String>] = [
    // The pure half: no file descriptor, clock, thread or Foundation.
    "Bytes": ["CVector"],
    "WebSocket": ["Bytes"],
    "WebSocketDeflate": ["Bytes", "WebSocket", "CZlib"],
    "Web": ["Bytes", "WebSocket"],
    "WAMP": ["Bytes", "CMsgPack"],
    "Crypto": ["COpenSSL"],
    "Authentication": ["Bytes", "WAMP", "Crypto"],
    "Router": ["Bytes", "WAMP"],
    "Measurement": ["Histogram", "FoundationEssentials", "Glibc", "Musl"],
    "Workload": ["Bytes", "WAMP", "Measurement"],
    "Trial": ["Measurement", "Workload", "Glibc", "Musl"],
    "Gate": ["Trial", "Measurement", "Workload", "Glibc", "Musl"],
    "Configuration": ["Yams"],
    "Cookies": ["Bytes"],
    "Metrics": ["Web", "WebSocket", "Bytes"],
    "Build": [],

    // The upper half.
    "Reactor": ["Bytes", "CLinux", "Synchronization"],
    "TLS": ["Bytes", "COpenSSL"],
    "Transport": [
        "Bytes", "Web", "WebSocket", "WebSocketDeflate", "Authentication", "Crypto", "Cookies", "TLS",
        "Reactor",
        "Synchronization",
    ],
    "Stages": ["Bytes", "WebSocket", "WebSocketDeflate", "WAMP", "Router", "Crypto", "Measurement", "Transport"],
    "RouterNode": [
        "Bytes", "Web", "WebSocket", "WAMP", "Authentication", "Crypto", "TLS", "Router", "Configuration", "Cookies",
        "Reactor",
        "Transport", "Synchronization",
        "Logging",
    ],
    "LoadGenerator": [
        "Bytes", "WebSocket", "WAMP", "Authentication", "Crypto", "TLS", "Reactor", "Transport", "Workload",
        "Measurement", "Synchronization",
    ],
    "WAMPClient": [
        "Bytes", "WebSocket", "WAMP", "Authentication", "Crypto", "Reactor", "TLS", "Transport", "Synchronization",
    ],
    "Components": [
        "Bytes", "WebSocket", "WAMP", "Authentication", "TLS", "Transport", "Configuration", "RouterNode", "WAMPClient",
        "Synchronization",
        "Logging",
    ],
    "Report": ["Gate", "Trial", "Stages", "Measurement", "CZlib", "Foundation"],
    "Commands": [
        "Components", "RouterNode", "LoadGenerator", "Stages", "Report", "Gate", "Trial", "Measurement", "Workload",
        "Transport",
        "TLS",
        "Reactor",
        "WebSocket",
        "WAMP", "Authentication", "Bytes", "Configuration", "Metrics", "Build",
        "ArgumentParser", "Logging", "Foundation", "Synchronization",
    ],
    "rennbahn": ["Commands"],
]

/// Targets of C headers and module maps, which hold no Swift.
let headerTargets: Set<String> = ["CLinux", "CVector", "CZlib", "COpenSSL", "CMsgPack"]

/// Bytes or messages in, values out: time, randomness and bytes are handed in.
let pureTargets: Set<String> = [
    "Bytes", "WebSocket", "WebSocketDeflate", "Web", "WAMP", "Crypto", "Router", "Measurement", "Workload", "Trial",
    "Gate",
    "Configuration", "Cookies", "Metrics", "Authentication", "Build",
]
