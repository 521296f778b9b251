import RennbahnMetrics
import RennbahnReactor

extension MetricsServer {
    /// Tells of a run.
    func start(_ metrics: LoadMetrics) throws(SystemError) {
        let process = OwnProcess(descriptors: DescriptorLimit.raise().soft)
        try start { metrics.text(process, $0).text }
        Console.error("rennbahn: metrics at \(url)")
    }
}
