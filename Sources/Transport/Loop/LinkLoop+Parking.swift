import RennbahnBytes
import RennbahnReactor
package import RennbahnWebSocketDeflate

// A compressed connection has states of zlib of its own only while it is busy; see ``CodecLimits``. While there are such
// connections, a timer sweeps over them and parks those that have become idle. Nothing of this is done per message but
// to look whether a codec has become live.

extension LinkLoop {
    /// Directions of connections that have a state of zlib of their own.
    package var liveCodecs: Int { codecs.value.liveCount }

    /// After a message was inflated or compressed: lists the connection if it has a live codec now.
    @inline(__always)
    func noteCodecUse(_ slot: Int) {
        if links.value[slot].liveIndex < 0 { noteBorrower(slot) }
    }

    private func noteBorrower(_ slot: Int) {
        if links.value[slot].hasLiveCodec {
            links.value[slot].liveIndex = sweep.list(slot)
        }
        if sweep.timer == nil, codecs.value.needsSweep { scheduleSweep(limits.codecs.sweepInterval) }
    }

    /// Before a connection is removed.
    func forgetCodecs(_ slot: Int) {
        links.value[slot].deflater?.finish(in: &codecs.value)
        links.value[slot].inflater?.finish(in: &codecs.value)
        if links.value[slot].liveIndex >= 0 { unlist(slot) }
    }

    /// One step of a sweep: parks what was idle since the last one, up to a number.
    func sweepCodecs() {
        sweep.timer = nil
        var parked = 0
        while let slot = sweep.next() {
            guard parked < limits.codecs.parkedPerStep else {
                scheduleSweep(limits.codecs.stepInterval)
                return
            }
            links.value[slot].deflater!.parkIfIdle(in: &codecs.value)
            links.value[slot].inflater!.parkIfIdle(in: &codecs.value)
            if links.value[slot].hasLiveCodec {
                sweep.pass()
            } else {
                unlist(slot)
                parked += 1
            }
        }
        codecs.value.endSweep()
        if codecs.value.needsSweep { scheduleSweep(limits.codecs.sweepInterval) }
    }

    /// Takes a connection off the list; the last one takes its place.
    private func unlist(_ slot: Int) {
        let place = links.value[slot].liveIndex
        links.value[slot].liveIndex = -1
        if let moved = sweep.unlist(place) { links.value[moved].liveIndex = place }
    }

    private func scheduleSweep(_ delay: UInt64) {
        sweep.timer = timers.value.schedule(token: Token.timer(.sweep, 0), deadline: now + delay)
    }
}

extension Link {
    var hasLiveCodec: Bool { hasLiveDeflater || hasLiveInflater }

    /// Of a connection with compression; see ``Deflater/parameters``.
    var deflateParameters: UInt16 {
        switch deflater {
        case .some(let deflater): deflater.parameters
        case nil: 0
        }
    }

    private var hasLiveDeflater: Bool {
        switch deflater {
        case .some(let deflater): deflater.isLive
        case nil: false
        }
    }

    private var hasLiveInflater: Bool {
        switch inflater {
        case .some(let inflater): inflater.isLive
        case nil: false
        }
    }
}

extension CodecMemory {
    /// Whole pages, so that an idle router is a small one.
    package static let pages = unsafe CodecMemory(
        take: { unsafe Pages.map($0) }, giveBack: { unsafe Pages.unmap($0, $1) })
}
