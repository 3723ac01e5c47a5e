package import GatewayClient

/// Which events are wanted, by who they are about.
package enum EventFilter {
    /// Whether an event is from somebody, or about them; accounts are compared without case (`A` to `Z`).
    package static func isFrom(_ account: String, _ event: Event) -> Bool {
        let data = event.data
        let named = [data["from"], data["account"], data["contact"]?["account"]].compactMap { $0?.text }
        return named.contains { folded($0) == folded(account) }
    }

    private static func folded(_ text: String) -> [UInt8] {
        text.utf8.map { (0x41...0x5a).contains($0) ? $0 | 0x20 : $0 }
    }
}
