// The lists, and what changes them (docs/protocol.md#lists, #editing).

extension ClientCommand {
    /// Asks for all lists and settings, unless they are still those of a version that we know.
    ///
    ///     C: SYN 8 5
    enum SYN: ParsedForm {
        static let name = "SYN"
        static let shown = ShownParameters.first(2)

        static func parse(_ reader: inout ParameterReader) throws(ParseError) -> ClientCommand {
            .synchronize(try reader.transaction(), version: try reader.number())
        }

        static func frame(_ transaction: TransactionID, version: UInt32) -> Frame {
            Frame(name, transaction, [String(version)])
        }
    }

    /// Asks for one list.
    ///
    ///     C: LST 9 FL
    enum LST: ParsedForm {
        static let name = "LST"
        static let shown = ShownParameters.first(2)
        static let isOptional = true

        static func parse(_ reader: inout ParameterReader) throws(ParseError) -> ClientCommand {
            .requestList(try reader.transaction(), try reader.value(ListName.self))
        }

        static func frame(_ transaction: TransactionID, _ list: ListName) -> Frame {
            Frame(name, transaction, [list.rawValue])
        }
    }

    /// Puts somebody on a list.
    ///
    ///     C: ADD 13 AL dave@example.com Dave
    enum ADD: ParsedForm {
        static let name = "ADD"
        static let shown = ShownParameters.first(4)
        static let isOptional = true

        static func parse(_ reader: inout ParameterReader) throws(ParseError) -> ClientCommand {
            let transaction = try reader.transaction()
            let list = try reader.value(ListName.self)
            let handle = try reader.plainHandle()
            return .add(transaction, list, ListMember(handle: handle, name: try reader.optionalText() ?? handle))
        }

        static func frame(_ transaction: TransactionID, _ list: ListName, _ member: ListMember) -> Frame {
            Frame(name, transaction, [list.rawValue, member.handle, PercentEncoding.encode(member.name)])
        }
    }

    /// Takes somebody off a list.
    ///
    ///     C: REM 17 FL dave@example.com
    enum REM: ParsedForm {
        static let name = "REM"
        static let shown = ShownParameters.first(3)
        static let isOptional = true

        static func parse(_ reader: inout ParameterReader) throws(ParseError) -> ClientCommand {
            .remove(try reader.transaction(), try reader.value(ListName.self), handle: try reader.plainHandle())
        }

        static func frame(_ transaction: TransactionID, _ list: ListName, handle: String) -> Frame {
            Frame(name, transaction, [list.rawValue, handle])
        }
    }

    /// Changes the own name, or the one that our lists have for a contact.
    ///
    ///     C: REA 19 alice@example.com Alice
    enum REA: ParsedForm {
        static let name = "REA"
        static let shown = ShownParameters.first(3)
        static let isOptional = true

        static func parse(_ reader: inout ParameterReader) throws(ParseError) -> ClientCommand {
            .rename(try reader.transaction(), ListMember(handle: try reader.plainHandle(), name: try reader.text()))
        }

        static func frame(_ transaction: TransactionID, _ member: ListMember) -> Frame {
            Frame(name, transaction, [member.handle, PercentEncoding.encode(member.name)])
        }
    }
}

extension ServerCommand {
    /// The version of the lists; they follow unless we have that version.
    ///
    ///     S: SYN 8 9
    enum SYN: ParsedForm {
        static let name = "SYN"
        static let shown = ShownParameters.first(2)

        static func parse(_ reader: inout ParameterReader) throws(ParseError) -> ServerCommand {
            .synchronization(try reader.transaction(), version: try reader.number())
        }

        static func frame(_ transaction: TransactionID, version: UInt32) -> Frame {
            Frame(name, transaction, [String(version)])
        }
    }

    /// One line of a list, or that it is empty.
    ///
    ///     S: LST 8 FL 9 1 2 bob@example.com Bob%20B.
    ///     S: LST 8 BL 9 0 0
    enum LST: ParsedForm {
        static let name = "LST"
        static let shown = ShownParameters.first(7)

        static func parse(_ reader: inout ParameterReader) throws(ParseError) -> ServerCommand {
            let transaction = try reader.transaction()
            let list = try reader.value(ListName.self)
            let version = try reader.number()
            let index = try reader.number()
            let count = try reader.number()
            let member = count == 0 ? nil : try reader.member()
            return .list(
                transaction, ListEntry(list: list, version: version, index: index, count: count, member: member))
        }

        static func frame(_ transaction: TransactionID, _ entry: ListEntry) -> Frame {
            Frame(
                name, transaction,
                [entry.list.rawValue, String(entry.version), String(entry.index), String(entry.count)]
                    + (entry.member?.parameters ?? []))
        }
    }

    /// Somebody is on a list now; some servers leave the list version out (docs/protocol.md#list-version).
    ///
    ///     S: ADD 0 RL 10 frank@example.com Frank
    enum ADD: ParsedForm {
        static let name = "ADD"
        static let shown = ShownParameters.first(5)

        static func parse(_ reader: inout ParameterReader) throws(ParseError) -> ServerCommand {
            let transaction = try reader.transaction()
            let list = try reader.value(ListName.self)
            let version = reader.optionalNumber()
            return .added(transaction, list, version: version, try reader.member(after: version))
        }

        static func frame(
            _ transaction: TransactionID, _ list: ListName, version: UInt32?, _ member: ListMember
        ) -> Frame {
            Frame(name, transaction, [list.rawValue] + Frame.number(version) + member.parameters)
        }
    }

    /// Somebody is no longer on a list; one document's answers lack the handle, which who asked knows
    /// (docs/protocol.md#editing).
    ///
    ///     S: REM 0 RL 16 bob@example.com
    enum REM: ParsedForm {
        static let name = "REM"
        static let shown = ShownParameters.first(4)

        static func parse(_ reader: inout ParameterReader) throws(ParseError) -> ServerCommand {
            let transaction = try reader.transaction()
            let list = try reader.value(ListName.self)
            let version = reader.optionalNumber()
            let isAnswer = transaction != .unsolicited
            let handle = isAnswer && reader.remaining == 0 ? "" : try reader.handle(after: version)
            return .removed(transaction, list, version: version, handle: handle)
        }

        static func frame(
            _ transaction: TransactionID, _ list: ListName, version: UInt32?, handle: String
        ) -> Frame {
            Frame(
                name, transaction, [list.rawValue] + Frame.number(version) + [PercentEncoding.encode(handle)])
        }
    }

    /// The own name, or the one that our lists have for a contact, is another now.
    ///
    ///     S: REA 19 17 alice@example.com Alice
    enum REA: ParsedForm {
        static let name = "REA"
        static let shown = ShownParameters.first(4)

        static func parse(_ reader: inout ParameterReader) throws(ParseError) -> ServerCommand {
            let transaction = try reader.transaction()
            let version = reader.optionalNumber()
            return .renamed(transaction, version: version, try reader.member(after: version))
        }

        static func frame(_ transaction: TransactionID, version: UInt32?, _ member: ListMember) -> Frame {
            Frame(name, transaction, Frame.number(version) + member.parameters)
        }
    }
}

extension ParameterReader {
    /// A handle where a list version may have been left out: then its `@` is what tells it from nonsense.
    fileprivate mutating func handle(after version: UInt32?) throws(ParseError) -> String {
        let handle = try handle()
        guard version != nil || handle.utf8.contains(UInt8(ascii: "@")) else { throw invalid() }
        return handle
    }

    fileprivate mutating func member(after version: UInt32?) throws(ParseError) -> ListMember {
        ListMember(handle: try handle(after: version), name: try text())
    }
}
