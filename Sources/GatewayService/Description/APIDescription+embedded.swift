import COpenAPI
package import Gateway
package import YAML

extension APIDescription {
    /// The one that the program was built with, so that a program and what describes it never part.
    package static var embedded: APIDescription {
        APIDescription(yaml: { bytes() }) {
            DescriptionNode(try YAMLNode.parse(String(decoding: bytes(), as: UTF8.self)))
        }
    }

    private static func bytes() -> [UInt8] {
        var count = 0
        // Constant, in the program itself, and of that size.
        return unsafe Array(UnsafeBufferPointer(start: msnp_gateway_openapi(&count), count: count))
    }
}

extension DescriptionNode {
    /// A node of YAML by the core schema of YAML 1.2, which is JSON's: `yes` is a text, and so is a time.
    ///
    /// Nil is a text without a document.
    package init(_ node: YAMLNode?) {
        switch node?.content {
        case .mapping(let members):
            self = .mapping(members.map { Member($0.key.text ?? "", DescriptionNode($0.value)) })
        case .list(let items): self = .list(items.map { DescriptionNode($0) })
        case .scalar(let text, isPlain: false): self = .string(text)
        case .scalar(let text, isPlain: true): self = node?.isNull == true ? .null : DescriptionNode(plain: text)
        case nil: self = .null
        }
    }

    private init(plain text: String) {
        switch text {
        case "true", "True", "TRUE": self = .bool(true)
        case "false", "False", "FALSE": self = .bool(false)
        default:
            if let integer = Self.integer(text) {
                self = .integer(integer)
            } else if text.first?.isLetter == false, let number = Double(text), number.isFinite {
                self = .number(number)
            } else {
                self = .string(text)
            }
        }
    }

    private static func integer(_ text: String) -> Int? {
        if text.hasPrefix("0x") { return Int(text.dropFirst(2), radix: 16) }
        if text.hasPrefix("0o") { return Int(text.dropFirst(2), radix: 8) }
        return Int(text)
    }
}
