import Loops

/// The addresses of names that webhooks go to, for a while, and which names are being looked up: each once at a time.
///
/// A value without sockets and clocks; times are nanoseconds of any clock that does not jump.
struct KnownNames {
    /// What there is to do for whoever wants to know a name.
    enum Answer: Equatable {
        /// The name was looked up a moment ago, and these are all its addresses.
        case known([[UInt8]])
        /// Somebody is looking it up already.
        case wait
        /// The caller looks it up, and calls `found`.
        case lookUp
        /// Too many are being looked up.
        case full
    }

    private struct Known {
        let addresses: [[UInt8]]
        let until: Int64
    }

    /// Names that are kept; more make room for each other.
    private static let most = 1_024
    /// Look-ups at one time, those that wait for a thread included.
    private static let mostLookUps = 256

    /// Nanoseconds for which addresses are used without looking them up again; 0 for not at all.
    private let lifetime: Int64
    private var known: [String: Known] = [:]
    private var underWay: Set<String> = []

    init(lifetime: Int64) { self.lifetime = lifetime }

    mutating func ask(_ host: String, at now: Int64) -> Answer {
        if let found = known[host] {
            if now < found.until { return .known(found.addresses) }
            known[host] = nil
        }
        if underWay.contains(host) { return .wait }
        guard underWay.count < Self.mostLookUps else { return .full }
        underWay.insert(host)
        return .lookUp
    }

    /// Takes the outcome of a look-up; a name without addresses is asked for again the next time.
    mutating func found(_ addresses: [[UInt8]], of host: String, at now: Int64) {
        underWay.remove(host)
        guard !addresses.isEmpty, lifetime > 0 else { return }
        if known.count >= Self.most {
            known = known.filter { now < $0.value.until }
            if known.count >= Self.most, let any = known.keys.first { known[any] = nil }
        }
        known[host] = Known(addresses: addresses, until: now + lifetime)
    }
}
