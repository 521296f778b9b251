import Testing

@testable import RennbahnMeasurement

struct ConditionTests {
    @Test(arguments: [
        ("p99(rpc.response)<10ms", "p99(rpc.response)<10ms"), ("loss==0", "loss==0"),
        ("rate(events)>100000", "rate(events)>100000"), ("max(lag)<=1ms", "max(lag)<=1ms"),
        ("errors<0.1%", "errors<0.1%"), ("  p99.90 ( response )  >=  1 us ", "p99.9(response)>=1µs"),
        ("rate( bytes.out )<100MB/s", "rate(bytes.out)<100MB/s"), ("count(loss)!=1", "count(loss)!=1"),
        ("memory.router<200MiB", "memory.router<200MiB"), ("cpu.router<0.8", "cpu.router<0.8"),
        ("cpu.router<80%", "cpu.router<80%"), ("cost.router<5us", "cost.router<5µs"),
        ("count(rpc.response)>1k", "count(rpc.response)>1k"), ("p05(response)<1s", "p5(response)<1s"),
        ("p0.001(response)<1s", "p0.001(response)<1s"), ("mean(response)<1s", "mean(response)<1s"),
        ("bytes.in<1000", "bytes.in<1000"), ("rate(calls)>1k/s", "rate(calls)>1k/s"),
    ])
    func `A condition is read, and printed in one form`(text: String, printed: String) throws {
        let condition = try Condition(parsing: text)
        #expect(condition.description == printed)
        #expect(try Condition(parsing: printed) == condition)
    }

    @Test(arguments: [
        ("p99(rpc.respnse)<10ms", 5, "there is no figure rpc.respnse; did you mean rpc.response?"),
        ("lost==0", 1, "there is no figure lost; did you mean loss?"), ("speed>1", 1, "there is no figure speed"),
        ("", 1, "expected a figure, as in"), ("p99()<1ms", 5, "expected a figure, as in"),
        ("<10ms", 1, "expected a figure, as in"), ("p99<10ms", 1, "p99 is asked of a figure, as in p99(response)"),
        ("p100(response)<1s", 1, "there is no function p100; there are p50"),
        ("p0(response)<1s", 1, "there is no function p0;"), ("p9.(response)<1s", 1, "there is no function p9.;"),
        ("p99.9999(response)<1s", 1, "there is no function p99.9999;"),
        ("median(response)<1s", 1, "there is no function median;"),
        ("p99(response<1s", 13, "expected )"), ("response<1s", 1, "response is many times: say which"),
        ("rate(response)>1", 1, "rate goes with counts"), ("p99(events)<1", 1, "p99 goes with latencies"),
        ("max(loss)==0", 1, "max does not go with loss"), ("mean(cpu.router)<1", 1, "mean does not go with cpu.router"),
        ("loss=0", 5, "expected one of < <= > >= == !="), ("loss", 5, "expected one of"),
        ("loss 0", 6, "expected one of"), ("loss==", 7, "expected a number"), ("loss==-1", 7, "expected a number"),
        ("p99(response)<10", 15, "expected a time, as in 10ms"), ("p99(response)<10%", 15, "expected a time"),
        ("loss<1ms", 6, "expected a number or a share"), ("memory.router<80%", 15, "expected a size"),
        ("cpu.router<1ms", 12, "expected a share"), ("rate(events)>1%", 14, "expected a number"),
        ("loss<1/s", 6, "/s goes with rate(…) only"), ("loss==0 events>1", 9, "there is no unit events; there are k"),
        ("loss==0 , 1", 9, "nothing may follow here"),
        ("loss==0 \u{1b}[2J", 9, "nothing may follow here"),
    ])
    func `What is wrong is told with its place`(text: String, column: Int, message: String) {
        let problem = #expect(throws: ConditionProblem.self) { try Condition(parsing: text) }
        #expect(problem?.column == column && problem?.message.hasPrefix(message) == true, "\(problem as Any)")
    }

    @Test func `A problem is one line of plain text, whatever was given`() {
        let problem = #expect(throws: ConditionProblem.self) { try Condition(parsing: "lo\u{1b}[2Jss\n<1") }
        #expect(problem?.description == "lo\\u{1b}[2Jss\\u{a}<1: column 1: there is no figure lo")
        let long = String(repeating: "x", count: 100_000)
        #expect(throws: ConditionProblem(text: long, column: 201, message: "is longer than 200 characters")) {
            try Condition(parsing: long)
        }
    }
}
