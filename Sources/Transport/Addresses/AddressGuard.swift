import Synchronization

/// The limits per address of a transport, over all loops that accept for it, and which peers are front ends. Asked when
/// connections open and end and sessions begin, never for a message.
package final class AddressGuard: Sendable {
    package let limits: AddressLimits
    /// Front ends: whom they speak for is what `X-Forwarded-For` says, and they themselves are not counted.
    package let proxies: [AddressRange]
    private let budget: Mutex<AddressBudget>

    package init(_ limits: AddressLimits, proxies: [AddressRange] = []) {
        self.limits = limits
        self.proxies = proxies
        budget = Mutex(AddressBudget(limits))
    }

    func isProxy(_ address: IPAddress) -> Bool { proxies.contains { $0.contains(address) } }

    func change<Result: Sendable>(_ body: (inout AddressBudget) -> Result) -> Result {
        budget.withLock { body(&$0) }
    }
}

/// What was configured, without the counts.
extension AddressGuard: CustomReflectable {
    package var customMirror: Mirror { Mirror(self, children: ["limits": limits, "proxies": proxies]) }
}
