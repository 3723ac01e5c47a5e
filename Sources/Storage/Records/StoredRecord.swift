import ByteText

/// A value that a store keeps under a key: a row of its table.
///
/// Each kind says once what its columns are. Whatever keeps records (memory, SQLite, another engine) reads that, and knows
/// nothing of what they mean.
package protocol StoredRecord: Equatable, Sendable {
    static var table: RecordTable { get }

    /// In the order of the table's columns.
    var values: [StoredValue] { get }

    /// Takes the values out of a row, in the same order; throws `StoreError.damaged` for one that is no such record.
    init(from row: inout StoredRow) throws(StoreError)
}

extension StoredRecord {
    /// Whether both have the same bytes in each column.
    package static func == (left: Self, right: Self) -> Bool { left.values == right.values }

    /// What names it among all records.
    package var key: RecordKey { RecordKey(Self.table, Array(values.prefix(Self.table.keys))) }

    /// The record of a row; throws `StoreError.damaged`.
    package init(_ values: [StoredValue]) throws(StoreError) {
        var row = StoredRow(Self.table, values)
        self = try Self(from: &row)
        try row.end()
    }
}

/// One value of a row.
package enum StoredValue: Hashable, Sendable {
    case null
    case integer(Int64)
    case text(String)
    case bytes([UInt8])

    package static func == (left: Self, right: Self) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.integer(let left), .integer(let right)): left == right
        case (.text(let left), .text(let right)): ASCII.equals(left, right)
        case (.bytes(let left), .bytes(let right)): left == right
        default: false
        }
    }

    package func hash(into hasher: inout Hasher) {
        switch self {
        case .null: hasher.combine(0)
        case .integer(let value): hasher.combine(value)
        case .text(let text): ByteText(text).hash(into: &hasher)
        case .bytes(let bytes): hasher.combine(bytes)
        }
    }

    package init(_ text: String?) { self = text.map(StoredValue.text) ?? .null }

    package init(_ bytes: [UInt8]?) { self = bytes.map(StoredValue.bytes) ?? .null }

    package init(_ number: Int64?) { self = number.map(StoredValue.integer) ?? .null }

    package init(_ flag: Bool?) { self = flag.map { .integer($0 ? 1 : 0) } ?? .null }

    /// The same 64 bits, as no engine has numbers without a sign.
    package init(_ number: UInt64?) { self = number.map { .integer(Int64(bitPattern: $0)) } ?? .null }
}

/// What a table is called and what its rows have.
package struct RecordTable: Sendable {
    /// One column.
    package struct Column: Equatable, Sendable {
        /// What its values are.
        package enum Kind: Sendable {
            case integer, text, bytes
        }

        package let name: String
        package let kind: Kind
        package let isOptional: Bool
    }

    package let name: String
    /// Those of the key first.
    package let columns: [Column]
    /// How many of the columns are the key.
    package let keys: Int

    /// - Parameters:
    ///   - keys: columns of the key; `session` is the first where records belong to one.
    ///   - others: the other columns, and whether they may be empty.
    package init(_ name: String, keys: [(String, Column.Kind)], _ others: [(String, Column.Kind, Bool)]) {
        self.name = name
        self.keys = keys.count
        columns =
            keys.map { Column(name: $0.0, kind: $0.1, isOptional: false) }
            + others.map { Column(name: $0.0, kind: $0.1, isOptional: $0.2) }
    }

    /// Whether its records go when their session goes.
    package var isOfSession: Bool { columns.first?.name == Self.session }

    /// Whether its first column is the ID of a session.
    package var isAboutSession: Bool { isOfSession || name == StoredSession.table.name }

    /// What the first column of such a table is called.
    package static let session = "session"

    /// All tables, in the order in which a copy is filled.
    package static let all: [any StoredRecord.Type] = [
        StoredSession.self, StoredContact.self, StoredSettings.self, StoredConversation.self, StoredParticipant.self,
        StoredMessage.self, StoredToken.self, StoredConsumer.self, StoredNumbers.self, StoredCall.self,
        StoredFeed.self, StoredFeedConsumer.self, StoredWebhook.self, StoredDelivery.self,
    ]
}

/// What names a record.
package struct RecordKey: Hashable, Sendable {
    package let table: String
    /// The values of the key's columns.
    package let values: [StoredValue]

    package init(_ table: RecordTable, _ values: [StoredValue]) {
        self.table = table.name
        self.values = values
    }
}

