/// Collects what follows `SYN` until it is complete (docs/protocol.md#synchronization).
///
/// There is no end marker: the last line of the reverse list ends it, or silence does. The lists are built aside, so a
/// synchronisation that breaks off has changed nothing.
package struct Synchronization: Sendable {
    /// The outcome of one input.
    package enum Progress: Equatable, Sendable {
        /// Not part of the synchronisation.
        case unrelated
        /// The `SYN` line: list lines are due.
        case begun
        /// A list line or a setting.
        case advanced
        /// Complete; nil when the lists that the client has are still right.
        case complete(SynchronizedLists?)
        /// More than `WireLimits.listEntries` lines.
        case tooMany
    }

    /// What has come so far.
    ///
    /// It is a value all the same: who changes it while another has it takes a copy first. Moved about with each of the lines,
    /// of which there are hundreds, its dozen parts would cost more than taking the line in.
    private final class Gathered: @unchecked Sendable {
        /// Without the members of the lists.
        var lists: SynchronizedLists
        /// For each list at its `place`; the lists of a dictionary would cost three allocations a line.
        var members = [[ListMember]](repeating: [], count: ListName.allCases.count)
        var entries = 0
        var bytes = 0
        var lastListed: String?
        var hasBegun = false

        init(_ lists: SynchronizedLists) { self.lists = lists }

        init(_ other: Gathered) {
            (lists, members, entries, bytes) = (other.lists, other.members, other.entries, other.bytes)
            (lastListed, hasBegun) = (other.lastListed, other.hasBegun)
        }
    }

    package let transaction: TransactionID
    private let knownVersion: UInt32
    private var gathered: Gathered

    package init(transaction: TransactionID, knownVersion: UInt32) {
        self.transaction = transaction
        self.knownVersion = knownVersion
        gathered = Gathered(SynchronizedLists(version: knownVersion))
    }

    /// Whether the `SYN` line itself has come.
    package var hasBegun: Bool { gathered.hasBegun }

    /// Whether any list line has come.
    package var hasEntries: Bool { gathered.entries > 0 }

    /// The contact whose phones a `BPR` without a handle gives.
    package var lastListed: String? { gathered.lastListed }

    /// Takes a command in, and says how far the lists have come.
    package mutating func receive(_ command: ServerCommand) -> Progress {
        if !isKnownUniquelyReferenced(&gathered) { gathered = Gathered(gathered) }
        switch command {
        case .synchronization(transaction, let version):
            // Some servers send the line twice.
            guard !hasBegun else { return .advanced }
            gathered.hasBegun = true
            // 0 is what a client without a cache sends, so there is nothing that could be unchanged.
            if version == knownVersion, knownVersion != 0 { return .complete(nil) }
            gathered.lists.version = version
            return .begun
        case .addPrompt(transaction, _, let value): gathered.lists.addPrompt = value
        case .privacy(transaction, _, let value): gathered.lists.privacy = value
        case .ownPhone(let answered, _, let property, let value) where answered == nil || answered == transaction:
            gathered.lists.phones.set(property, to: value)
        case .contactPhone(_, let handle, let property, let value):
            guard let handle = handle ?? lastListed else { return .advanced }
            let key = Handle.fold(handle)
            if gathered.lists.contactPhones[key] == nil { gathered.entries += 1 }
            guard gathered.entries <= WireLimits.listEntries else { return .tooMany }
            gathered.lists.contactPhones[key, default: ContactPhones()].set(property, to: value)
        case .list(transaction, let entry): return take(entry)
        default: return .unrelated
        }
        return .advanced
    }

    /// After a long silence, takes what has come so far as the lists.
    ///
    /// The version stays the one known before, so that the next sign-in synchronises again
    /// (docs/protocol.md#synchronization-end).
    package func giveUpWaiting() -> SynchronizedLists {
        var partial = whole
        partial.version = knownVersion
        partial.isPartial = true
        return partial
    }

    private func take(_ entry: ListEntry) -> Progress {
        gathered.entries += 1
        gathered.bytes += entry.member.map { $0.handle.utf8.count + $0.name.utf8.count } ?? 0
        guard gathered.entries <= WireLimits.listEntries, gathered.bytes <= WireLimits.listBytes else {
            return .tooMany
        }
        if let member = entry.member {
            gathered.lastListed = member.handle
            let place = Self.place(of: entry.list)
            // As the server says how many there are; of what it only says nothing is believed.
            if gathered.members[place].isEmpty {
                gathered.members[place].reserveCapacity(min(Int(entry.count), Self.likelyMembers))
            }
            gathered.members[place].append(member)
        }
        return entry.list == .reverse && entry.isLast ? .complete(whole) : .advanced
    }

    /// Where the members of a list are.
    private static func place(of list: ListName) -> Int {
        switch list {
        case .forward: 0
        case .allow: 1
        case .block: 2
        case .reverse: 3
        }
    }

    /// Members of a list that there is room for at its first line.
    private static let likelyMembers = 64

    /// The lists with their members.
    private var whole: SynchronizedLists {
        var whole = gathered.lists
        for name in ListName.allCases {
            let members = gathered.members[Self.place(of: name)]
            if !members.isEmpty { whole.members[name] = members }
        }
        return whole
    }
}

/// What one `SYN` brought: all lists and settings of the account (docs/protocol.md#synchronization).
package struct SynchronizedLists: Equatable, Sendable {
    /// The version of the lists that the server said.
    package var version: UInt32
    /// The end did not come: people who are missing here may still be on the lists.
    package var isPartial = false
    /// Who is on each list, in the server's order.
    package var members: [ListName: [ListMember]] = [:]
    /// What applies to people on no list; nil where the server has not said.
    package var privacy: PrivacyMode?
    /// Whether to ask about people who add us; nil where the server has not said.
    package var addPrompt: AddPrompt?
    package var phones = ContactPhones()
    /// The contacts' numbers, by their accounts.
    package var contactPhones: [HandleKey: ContactPhones] = [:]

    package init(version: UInt32) {
        self.version = version
    }
}
