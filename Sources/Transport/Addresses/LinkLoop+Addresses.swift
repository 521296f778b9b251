import RennbahnBytes
import RennbahnReactor
import RennbahnWebSocket

// What the address of an accepted connection may have: counted from its acceptance, or, behind a front end, from the request that
// tells whom that speaks for.

extension LinkLoop {
    /// Counts a connection that was accepted; false when its address may have no more.
    ///
    /// - Parameter entry: what to note of it once it has a slot; `nil`: it has no address, or nobody counts.
    func enter(_ descriptor: Descriptor, by listener: Listener, _ entry: inout LinkAddresses.Entry?) -> Bool {
        let guardian = accepts[listener.profile].addresses
        guard guardian != nil || listener.tls != nil else { return true }
        guard let peer = try? kernel.peerAddress(of: descriptor), let address = IPAddress(peer) else { return true }
        let isProxy = guardian?.isProxy(address) ?? false
        let isCounted = guardian != nil && !isProxy
        entry = LinkAddresses.Entry(address: address.counted, isCounted: isCounted, isProxy: isProxy)
        guard isCounted, let counting = guardian, let refusal = counting.change({ $0.open(address.counted) })
        else { return true }
        noteRefusal(of: address.counted, refusal)
        entry = nil
        return false
    }

    /// A connection that was counted is not taken after all.
    func leave(_ entry: LinkAddresses.Entry?, profile: Int) {
        guard let entry, entry.isCounted, let addresses = accepts[profile].addresses else { return }
        addresses.change { $0.close(entry.address, isOpening: entry.isOpening) }
    }

    /// The opening handshake is done, or an answer of a web service was given.
    func noteOpened(_ slot: Int) {
        guard let entry = addresses[slot], entry.isOpening else { return }
        addresses[slot]?.isOpening = false
        if entry.isCounted { accepted(slot)?.addresses?.change { $0.opened(entry.address) } }
    }

    /// The connection has ended.
    func forgetAddress(_ slot: Int) {
        guard let entry = addresses[slot] else { return }
        leave(entry, profile: Int(links.value[slot].profile))
        addresses[slot] = nil
    }

    func noteRefusal(of address: IPAddress, _ refusal: AddressBudget.Refusal) {
        counters.value.refusedByAddress += 1
        refusedPeer = RefusedPeer(address: address, refusal: refusal)
    }

    // MARK: Behind a front end

    /// The head of a request tells whom a front end speaks for; false when that one may have no more, and the connection has
    /// ended.
    func noteForwarded(_ slot: Int, _ head: HTTPHead) -> Bool {
        guard let entry = addresses[slot], entry.isProxy, let guardian = accepted(slot)?.addresses else { return true }
        let client: IPAddress
        switch ForwardedAddress(head, trusting: guardian.proxies) {
        case .client(let address): client = address
        case .absent: return true
        case .malformed:
            counters.value.malformedForwards += 1
            return true
        }
        // A front end may use one connection for the requests of several clients.
        guard !entry.isCounted || entry.address != client.counted else { return true }
        leave(entry, profile: Int(links.value[slot].profile))
        addresses[slot]?.isCounted = false
        if let refusal = guardian.change({ $0.open(client.counted) }) {
            noteRefusal(of: client.counted, refusal)
            counters.value.refused += 1
            carryOut(links.value[slot].life.givenUp(.dropped, byReset: true), slot)
            return false
        }
        addresses[slot]?.address = client.counted
        addresses[slot]?.isCounted = true
        if !entry.isOpening { guardian.change { $0.opened(client.counted) } }
        return true
    }

    // MARK: Logins

    /// When the proof of a login on a connection may be judged.
    package func loginTurn(of id: LinkID) -> AddressBudget.Turn {
        guard let (address, guardian) = counted(id) else { return .now }
        let now = now
        return guardian.change { $0.turn(of: address, at: now) }
    }

    /// A proof was judged.
    package func noteLogin(of id: LinkID, succeeded: Bool) {
        guard let (address, guardian) = counted(id) else { return }
        let now = now
        guardian.change { succeeded ? $0.loginSucceeded(address) : $0.loginFailed(address, at: now) }
    }

    private func counted(_ id: LinkID) -> (IPAddress, AddressGuard)? {
        guard let slot = slot(id), let entry = addresses[slot], entry.isCounted,
            let guardian = accepted(slot)?.addresses
        else { return nil }
        return (entry.address, guardian)
    }
}

/// Who was turned away last for what its address has already.
package struct RefusedPeer: Sendable, Equatable {
    /// As ``IPAddress/counted``.
    package var address: IPAddress
    package var refusal: AddressBudget.Refusal

    package init(address: IPAddress, refusal: AddressBudget.Refusal) {
        self.address = address
        self.refusal = refusal
    }
}

extension RefusedPeer: CustomStringConvertible {
    package var description: String {
        switch refusal {
        case .connections: "\(address), which has too many connections"
        case .handshakes: "\(address), which has too many unfinished handshakes"
        }
    }
}
