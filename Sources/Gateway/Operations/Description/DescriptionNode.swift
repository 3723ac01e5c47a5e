/// A part of the API's description, with its members in the order in which they were written.
package indirect enum DescriptionNode: Sendable, Equatable {
    /// A name and what it stands for.
    package struct Member: Sendable, Equatable {
        package let name: String
        package let value: DescriptionNode

        package init(_ name: String, _ value: DescriptionNode) {
            self.name = name
            self.value = value
        }
    }

    case null
    case bool(Bool)
    case integer(Int)
    case number(Double)
    case string(String)
    case list([DescriptionNode])
    case mapping([Member])

    subscript(_ name: String) -> DescriptionNode? { members.first { $0.name == name }?.value }

    /// None for anything but a mapping.
    var members: [Member] { if case .mapping(let members) = self { members } else { [] } }

    /// None for anything but a list.
    var items: [DescriptionNode] { if case .list(let items) = self { items } else { [] } }

    var text: String? { if case .string(let text) = self { text } else { nil } }

    var isTrue: Bool { self == .bool(true) }

    /// What a reference within this description (`#/components/…`) stands for.
    func target(of reference: String) -> DescriptionNode? {
        var node = self
        for step in reference.split(separator: "/").dropFirst() {
            let name = step.split(separator: "~1", omittingEmptySubsequences: false).joined(separator: "/")
                .split(separator: "~0", omittingEmptySubsequences: false).joined(separator: "~")
            guard let next = node[name] else { return nil }
            node = next
        }
        return node
    }
}

extension DescriptionNode: JSONWritable {
    /// As JSON, without space between its parts.
    package func write(to json: inout JSONWriter) {
        switch self {
        case .null: json.literal("null")
        case .bool(let value): value.write(to: &json)
        case .integer(let value): value.write(to: &json)
        case .number(let value): json.literal(value.description)
        case .string(let value): json.string(value)
        case .list(let items): items.write(to: &json)
        case .mapping(let members):
            json.object { json in for member in members { json.member(member.name, member.value) } }
        }
    }
}

extension DescriptionNode {
    /// As JSON for people: a line for each member, but what is short and flat stays on one.
    var readable: String {
        var text = ""
        write(to: &text, indentation: 0)
        return text
    }

    /// Characters of what `readable` leaves on one line.
    private static let shortLine = 76

    private func write(to text: inout String, indentation: Int) {
        switch self {
        case .list(let items): Self.write("[", items.map { ("", $0) }, "]", to: &text, indentation)
        case .mapping(let members):
            let parts = members.map { (JSONWriter.text(of: $0.name) + ": ", $0.value) }
            Self.write("{", parts, "}", to: &text, indentation)
        default: text += JSONWriter.text(of: self)
        }
    }

    private static func write(
        _ open: String, _ parts: [(label: String, value: DescriptionNode)], _ close: String, to text: inout String,
        _ indentation: Int
    ) {
        let isFlat = parts.allSatisfy { $0.value.isLeaf }
        let line = isFlat ? open + parts.map { $0.label + $0.value.readable }.joined(separator: ", ") + close : ""
        guard !isFlat || line.count > shortLine - indentation else {
            text += line
            return
        }
        let inner = "\n" + String(repeating: " ", count: indentation + 2)
        text += open
        for (index, part) in parts.enumerated() {
            text += (index > 0 ? "," : "") + inner + part.label
            part.value.write(to: &text, indentation: indentation + 2)
        }
        text += inner.dropLast(2) + close
    }

    /// Whether it holds nothing.
    private var isLeaf: Bool { members.isEmpty && items.isEmpty }
}
