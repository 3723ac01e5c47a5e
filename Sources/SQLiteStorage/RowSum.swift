import Storage

/// Says whether a row of the journal is as it was written: SQLite notices a damaged structure, and no flipped bit.
///
/// Above are 31 bits for the place of the event, which each start reads without reading the event; below are 32 for the event
/// and the session that it is of, so that the sessions' IDs can be found again by the events where they are lost.
struct RowSum {
    private let place: Int64

    init(at position: UInt64, _ session: Int64, _ seq: UInt64, _ second: UInt32) {
        var sum = Checksum.of(position)
        for number in [UInt64(bitPattern: session), seq, UInt64(second)] { sum = Checksum.of(number, behind: sum) }
        place = Int64(sum >> 1)
    }

    /// The whole of it.
    func with(_ event: EncodedEvent, of session: SessionID) -> Int64 {
        place << 32 | Int64(event.checksum ^ Self.mark(session))
    }

    /// Whether the row's place is as it was written.
    func isPlace(of sum: Int64) -> Bool { sum >> 32 == place }

    /// Whether the row's event is as it was written, for that session.
    static func isSum(_ sum: Int64, of event: EncodedEvent, _ session: SessionID) -> Bool {
        mark(of: sum, event) == mark(session)
    }

    /// What a session's ID adds to its events' sums.
    static func mark(_ session: SessionID) -> UInt32 { Checksum.of(session.text) }

    /// What the ID has added of the session whose event it is.
    static func mark(of sum: Int64, _ event: EncodedEvent) -> UInt32 {
        UInt32(truncatingIfNeeded: sum) ^ event.checksum
    }

    /// The sum of the same row in the journal of another ID.
    static func sum(_ sum: Int64, from old: UInt32, to session: SessionID) -> Int64 { sum ^ Int64(old ^ mark(session)) }
}

extension EncodedEvent {
    fileprivate var checksum: UInt32 { Checksum.of(json, behind: Checksum.of(type)) }
}
