import ByteText

/// A position among a source's events: everything up to and including `sequence` has been read.
///
/// As text it is opaque to callers: `<epoch>.<sequence>`, in `[A-Za-z0-9._~-]{1,64}`. The epoch is the journal's own, so
/// that a cursor of another session or of another life of the gateway is recognised instead of being misread.
struct Cursor: Sendable, Equatable {
    /// Whose events; by what its text begins with, so that one can't be taken for the other.
    enum Kind: String {
        case session = ""
        /// Those of all sessions of a key.
        case feed = "f."
    }

    let kind: Kind
    let epoch: String
    var sequence: UInt64

    /// Letters in an epoch: 47 random bits, enough that two journals never share one.
    static let epochLength = 8
    /// Bytes of a cursor, one of a feed too; those that are given out have at most 31.
    static let longest = 64

    var text: String { "\(kind.rawValue)\(epoch).\(sequence)" }

    init(_ kind: Kind = .session, epoch: String, sequence: UInt64) {
        self.kind = kind
        self.epoch = epoch
        self.sequence = sequence
    }

    /// Nil for a text that no such source ever gave out.
    init?(parsing text: Substring, of kind: Kind = .session) {
        guard text.utf8.count <= Self.longest, text.utf8.starts(with: kind.rawValue.utf8) else { return nil }
        let rest = text.utf8.dropFirst(kind.rawValue.utf8.count)
        let first = rest.prefix(while: Self.isEpochByte)
        let number = Substring(rest.dropFirst(first.count + 1))
        guard first.count == Self.epochLength, rest.dropFirst(first.count).first == UInt8(ascii: "."),
            // One spelling for each position: no sign, no leading zero.
            let sequence = UInt64(number), ASCII.equals(String(sequence), number)
        else { return nil }
        self.kind = kind
        epoch = String(Substring(first))
        self.sequence = sequence
    }

    /// The same of a whole text.
    init?(parsing text: String, of kind: Kind = .session) { self.init(parsing: text[...], of: kind) }

    /// Appends what `text` has.
    func append(to bytes: inout [UInt8]) {
        bytes.append(contentsOf: kind.rawValue.utf8)
        bytes.append(contentsOf: epoch.utf8)
        bytes.append(UInt8(ascii: "."))
        bytes.append(contentsOf: String(sequence).utf8)
    }

    /// An epoch for a new journal.
    static func makeEpoch() -> String { RandomName.make(byteCount: epochLength * 3 / 4) }

    /// Whether a text has the form of an epoch.
    static func isEpoch(_ text: String) -> Bool {
        text.utf8.count == epochLength && text.utf8.allSatisfy(isEpochByte)
    }

    private static func isEpochByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}

extension Cursor: JSONWritable {
    func write(to json: inout JSONWriter) { json.plain { append(to: &$0) } }
}
