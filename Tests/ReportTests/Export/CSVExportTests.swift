import RennbahnMeasurement
import RennbahnTrial
import Testing

@testable import RennbahnReport

struct CSVExportTests {
    private func lines(_ format: ExportFormat, _ source: ExportSource) throws -> [String] {
        let text = try format.text(of: source)
        #expect(text.hasSuffix("\r\n"))
        return text.split(separator: "\r\n").map(String.init)
    }

    @Test func `The series has a line an interval, and nothing where nothing is known`() throws {
        let lines = try lines(.csv, .run(ExportSamples.run))
        let names =
            "at_s,length_s,phase,connections,outstanding,errors,messages,messages_per_s,responses,p50_ns,p90_ns,p99_ns,"
            + "p999_ns,max_ns,window_p50_ns,window_p99_ns,window_max_ns,generator_cpu_s,router_cpu_s"
        let latencies = String(repeating: ",1000000", count: 8)
        #expect(lines[0] == names)
        #expect(lines[1] == "1.0,1.0,connecting,2000,0,0,0,0.0" + String(repeating: ",", count: 11))
        #expect(lines[2] == "2.0,1.0,measuring,2000,20,1,500,500.0,1\(latencies),0.5,0.75" && lines.count == 3)
    }

    @Test func `Samples of resources have a line each, of both sides`() throws {
        let side = ",0.25,0.1,0.15,1048576,7,3,0.125"
        let lines = try lines(.resources, .run(ExportSamples.run))
        #expect(lines.count == 3)
        #expect(lines[0].hasPrefix("at_s,length_s,steal_share,generator_cpu_s,generator_user_s,generator_system_s,"))
        #expect(
            lines[0].hasSuffix(
                ",router_resident_bytes,router_voluntary_switches,router_involuntary_switches,router_run_queue_s"))
        #expect(lines[1] == "1.75,0.25,0.5" + side + side && lines[2] == "2.0,0.25,0.5" + side + side)
        var document = ExportSamples.run
        document.intervals?[1].resources?[0].router = nil
        let rows = try CSVReader.rows(try ExportFormat.resources.text(of: .run(document)))
        #expect(rows[1].count == 17 && rows[1].suffix(7).allSatisfy(\.isEmpty) && rows[2].allSatisfy { !$0.isEmpty })
    }

    @Test func `Trials have a line a figure, with its interval, its ratio and what that shows`() throws {
        let lines = try lines(.csv, .trials(ExportSamples.trials()))
        #expect(lines[0].hasPrefix("work,load,clients,offered_rate,side,role,metric,unit,value,lower,upper,turns,"))
        #expect(lines[0].hasSuffix(",ratio,ratio_lower,ratio_upper,finding,limit,problem"))
        #expect(lines.dropFirst().allSatisfy { $0.hasPrefix("pubsub 32 B,1 in flight,20,,") })
        let expected = [
            "json,baseline,router-cpu-per-message,µs,4.0,3.5,4.5,30,3,,,,,router,",
            "json,baseline,messages-per-second,1/s,200000.0,150000.0,250000.0,30,3,,,,,router,",
            "msgpack,other,router-cpu-per-message,µs,3.0,2.75,3.25,30,3,0.75,0.625,0.875,less,,",
            "msgpack,other,floor-ratio,,1.5,1.25,1.75,30,3,,,,,,",
            "floor,floor,,,,,,,,,,,,,\"no turn came to anything, \"\"at all\"\"\"",
        ]
        #expect(lines.dropFirst().map { String($0.dropFirst("pubsub 32 B,1 in flight,20,,".count)) } == expected)
    }

    @Test func `A field with a comma, a quote or a line end stands in quotes, and is read back as it was`() throws {
        var table = CSVTable(["a", "b"])
        // A quote with an accent on it is a quote all the same.
        let fields = ["x,\"y\"\u{301}\r\n", "plain", "", " \r", "\n"]
        for field in fields { table.addRow([.text(field), .text(nil)]) }
        #expect(table.text.hasPrefix("a,b\r\n\"x,\"\"y\"\"\u{301}\r\n\",\r\nplain,\r\n,\r\n"))
        #expect(try CSVReader.rows(table.text).dropFirst().map { $0[0] } == fields)
        let rows = try CSVReader.rows(try ExportFormat.csv.text(of: .run(ExportSamples.hostileRun)))
        #expect(rows[1][2] == ExportSamples.hostileName)
    }
}
