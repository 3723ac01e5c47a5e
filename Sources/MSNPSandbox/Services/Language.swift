import ByteText
import Encodings
import MSNP

/// A Windows language identifier (LCID), as `URL` and `CVR` carry it: `0x0409`, or the same in decimal.
struct Language: Equatable, Sendable {
    let identifier: UInt16

    /// US English, the language of every sandbox account.
    static let english = Language(identifier: 0x0409)

    init(identifier: UInt16) {
        self.identifier = identifier
    }

    /// Nil for what isn't 1 … 65535.
    init?(parsing text: String) {
        guard text.utf8.count <= WireLimits.word else { return nil }
        let isHexadecimal = ASCII.equalsFolded(Substring(text.utf8.prefix(2)), "0x")
        let digits = Substring(text.utf8.dropFirst(isHexadecimal ? 2 : 0))
        // Digits only: UInt16 would also take a sign.
        guard digits.utf8.first != UInt8(ascii: "+"), let value = UInt16(digits, radix: isHexadecimal ? 16 : 10),
            value > 0
        else { return nil }
        identifier = value
    }

    var decimal: String { String(identifier) }

    /// `0x` and four digits.
    var hexadecimal: String { "0x" + Hexadecimal.padded(UInt32(identifier), to: 4) }
}
