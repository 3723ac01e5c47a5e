import MSNP

/// How a text is to look, as the API shows it.
struct FormatResource: Encodable, Sendable, Equatable {
    let font: String?
    let bold: Bool
    let italic: Bool
    let underline: Bool
    let strikethrough: Bool
    let color: String?
    let rightToLeft: Bool

    init(_ format: TextFormat) {
        font = format.font
        bold = format.isBold
        italic = format.isItalic
        underline = format.isUnderlined
        strikethrough = format.isStruckThrough
        color = format.color?.description
        rightToLeft = format.isRightToLeft
    }
}
