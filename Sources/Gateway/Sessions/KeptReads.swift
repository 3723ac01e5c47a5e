import DequeModule
import HTTPFront
import Locking
import MSNPClient

/// What reads of sessions were answered with, kept until what they show changes.
///
/// One for the process, so that its limit holds for all sessions together. A snapshot of 600 contacts takes milliseconds to
/// encode, and is mostly asked for again while nothing has changed.
final class KeptReads: Sendable {
    /// A part of a session that is encoded on its own.
    enum Part: Hashable, Sendable {
        /// The resource.
        case session
        /// All contacts: `{"contacts":[…]}`.
        case contacts
        /// The snapshot's other members.
        case rest
    }

    /// Which state of a part it was made from.
    struct Version: Equatable, Sendable {
        /// Counts what has changed.
        let changes: UInt64
        /// When the server last said something; 0 where the part does not show that.
        var lastReceivedAt: Int64 = 0
        /// The number of the event that its cursor stands behind, which moves on as events are written; 0 likewise.
        var cursor: UInt64 = 0
    }

    /// Encoded bytes, and their tag where the answer has one.
    struct Body: Sendable {
        let bytes: [UInt8]
        var tag = ""
    }

    fileprivate struct Name: Hashable, Sendable {
        let session: String
        let part: Part
    }

    fileprivate struct Entry: Sendable {
        let version: Version
        let body: Body
        /// It was read since somebody looked whether it was.
        var isUsed = false
    }

    fileprivate struct State: Sendable {
        var entries: [Name: Entry] = [:]
        /// Each name once, the one that was looked at longest ago first.
        var order: Deque<Name> = []
        var bytes = 0
        var isSweepScheduled = false
    }

    /// Bytes that all of them hold: the contacts of 4,000 sessions with 20 contacts each.
    static let most = 16 << 20
    /// Bytes of one that is kept: nobody's contacts take the place of everybody's.
    static let mostForOne = most / 8
    /// What was not read for this long goes: many sessions are read once, when their reader comes.
    static let age: Duration = .seconds(30)
    /// How many that were read lately are passed over to find one that was not; bounds the work of one call.
    private static let chances = 16

    private let state = Locked(State())
    private let loop: any SessionLoop

    /// Looks on that loop for what nobody reads any more.
    init(sweptOn loop: any SessionLoop) { self.loop = loop }

    /// Bytes that are kept now.
    var bytes: Int { state.withLock { $0.bytes } }

    /// What was kept of a part in that version.
    func body(of part: Part, _ session: String, _ version: Version) -> Body? {
        state.withLock { state in
            let name = Name(session: session, part: part)
            guard let entry = state.entries[name], entry.version == version else { return nil }
            if !entry.isUsed { state.entries[name]?.isUsed = true }
            return entry.body
        }
    }

    /// Keeps a part in place of its last version.
    func keep(_ body: Body, of part: Part, _ session: String, _ version: Version) {
        guard body.bytes.count <= Self.mostForOne else { return }
        let mustSweep = state.withLock { state in
            state.keep(body, Name(session: session, part: part), version)
            while state.bytes > Self.most { state.dropOne(passingOver: Self.chances) }
            defer { state.isSweepScheduled = true }
            return !state.isSweepScheduled
        }
        if mustSweep { scheduleSweep() }
    }

    private func scheduleSweep() {
        loop.after(Self.age) { [weak self] in
            guard let self else { return }
            let isLeft = state.withLock { state in
                state.dropUnused()
                state.isSweepScheduled = !state.entries.isEmpty
                return state.isSweepScheduled
            }
            if isLeft { scheduleSweep() }
        }
    }
}

extension KeptReads.State {
    fileprivate mutating func keep(_ body: KeptReads.Body, _ name: KeptReads.Name, _ version: KeptReads.Version) {
        let known = entries[name]
        if known == nil { order.append(name) }
        bytes += body.bytes.count - (known?.body.bytes.count ?? 0)
        // One that changes often is read as lately as one that does not.
        entries[name] = KeptReads.Entry(version: version, body: body, isUsed: known != nil)
    }

    /// Drops the first that was not read lately, of so many that were the next one in any case.
    fileprivate mutating func dropOne(passingOver chances: Int) {
        for _ in 0..<chances {
            guard let name = order.first, entries[name]?.isUsed == true else { break }
            entries[name]?.isUsed = false
            order.append(order.removeFirst())
        }
        guard let name = order.popFirst(), let entry = entries.removeValue(forKey: name) else { return }
        bytes -= entry.body.bytes.count
    }

    /// Drops what was not read since this was called last.
    fileprivate mutating func dropUnused() {
        entries = entries.filter { $0.value.isUsed }.mapValues { entry in
            var entry = entry
            entry.isUsed = false
            return entry
        }
        order.removeAll { entries[$0] == nil }
        bytes = entries.values.reduce(0) { $0 + $1.body.bytes.count }
    }
}