/// The values of a row, taken out one after the other.
package struct StoredRow: Sendable {
    private let table: RecordTable
    private let values: [StoredValue]
    private var next = 0

    /// 2^53 - 1: JSON has no larger number, and adding to it is no overflow.
    package static let mostCounted: Int64 = (1 << 53) - 1
    /// The end of the year 9999, in milliseconds since 1970.
    private static let lastTime: Int64 = 253_402_300_799_999

    package init(_ table: RecordTable, _ values: [StoredValue]) {
        self.table = table
        self.values = values
    }

    /// A text; throws `StoreError.damaged` where there is none.
    package mutating func text() throws(StoreError) -> String { try found(optionalText()) }

    /// A text of at most so many bytes; throws `StoreError.damaged` where there is none, or a longer one.
    package mutating func text(upTo longest: Int) throws(StoreError) -> String {
        let text = try text()
        guard text.utf8.count <= longest else { throw wrong() }
        return text
    }

    /// A text, or nil where the column is empty; throws `StoreError.damaged` for anything else.
    package mutating func optionalText() throws(StoreError) -> String? {
        switch take() {
        case .null: return nil
        case .text(let text): return text
        default: throw wrong()
        }
    }

    /// Bytes; throws `StoreError.damaged` where there are none.
    package mutating func bytes() throws(StoreError) -> [UInt8] { try found(optionalBytes()) }

    /// Bytes, or nil where the column is empty; throws `StoreError.damaged` for anything else.
    package mutating func optionalBytes() throws(StoreError) -> [UInt8]? {
        switch take() {
        case .null: return nil
        case .bytes(let bytes): return bytes
        default: throw wrong()
        }
    }

    /// A number; throws `StoreError.damaged` where there is none.
    package mutating func integer() throws(StoreError) -> Int64 { try found(optionalInteger()) }

    /// A number, or nil where the column is empty; throws `StoreError.damaged` for anything else.
    package mutating func optionalInteger() throws(StoreError) -> Int64? {
        switch take() {
        case .null: return nil
        case .integer(let number): return number
        default: throw wrong()
        }
    }

    /// What is counted; throws `StoreError.damaged` where there is no number, or one that nobody has counted up to.
    package mutating func number() throws(StoreError) -> UInt64 { try found(optionalNumber()) }

    /// The same, or nil where the column is empty; throws `StoreError.damaged` for anything else.
    package mutating func optionalNumber() throws(StoreError) -> UInt64? {
        guard let number = try optionalInteger() else { return nil }
        guard (0...Self.mostCounted).contains(number) else { throw wrong() }
        return UInt64(number)
    }

    /// Milliseconds since 1970, of which RFC 3339 has a text; throws `StoreError.damaged` for anything else.
    package mutating func time() throws(StoreError) -> Int64 { try found(optionalTime()) }

    /// The same, or nil where the column is empty; throws `StoreError.damaged` for anything else.
    package mutating func optionalTime() throws(StoreError) -> Int64? {
        guard let time = try optionalInteger() else { return nil }
        guard (0...Self.lastTime).contains(time) else { throw wrong() }
        return time
    }

    /// Yes or no; throws `StoreError.damaged` for anything else.
    package mutating func flag() throws(StoreError) -> Bool { try found(optionalFlag()) }

    /// Yes or no, or nil where the column is empty; throws `StoreError.damaged` for anything else.
    package mutating func optionalFlag() throws(StoreError) -> Bool? {
        guard let number = try optionalInteger() else { return nil }
        guard number == 0 || number == 1 else { throw wrong() }
        return number == 1
    }

    /// One of a kind's words; throws `StoreError.damaged` for another.
    package mutating func word<Word: RawRepresentable<String>>(_: Word.Type) throws(StoreError) -> Word {
        try found(Word(rawValue: text()))
    }

    /// Throws `StoreError.damaged` where something is left.
    package func end() throws(StoreError) {
        guard next == values.count else { throw .damaged("a row of \(table.name) has \(values.count) values") }
    }

    private mutating func take() -> StoredValue {
        defer { next += 1 }
        return next < values.count ? values[next] : .null
    }

    /// Mutating, so that it sees the place at which the value was taken and not the one before.
    private mutating func found<Value>(_ value: Value?) throws(StoreError) -> Value {
        guard let value else { throw wrong() }
        return value
    }

    /// What of the row is not what belongs there.
    func damaged(_ what: String) -> StoreError { .damaged("\(table.name).\(what)") }

    /// What the value that was taken last is to be refused with: the place, and nothing of what stands there.
    package func wrong() -> StoreError {
        let column = next > 0 && next <= table.columns.count ? table.columns[next - 1].name : "?"
        return .damaged("\(table.name).\(column) is not what belongs there")
    }
}
