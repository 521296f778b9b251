import RennbahnLoadGenerator
import RennbahnMeasurement
import RennbahnWAMP

/// Measures the cells of the matrix.
struct BenchRun {
    let plan: BenchPlan
    let runner: CellRunner

    /// The cells of the table, those of the floors left out; each with its ratio to its floors.
    func measure() throws -> [ResultCell] {
        var floors: [String: Double] = [:]
        var cells: [ResultCell] = []
        for group in plan.groups {
            let outcomes = try runner.measureInTurn(group.map(task))
            for (cell, outcome) in zip(group, outcomes) {
                var result = outcome.cell
                let cpu = result.measurements.router?.cpuMicrosecondsPerMessage?.total
                if cell.isFloor {
                    floors[BenchRun.key(cell.work, of: cell)] = cpu
                    guard result.verdict != .valid else { continue }
                } else if let cpu {
                    let ratio = { (floor: BenchPlan.Cell.Work) in
                        floors[BenchRun.key(floor, of: cell)].flatMap { BenchRun.ratio(cpu, cell, toFloor: $0) }
                    }
                    result.measurements.floorRatio = ratio(.floor)
                    result.measurements.cFloorRatio = ratio(.cFloor)
                }
                cells.append(result)
            }
        }
        runner.clear()
        return cells
    }

    private static func key(_ floor: BenchPlan.Cell.Work, of cell: BenchPlan.Cell) -> String {
        "\(floor) \(cell.serializer.name) \(cell.payloadBytes)"
    }

    /// A call is two messages in and two out: twice what an echo is.
    private static func ratio(_ cpu: Double, _ cell: BenchPlan.Cell, toFloor floor: Double) -> Double? {
        floor > 0 ? cpu / (cell.work == .rpc ? 2 * floor : floor) : nil
    }

    private func task(_ cell: BenchPlan.Cell) -> CellTask {
        let settings = runner.settings
        let server: CellTask.Server =
            switch cell.work {
            case .pubsub, .rpc: .router(shards: settings.shards)
            case .floor: .echo
            case .cFloor: .floor((settings.cFloor ?? "") + "/echo")
            }
        return CellTask(
            name: cell.name, server: server, scenario: BenchPlan.scenario(cell.work, clients: settings.clients),
            clients: settings.clients, depth: settings.depth, payloadBytes: cell.payloadBytes,
            serializer: cell.serializer, compression: cell.compression)
    }
}
