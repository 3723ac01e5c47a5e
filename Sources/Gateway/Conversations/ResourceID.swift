import ByteText

/// How the API names conversations and messages: `Yk2vQ8-a.c3`, opaque to callers.
///
/// It begins with the epoch of the session's journal, so that no two sessions ever give out the same one.
struct ResourceID: Sendable, Equatable {
    enum Kind: Character, Sendable {
        case conversation = "c"
        case message = "m"
    }

    /// Bytes of one; the longest that is given out has 30.
    private static let longest = 64

    let epoch: String
    let kind: Kind
    let number: UInt64

    var text: String { "\(epoch).\(kind.rawValue)\(number)" }

    init(epoch: String, _ kind: Kind, _ number: UInt64) {
        self.epoch = epoch
        self.kind = kind
        self.number = number
    }

    /// Nil for a text that nothing of this kind was ever named in that epoch.
    init?(parsing text: String, epoch: String, _ kind: Kind) {
        let bytes = text.utf8
        guard bytes.count <= Self.longest, let dot = bytes.lastIndex(of: UInt8(ascii: ".")),
            let number = UInt64(Substring(bytes[dot...].dropFirst(2)))
        else { return nil }
        self.init(epoch: epoch, kind, number)
        // One spelling for each: no other epoch, no sign, no leading zero.
        guard ASCII.equals(self.text, text) else { return nil }
    }
}
