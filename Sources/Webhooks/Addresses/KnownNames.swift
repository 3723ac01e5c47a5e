import Loops

/// The addresses of names that webhooks go to, for a while, and which names are being looked up: each once at a time for each
/// key, as nobody is to wait for what another key's look-up waits for.
///
/// A value without sockets and clocks; times are nanoseconds of any clock that does not jump.
struct KnownNames {
    /// A name that is being looked up, and for whom.
    struct LookUp: Hashable, Sendable {
        let host: String
        let key: String
    }

    /// What there is to do for whoever wants to know a name.
    enum Answer: Equatable {
        /// The name was looked up a moment ago, and these are all its addresses.
        case known([[UInt8]])
        /// Somebody is looking it up already.
        case wait
        /// The caller looks it up, and calls `found`.
        case lookUp
        /// Too many are being looked up, or too many for this key.
        case full
    }

    private struct Known {
        let addresses: [[UInt8]]
        let until: Int64
    }

    /// Names that are kept; more make room for each other.
    private static let most = 1_024
    /// Look-ups at one time, those that wait for a thread included.
    private static let mostLookUps = 1_024
    /// The same for a single key, which so has a part of them: one for each webhook that it may have.
    private static let mostLookUpsOfKey = 64

    /// Nanoseconds for which addresses are used without looking them up again; 0 for not at all.
    private let lifetime: Int64
    private var known: [String: Known] = [:]
    private var underWay: Set<LookUp> = []
    /// How many of these each key has.
    private var ofKey: [String: Int] = [:]

    init(lifetime: Int64) { self.lifetime = lifetime }

    mutating func ask(_ lookUp: LookUp, at now: Int64) -> Answer {
        let host = lookUp.host
        if let found = known[host] {
            if now < found.until { return .known(found.addresses) }
            known[host] = nil
        }
        if underWay.contains(lookUp) { return .wait }
        let ofKey = ofKey[lookUp.key, default: 0]
        guard underWay.count < Self.mostLookUps, ofKey < Self.mostLookUpsOfKey else { return .full }
        underWay.insert(lookUp)
        self.ofKey[lookUp.key] = ofKey + 1
        return .lookUp
    }

    /// Takes the outcome of a look-up; a name without addresses is asked for again the next time.
    mutating func found(_ addresses: [[UInt8]], of lookUp: LookUp, at now: Int64) {
        let host = lookUp.host
        if underWay.remove(lookUp) != nil {
            ofKey[lookUp.key] = ofKey[lookUp.key].flatMap { $0 > 1 ? $0 - 1 : nil }
        }
        guard !addresses.isEmpty, lifetime > 0 else { return }
        if known.count >= Self.most {
            known = known.filter { now < $0.value.until }
            if known.count >= Self.most, let any = known.keys.first { known[any] = nil }
        }
        known[host] = Known(addresses: addresses, until: now + lifetime)
    }
}
