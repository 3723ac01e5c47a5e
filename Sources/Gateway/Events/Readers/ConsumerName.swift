import ByteText

/// The name of a reader whose position the gateway keeps: `[A-Za-z0-9._-]{1,64}`.
struct ConsumerName: BytewiseText {
    let text: String

    private static let longest = 64

    /// Throws `Problem` on what is no name.
    init(parsing text: String) throws(Problem) {
        guard (1...Self.longest).contains(text.utf8.count), text.utf8.allSatisfy(Self.isNameByte) else {
            throw Problem(
                .invalidRequest,
                "The query parameter consumer has to be 1 to \(Self.longest) letters, digits, dots, underscores or hyphens."
            )
        }
        self.text = text
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
