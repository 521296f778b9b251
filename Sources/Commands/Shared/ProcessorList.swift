import RennbahnReactor

/// A list of processors on the command line, such as `0,2`.
enum ProcessorList {
    static func parse(_ text: String?, option: String) throws -> [Int] {
        guard let text else { return [] }
        let allowed = Processor.allowed
        return try text.split(separator: ",").map { part in
            guard let processor = Int(part), allowed.contains(processor) else {
                let list = allowed.map(String.init).joined(separator: ",")
                throw Failure.usage("\(option) \(text): this process may run on processors \(list)")
            }
            return processor
        }
    }
}
