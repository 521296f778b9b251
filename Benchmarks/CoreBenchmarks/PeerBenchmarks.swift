import Benchmark
import CRennbahnMsgPack
import Foundation
import RennbahnBytes
import RennbahnWAMP

#if SIMDJSON
import SimdJSON
#endif

/// The same messages as the suite of scanning, handed to what others use for such work.
func peerBenchmarks() {
    for count in [100, 1024, 16 * 1024] {
        messagePackC(count)
        foundationJSON(count)
        #if SIMDJSON
        simdjson(count)
        #endif
    }
}

/// msgpack-c builds a tree of objects; its zone of memory is kept, as a program that cares does.
private func messagePackC(_ count: Int) {
    Benchmark("peer: msgpack-c unpack of records, \(sizeName(count))") { benchmark in
        let message = Samples.publish(.msgpack, count)
        var zone = msgpack_zone()
        guard msgpack_zone_init(&zone, 64 * 1024) else { throw PeerFailure.refused }
        defer { msgpack_zone_destroy(&zone) }
        var object = msgpack_object()
        try message.withUnsafeBytes { bytes in
            let start = bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
            benchmark.startMeasurement()
            for _ in benchmark.scaledIterations {
                msgpack_zone_clear(&zone)
                guard msgpack_unpack(start, bytes.count, nil, &zone, &object) == MSGPACK_UNPACK_SUCCESS else {
                    throw PeerFailure.refused
                }
            }
            benchmark.stopMeasurement()
        }
        blackHole(object.via.array.size)
    }
}

private func foundationJSON(_ count: Int) {
    Benchmark("peer: Foundation JSONSerialization of records, \(sizeName(count))") { benchmark in
        let message = Data(Samples.publish(.json, count))
        benchmark.startMeasurement()
        for _ in benchmark.scaledIterations { blackHole(try JSONSerialization.jsonObject(with: message)) }
        benchmark.stopMeasurement()
    }
}

#if SIMDJSON
private func simdjson(_ count: Int) {
    Benchmark("peer: simdjson DOM of records, \(sizeName(count))") { benchmark in
        let message = Samples.publish(.json, count)
        let peer = simdjson_peer_create(message, message.count)
        defer { simdjson_peer_destroy(peer) }
        benchmark.startMeasurement()
        for _ in benchmark.scaledIterations {
            guard simdjson_peer_parse(peer) else { throw PeerFailure.refused }
        }
        benchmark.stopMeasurement()
    }
}
#endif

private enum PeerFailure: Error {
    case refused
}
