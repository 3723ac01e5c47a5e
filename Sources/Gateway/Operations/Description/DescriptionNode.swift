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
