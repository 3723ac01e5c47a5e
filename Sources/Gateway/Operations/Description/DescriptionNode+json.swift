extension DescriptionNode {
    /// As JSON, without space between its parts.
    var json: [UInt8] {
        var text = ""
        write(to: &text, indentation: nil)
        return Array(text.utf8)
    }

    /// As JSON for people: a line for each member, but what is short and flat stays on one.
    var readable: String {
        var text = ""
        write(to: &text, indentation: 0)
        return text
    }

    /// Characters of what `readable` leaves on one line.
    private static let shortLine = 76

    private func write(to text: inout String, indentation: Int?) {
        switch self {
        case .null: text += "null"
        case .bool(let value): text += value ? "true" : "false"
        case .integer(let value): text += String(value)
        case .number(let value): text += value.description
        case .string(let value): Self.quote(value, to: &text)
        case .list(let items):
            Self.write("[", items.map { (nil, $0) }, "]", to: &text, indentation)
        case .mapping(let members):
            Self.write("{", members.map { ($0.name, $0.value) }, "}", to: &text, indentation)
        }
    }

    private static func write(
        _ open: String, _ parts: [(name: String?, value: DescriptionNode)], _ close: String, to text: inout String,
        _ indentation: Int?
    ) {
        if let indentation, !parts.allSatisfy(\.value.isLeaf) || fullLine(parts) > shortLine - indentation {
            let inner = indentation + 2
            let lineBreak = "\n" + String(repeating: " ", count: inner)
            join(open + lineBreak, parts, "," + lineBreak, ": ", to: &text, inner)
            text += "\n" + String(repeating: " ", count: indentation) + close
        } else if indentation != nil {
            join(open, parts, ", ", ": ", to: &text, nil)
            text += close
        } else {
            join(open, parts, ",", ":", to: &text, nil)
            text += close
        }
    }

    private static func join(
        _ open: String, _ parts: [(name: String?, value: DescriptionNode)], _ comma: String, _ colon: String,
        to text: inout String, _ indentation: Int?
    ) {
        text += open
        for (index, part) in parts.enumerated() {
            if index > 0 { text += comma }
            if let name = part.name {
                quote(name, to: &text)
                text += colon
            }
            part.value.write(to: &text, indentation: indentation)
        }
    }

    /// Whether it holds nothing.
    private var isLeaf: Bool { members.isEmpty && items.isEmpty }

    /// Characters of them all on one line.
    private static func fullLine(_ parts: [(name: String?, value: DescriptionNode)]) -> Int {
        var line = ""
        join("{", parts, ", ", ": ", to: &line, nil)
        return line.count + 1
    }

    /// RFC 8259, 7.
    private static func quote(_ value: String, to text: inout String) {
        text += "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case "\u{0}"..<"\u{20}":
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}
