import ByteText

/// An event's JSON, of which most may lie in that of an earlier event.
///
/// The two that name everybody at a sign-in name the same people: without this, what the second one repeats was a tenth of the
/// gateway's part of a session.
struct EventText: Sendable {
    private enum Form: Sendable {
        case whole([UInt8])
        case sharing(Rest)
    }

    /// What an event has for itself, and where the rest is.
    private final class Rest: Sendable {
        let own: [UInt8]
        /// How many of its bytes stand before the shared ones.
        let lead: UInt32
        /// The bytes of `lender` that belong there.
        let start: UInt32
        let end: UInt32
        let lender: [UInt8]

        init(_ own: [UInt8], lead: Int, _ shared: Range<Int>, of lender: [UInt8]) {
            self.own = own
            self.lead = UInt32(lead)
            start = UInt32(shared.lowerBound)
            end = UInt32(shared.upperBound)
            self.lender = lender
        }

        var shared: ArraySlice<UInt8> { lender[Int(start)..<Int(end)] }
    }

    /// Bytes that are worth sharing: two pieces of memory more have to be less.
    private static let leastShared = 256
    /// A part that does not begin so soon is not looked for.
    private static let firstPlaces = 64
    /// Bytes that the earlier event may have besides: it may be gone, and is kept for this one.
    private static let mostBeside = 512

    private let form: Form

    init(_ bytes: [UInt8]) { form = .whole(bytes) }

    /// The same as `bytes`, of which the part that stands in an earlier event too is kept there alone; nil where it does not,
    /// where it is not worth it, and where `earlier` shares a part itself.
    init?(_ bytes: [UInt8], sharing part: [UInt8], with earlier: EventText) {
        guard part.count >= Self.leastShared, case .whole(let lender) = earlier.form,
            lender.count <= part.count + Self.mostBeside, let place = Self.place(of: part, in: bytes),
            let other = Self.place(of: part, in: lender)
        else { return nil }
        var own: [UInt8] = []
        own.reserveCapacity(bytes.count - part.count)
        own += bytes[..<place]
        own += bytes[(place + part.count)...]
        form = .sharing(Rest(own, lead: place, other..<other + part.count, of: lender))
    }

    /// Bytes that are kept for it alone.
    var own: Int {
        switch form {
        case .whole(let bytes): bytes.count
        case .sharing(let rest): rest.own.count
        }
    }

    var count: Int {
        switch form {
        case .whole(let bytes): bytes.count
        case .sharing(let rest): rest.own.count + Int(rest.end - rest.start)
        }
    }

    /// All of it in one piece, which is put together where it is not.
    var bytes: [UInt8] {
        switch form {
        case .whole(let bytes): return bytes
        case .sharing(let rest):
            var bytes: [UInt8] = []
            bytes.reserveCapacity(count)
            bytes += rest.own[..<Int(rest.lead)]
            bytes += rest.shared
            bytes += rest.own[Int(rest.lead)...]
            return bytes
        }
    }

    private static func place(of part: [UInt8], in bytes: [UInt8]) -> Int? {
        guard part.count <= bytes.count else { return nil }
        return (0...min(firstPlaces, bytes.count - part.count)).first {
            ByteOrder.compare(bytes[$0..<$0 + part.count], part) == 0
        }
    }
}
