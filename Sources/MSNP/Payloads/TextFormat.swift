package import ByteText
import Encodings

/// How a text is to look: `X-MMS-IM-Format` (docs/protocol.md#text).
///
///     X-MMS-IM-Format: FN=Arial; EF=I; CO=ff; CS=0; PF=22
package struct TextFormat: Equatable, Sendable {
    /// Nil for the receiver's own.
    @Bytewise package private(set) var font: String? = nil
    package var isBold: Bool
    package var isItalic: Bool
    package var isUnderlined: Bool
    package var isStruckThrough: Bool
    /// Nil for the receiver's own.
    package var color: TextColor?
    /// The number of a Windows character set, which receivers need for fonts of symbols.
    package var characterSet: UInt8?
    /// The pitch of the font in the low nibble, its family in the high one.
    package var pitchAndFamily: UInt8?
    package var isRightToLeft: Bool

    /// UTF-16 units in the name of a font: Windows keeps 32, the terminator included.
    package static let longestFont = 31

    /// Accepts a font with a name that can be one; throws otherwise.
    package init(
        font: String? = nil, isBold: Bool = false, isItalic: Bool = false, isUnderlined: Bool = false,
        isStruckThrough: Bool = false, color: TextColor? = nil, isRightToLeft: Bool = false
    ) throws(TextFormatError) {
        if let font, !Self.isFont(font) { throw .invalidFont }
        self.font = font
        self.isBold = isBold
        self.isItalic = isItalic
        self.isUnderlined = isUnderlined
        self.isStruckThrough = isStruckThrough
        self.color = color
        self.isRightToLeft = isRightToLeft
    }

    /// Reads the header's value; fields that are malformed or unknown count as absent, each on its own.
    package init(parsing value: String) {
        (isBold, isItalic, isUnderlined, isStruckThrough, isRightToLeft) = (false, false, false, false, false)
        // By bytes: with a combining mark behind it a semicolon would be another Character.
        for field in value.utf8.split(separator: UInt8(ascii: ";")) {
            let halves = field.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard halves.count == 2 else { continue }
            let name = Substring(halves[0]).trimmingBlanks
            guard name.utf8.count <= WireLimits.fieldName else { continue }
            let value = Substring(halves[1]).trimmingBlanks
            switch FoldedText(name) {
            case "FN":
                let name = PercentEncoding.decode(String(value))
                if Self.isFont(name) { font = font ?? name }
            case "EF": setEffects(value)
            case "CO": color = color ?? TextColor(wire: value)
            case "CS": characterSet = characterSet ?? Hexadecimal.number(value, most: 2).flatMap(UInt8.init(exactly:))
            case "PF":
                pitchAndFamily = pitchAndFamily ?? Hexadecimal.number(value, most: 2).flatMap(UInt8.init(exactly:))
            case "RL": isRightToLeft = ASCII.equals(value, "1")
            default: continue
            }
        }
    }

    /// What `init(parsing:)` makes the same format of: the fields that it has, and no other.
    package var kept: String {
        var fields = font.map { ["FN=" + Self.field($0)] } ?? []
        if !effects.isEmpty { fields.append("EF=" + effects) }
        if let color { fields.append("CO=" + color.wire) }
        if let characterSet { fields.append("CS=" + String(characterSet, radix: 16)) }
        if let pitchAndFamily { fields.append("PF=" + String(pitchAndFamily, radix: 16)) }
        if isRightToLeft { fields.append("RL=1") }
        return fields.joined(separator: ";")
    }

    /// The header's value, with every field that clients of the time always sent.
    package var headerValue: String {
        "FN=\(Self.field(font ?? Self.usualFont)); EF=\(effects); CO=\(color?.wire ?? "0"); CS=\(String(characterSet ?? 0, radix: 16)); "
            + "PF=\(String(pitchAndFamily ?? 0, radix: 16))" + (isRightToLeft ? "; RL=1" : "")
    }

    /// The letters of the effects that it has.
    private var effects: String {
        var effects = ""
        if isBold { effects += "B" }
        if isItalic { effects += "I" }
        if isUnderlined { effects += "U" }
        if isStruckThrough { effects += "S" }
        return effects
    }

    /// A font's name as it stands in its field, which a semicolon would end.
    private static func field(_ font: String) -> String {
        PercentEncoding.encode(font).split(separator: ";", omittingEmptySubsequences: false).joined(separator: "%3B")
    }

    /// The official client's font until its user chooses one; receivers expect a name.
    private static let usualFont = "MS Sans Serif"

    private mutating func setEffects(_ letters: Substring) {
        for letter in letters.utf8 {
            switch letter {
            case UInt8(ascii: "B"), UInt8(ascii: "b"): isBold = true
            case UInt8(ascii: "I"), UInt8(ascii: "i"): isItalic = true
            case UInt8(ascii: "U"), UInt8(ascii: "u"): isUnderlined = true
            case UInt8(ascii: "S"), UInt8(ascii: "s"): isStruckThrough = true
            default: continue
            }
        }
    }

    private static func isFont(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= longestFont * 3 && name.utf16.count <= longestFont
            && DisplayText.isFit(name)
    }
}

extension StringProtocol {
    /// Without spaces and tabs at its ends.
    var trimmingBlanks: Substring {
        func isBlank(_ scalar: Unicode.Scalar) -> Bool { scalar == " " || scalar == "\t" }
        let scalars = unicodeScalars
        guard let first = scalars.firstIndex(where: { !isBlank($0) }),
            let last = scalars.lastIndex(where: { !isBlank($0) })
        else { return "" }
        return Substring(self[first..<scalars.index(after: last)])
    }
}

/// The colour of a text.
package struct TextColor: Equatable, Sendable, CustomStringConvertible {
    /// From 0 to 255.
    package var red: UInt8
    /// From 0 to 255.
    package var green: UInt8
    /// From 0 to 255.
    package var blue: UInt8

    package init(red: UInt8, green: UInt8, blue: UInt8) {
        self.red = red
        self.green = green
        self.blue = blue
    }

    /// Reads `#rrggbb`, in either case; nil for anything else.
    package init?(_ text: String) {
        guard text.utf8.first == UInt8(ascii: "#"), text.utf8.count == 7,
            let value = Hexadecimal.number(text.dropFirst(), most: 6)
        else { return nil }
        self.init(
            red: UInt8(truncatingIfNeeded: value >> 16), green: UInt8(truncatingIfNeeded: value >> 8),
            blue: UInt8(truncatingIfNeeded: value))
    }

    /// Reads the wire's form: blue, green, red, its leading zeros left out or not (docs/protocol.md#text).
    init?(wire text: some StringProtocol) {
        guard let value = Hexadecimal.number(text, most: 6) else { return nil }
        self.init(
            red: UInt8(truncatingIfNeeded: value), green: UInt8(truncatingIfNeeded: value >> 8),
            blue: UInt8(truncatingIfNeeded: value >> 16))
    }

    /// `ff` for red, `ff0000` for blue, `0` for black.
    var wire: String { String(UInt32(blue) << 16 | UInt32(green) << 8 | UInt32(red), radix: 16) }

    /// `#rrggbb`, in lower case.
    package var description: String { "#" + Hexadecimal.encode([red, green, blue]) }
}

/// Why a format can't be sent.
package enum TextFormatError: Error, Equatable, Sendable {
    /// Empty, longer than `TextFormat.longestFont`, or with a control character.
    case invalidFont
}
