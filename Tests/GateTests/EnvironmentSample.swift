import RennbahnMeasurement

extension RunEnvironment {
    static let sample = RunEnvironment(
        cpuModel: "Example CPU 3000", cores: 2, kernel: "6.1.0", operatingSystem: "Debian 12", toolchain: "Swift 6.3.1",
        buildConfiguration: "release", commit: "1a2b3c4d5e6f", dirty: false, commandLine: ["rennbahn", "gate"], seed: 1,
        date: "2026-03-01T12:00:00Z", loadAverage: [0.5, 0.25, 0.125])
}
