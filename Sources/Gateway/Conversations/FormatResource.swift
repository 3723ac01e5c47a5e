import MSNP

/// How a text is to look, as the API shows it.
struct FormatResource: JSONObject, Sendable, Equatable {
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

    func writeMembers(to json: inout JSONWriter) {
        json.member("bold", bold)
        json.member("color", color)
        json.member("font", font)
        json.member("italic", italic)
        json.member("rightToLeft", rightToLeft)
        json.member("strikethrough", strikethrough)
        json.member("underline", underline)
    }
}
