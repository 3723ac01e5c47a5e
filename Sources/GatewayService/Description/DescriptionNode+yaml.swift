package import Gateway
package import Yams

extension DescriptionNode {
    /// A node of YAML by the core schema of YAML 1.2, which is JSON's: `yes` is a text, and so is a time.
    package init(_ node: Node?) {
        switch node {
        case .mapping(let mapping):
            self = .mapping(mapping.map { Member($0.key.scalar?.string ?? "", DescriptionNode($0.value)) })
        case .sequence(let items): self = .list(items.map { DescriptionNode($0) })
        case .scalar(let scalar): self = DescriptionNode(scalar)
        case .alias, nil: self = .null
        }
    }

    private init(_ scalar: Node.Scalar) {
        let text = scalar.string
        guard scalar.style == .plain || scalar.style == .any else {
            self = .string(text)
            return
        }
        switch text {
        case "", "~", "null", "Null", "NULL": self = .null
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
