import MSNP

/// What there is to say of a session that is away, or has ended.
///
/// Aside, as it would be 100 bytes of each that is online.
struct Absence: Equatable, Sendable {
    /// When the next attempt to come back begins; it may be under way already.
    var retryAt: Timestamp?
    /// The same as an uptime, for saying how long that is.
    var retryUptime: Duration?
    /// Why it ended, in the protocol's terms; nil while it lives.
    var end: SessionEnd?
    /// When it ended; nil while it lives.
    var endedAt: Timestamp?
    /// When somebody asked for its end; nil unless somebody did.
    var deletedAt: Timestamp?
}

/// Changed by `SessionRecord` alone.
extension SessionRecord {
    var retryAt: Timestamp? {
        get { absence?.value.retryAt }
        set { change(\.retryAt, newValue) }
    }

    var retryUptime: Duration? {
        get { absence?.value.retryUptime }
        set { change(\.retryUptime, newValue) }
    }

    var end: SessionEnd? {
        get { absence?.value.end }
        set { change(\.end, newValue) }
    }

    var endedAt: Timestamp? {
        get { absence?.value.endedAt }
        set { change(\.endedAt, newValue) }
    }

    var deletedAt: Timestamp? {
        get { absence?.value.deletedAt }
        set { change(\.deletedAt, newValue) }
    }

    private mutating func change<Value>(_ fact: WritableKeyPath<Absence, Value?>, _ value: Value?) {
        // Nothing of nothing: each step of a sign-in says that nothing is retried.
        guard value != nil || absence != nil else { return }
        var changed = absence?.value ?? Absence()
        changed[keyPath: fact] = value
        absence = changed == Absence() ? nil : Shared(changed)
    }
}
